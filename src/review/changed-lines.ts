import type { FileDiff } from '../diff/file-diff.ts'

/** Which lines a patch brings and which it takes, by path after it and path before it. */
export type ChangedLines = {
  readonly isAdded: (path: string, line: number) => boolean
  readonly isDeleted: (path: string, line: number) => boolean
  /** The path after the patch of what was at `path` before it. */
  readonly renamed: (path: string) => string
  /** The path before the patch of what is at `path` after it. */
  readonly original: (path: string) => string
}

/** Reads off a diff which lines it changes and which files it renames. */
export function changedLines(files: readonly FileDiff[]): ChangedLines {
  const added = new Map<string, Set<number>>()
  const deleted = new Map<string, Set<number>>()
  const forth = new Map<string, string>()
  const back = new Map<string, string>()
  for (const file of files) {
    const lines = file.hunks.flatMap((hunk) => hunk.lines)
    if (file.newPath !== null) added.set(file.newPath, numbers(lines, 'add', 'newLine'))
    if (file.oldPath !== null) deleted.set(file.oldPath, numbers(lines, 'delete', 'oldLine'))
    if (file.kind !== 'rename' || file.oldPath === null || file.newPath === null) continue
    forth.set(file.oldPath, file.newPath)
    back.set(file.newPath, file.oldPath)
  }
  return {
    isAdded: (path, line) => added.get(path)?.has(line) ?? false,
    isDeleted: (path, line) => deleted.get(path)?.has(line) ?? false,
    renamed: (path) => forth.get(path) ?? path,
    original: (path) => back.get(path) ?? path,
  }
}

function numbers(
  lines: FileDiff['hunks'][number]['lines'],
  kind: 'add' | 'delete',
  side: 'oldLine' | 'newLine',
): Set<number> {
  return new Set(lines.flatMap((line) => (line.kind === kind && line[side] !== null ? [line[side]] : [])))
}
