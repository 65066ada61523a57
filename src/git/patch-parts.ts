import type { FileDiff } from '../diff/file-diff.ts'
import { splitLines } from '../diff/lines.ts'
import type { HunkText } from '../diff/read-hunks.ts'
import { scanDiff, type Section } from '../diff/scan-diff.ts'
import { fromBinaryString } from '../text/decode.ts'

/** One file of a patch as it is applied: what was parsed and judged, and the bytes of its hunks. */
export type PatchPart = {
  readonly file: FileDiff
  /** Lines are binary strings. */
  readonly hunks: readonly HunkText[]
  /** From `GIT binary patch` on; null where there is none. */
  readonly binary: string | null
}

/**
 * Brings the parsed files of a patch together with its bytes. Null where the two do not have the same files, as in a text
 * whose charset moves line ends about.
 */
export function partsOf(files: readonly FileDiff[], bytes: string): readonly PatchPart[] | null {
  const { sections } = scanDiff(bytes)
  if (sections.length !== files.length) return null
  const parts = files.flatMap((file, index): PatchPart[] => {
    const section = sections[index]
    if (section?.hunks.length !== file.hunks.length) return []
    return [{ file, hunks: section.hunks, binary: section.binary ? binaryOf(section, bytes) : null }]
  })
  return parts.length === files.length ? parts : null
}

function binaryOf(section: Section, bytes: string): string | null {
  const lines = splitLines(bytes)
  const all = Array.from({ length: section.end - section.start }, (_, index) => lines.at(section.start + index))
  const start = all.findIndex((line) => line.startsWith('GIT binary patch'))
  return start === -1
    ? null
    : all
        .slice(start)
        .map((line) => line.replace(/\r$/, '') + '\n')
        .join('')
}

/**
 * The parts as git writes a patch, made anew from what was parsed: git sees the files that were judged and no others,
 * whatever prefixes, preambles, line ends and prose the mail had.
 */
export function writeGitPatch(parts: readonly PatchPart[]): Uint8Array {
  return fromBinaryString(parts.map((part) => [...gitHeader(part.file), ''].join('\n') + bodyOf(part)).join(''))
}

/** The hunks of a part as `diff -u` writes them, of a file with a name of our choice. */
export function writeUnified(part: PatchPart, name: string): string {
  return `--- ${name}\n+++ ${name}\n${hunksOf(part)}`
}

function bodyOf(part: PatchPart): string {
  if (part.file.binary) return part.binary ?? `Binary files ${nameIn('a', part.file.oldPath)} and b differ\n`
  if (part.hunks.length === 0) return ''
  return `--- ${nameIn('a', part.file.oldPath)}\n+++ ${nameIn('b', part.file.newPath)}\n${hunksOf(part)}`
}

function hunksOf({ hunks }: PatchPart): string {
  const lines = hunks.flatMap(({ oldStart, oldCount, newStart, newCount, lines: body }) => [
    `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@`,
    // A context line that lost its blank on the way gets it back.
    ...body.map((line) => (line === '' || line === '\r' ? ` ${line}` : line)),
  ])
  return lines.map((line) => `${line}\n`).join('')
}

function gitHeader(file: FileDiff): readonly string[] {
  const { kind, oldPath, newPath, oldMode, newMode, oldBlob, newBlob, similarity } = file
  const names = `${nameIn('a', oldPath ?? newPath)} ${nameIn('b', newPath ?? oldPath)}`
  const modes =
    oldMode !== null && newMode !== null && oldMode !== newMode ? [`old mode ${oldMode}`, `new mode ${newMode}`] : []
  const sameMode = oldMode !== null && oldMode === newMode ? ` ${oldMode}` : ''
  return [
    `diff --git ${names}`,
    ...(kind === 'add' ? [`new file mode ${newMode ?? '100644'}`] : []),
    ...(kind === 'delete' ? [`deleted file mode ${oldMode ?? '100644'}`] : []),
    ...modes,
    ...(similarity === null ? [] : [`similarity index ${similarity}%`]),
    ...(kind === 'rename' || kind === 'copy'
      ? [`${kind} from ${quoted(oldPath ?? '')}`, `${kind} to ${quoted(newPath ?? '')}`]
      : []),
    ...(oldBlob === null || newBlob === null ? [] : [`index ${oldBlob}..${newBlob}${sameMode}`]),
  ]
}

function nameIn(side: 'a' | 'b', path: string | null): string {
  return path === null ? '/dev/null' : quoted(`${side}/${path}`)
}

/** A name as git's quote.c writes it; plain where it has nothing to quote. */
function quoted(name: string): string {
  if (/^[\w./+,=@%^-]+$/.test(name)) return name
  const bytes = Buffer.from(name, 'utf8')
  const octal = [...bytes].map((byte) =>
    byte < 33 || byte > 126 || byte === 34 || byte === 92
      ? `\\${byte.toString(8).padStart(3, '0')}`
      : String.fromCharCode(byte),
  )
  return `"${octal.join('')}"`
}
