import type { FileDiff, Hunk } from '../diff/file-diff.ts'
import { standsIn } from '../diff/match-hunk.ts'
import type { GitTree } from './tree.ts'

/**
 * Whether a patch could be in a tree already: every file is as it leaves it as far as a look at names and lines tells.
 * Most patches are not, and git need not be asked whether their reverse applies.
 */
export function mayBeIn(tree: GitTree, files: readonly FileDiff[]): boolean {
  return files.every((file) => {
    const isMoved = file.oldPath !== file.newPath && file.kind !== 'copy'
    if (isMoved && file.oldPath !== null && tree.item(file.oldPath) !== null) return false
    if (file.newPath === null) return true
    const item = tree.item(file.newPath)
    if (item === null || (file.newMode !== null && item.mode !== file.newMode)) return false
    if (file.binary) return file.newBlob !== null && item.id.startsWith(file.newBlob)
    const lines = tree.read(file.newPath)?.split('\n')
    return lines === undefined || file.hunks.every((hunk) => standsIn(newLines(hunk), lines))
  })
}

function newLines(hunk: Hunk): readonly string[] {
  return hunk.lines.filter(({ kind }) => kind !== 'delete').map(({ text }) => text)
}
