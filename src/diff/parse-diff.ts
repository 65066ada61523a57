import type { Diff, DiffProblem, FileDiff, Hunk } from './file-diff.ts'
import { hasEpochTimestamp, pathProblem } from './names.ts'
import { readHunks } from './read-hunks.ts'
import { scanDiff, type Section } from './scan-diff.ts'
import { namesOf, type SectionNames } from './section-names.ts'

/**
 * The diff in a text: a patch mail's body, a patch file, the output of git or `diff -u`. Prose around it, quoted diffs
 * and the mail's signature are no part of it. Never throws; what cannot be trusted is a problem, with its line.
 */
export function parseDiff(text: string): Diff {
  const { sections, problems } = scanDiff(text)
  const all: DiffProblem[] = [...problems]
  const files: FileDiff[] = []
  for (const section of sections) {
    const names = withEpoch(namesOf(section), section)
    const file = fileOf(section, names)
    files.push(file)
    all.push(...problemsOf(file, section, names).map((message) => ({ line: section.patchLine, message })))
    all.push(...orderProblems(file.hunks))
  }
  return { files, problems: all.sort((a, b) => a.line - b.line) }
}

/** The line (1-based) where the first diff of a text begins; null where there is none. A `diff --cc` counts too. */
export function findDiffStart(text: string): number | null {
  return scanDiff(text).start
}

/** `diff -N` names a missing file and dates it 1970; git writes `/dev/null`. */
function withEpoch(names: SectionNames, { header, hunks }: Section): SectionNames {
  const [hunk] = hunks
  if (header.git !== null || hunk === undefined || hunks.length > 1) return names
  if (hunk.oldCount === 0 && hunk.oldStart === 0 && hasEpochTimestamp(header.minus ?? '')) {
    return { ...names, oldPath: null }
  }
  if (hunk.newCount === 0 && hunk.newStart === 0 && hasEpochTimestamp(header.plus ?? '')) {
    return { ...names, newPath: null }
  }
  return names
}

function fileOf(section: Section, { oldPath, newPath }: SectionNames): FileDiff {
  const { extended } = section.header
  const index = indexOf(extended.get('index'))
  const kind = kindOf(extended, { oldPath, newPath })
  const similarity = /^\d{1,3}/.exec(extended.get('similarity index') ?? '')
  return {
    kind,
    oldPath,
    newPath,
    oldMode: kind === 'add' ? null : (modeOf(extended, ['old mode', 'deleted file mode']) ?? index?.mode ?? null),
    newMode: kind === 'delete' ? null : (modeOf(extended, ['new mode', 'new file mode']) ?? index?.mode ?? null),
    oldBlob: index?.oldBlob ?? null,
    newBlob: index?.newBlob ?? null,
    similarity: similarity === null ? null : Number(similarity[0]),
    binary: section.binary,
    hunks: readHunks(section.hunks),
    patchLine: section.patchLine,
  }
}

function kindOf(
  extended: ReadonlyMap<string, string>,
  { oldPath, newPath }: { readonly oldPath: string | null; readonly newPath: string | null },
): FileDiff['kind'] {
  if (extended.has('rename from') || extended.has('rename to')) return 'rename'
  if (extended.has('copy from') || extended.has('copy to')) return 'copy'
  if (oldPath === null && newPath !== null) return 'add'
  if (newPath === null && oldPath !== null) return 'delete'
  return 'modify'
}

function modeOf(extended: ReadonlyMap<string, string>, keywords: readonly string[]): string | null {
  const mode = keywords.map((keyword) => extended.get(keyword)).find((value) => value !== undefined)
  return canonicalMode(mode)
}

/** git knows two modes of a file, by whether its owner may run it (cache.h `canon_mode()`); links and submodules have theirs. */
function canonicalMode(text: string | undefined): string | null {
  const mode = /^\s{0,4}([0-7]{6})\s{0,4}$/.exec(text ?? '')?.[1]
  if (mode === '120000' || mode === '160000') return mode
  if (mode?.startsWith('100') !== true) return null
  return (Number.parseInt(mode, 8) & 0o100) === 0 ? '100644' : '100755'
}

type Index = { readonly oldBlob: string; readonly newBlob: string; readonly mode: string | null }

function indexOf(text: string | undefined): Index | null {
  const match = /^([\da-f]{4,64})\.\.([\da-f]{4,64})(?: ([0-7]{6}))?\s{0,4}$/.exec(text ?? '')
  return match === null ? null : { oldBlob: match[1] ?? '', newBlob: match[2] ?? '', mode: canonicalMode(match[3]) }
}

function problemsOf(file: FileDiff, section: Section, names: SectionNames): readonly string[] {
  const paths = [...new Set([file.oldPath, file.newPath])].filter((path) => path !== null)
  const problems = paths.flatMap((path) => {
    const problem = pathProblem(path)
    return problem === null ? [] : [`the path \`${printable(path)}\` ${problem}`]
  })
  if (paths.length === 0) problems.push('the header does not name the file')
  const modes = ['old mode', 'new mode', 'deleted file mode', 'new file mode'].map((word) =>
    section.header.extended.get(word),
  )
  if (modes.some((mode) => mode !== undefined && canonicalMode(mode) === null))
    problems.push('the header gives the file a mode that files do not have')
  if (names.disagree) problems.push('the lines of the header name different files')
  const isMoved = file.kind === 'rename' || file.kind === 'copy'
  if (isMoved && (file.oldPath === null || file.newPath === null))
    problems.push(`the ${file.kind} lacks one of its names`)
  if (isEmptyChange(file, section)) problems.push('the header announces a change, but no hunk follows')
  return problems
}

function printable(path: string): string {
  return path.slice(0, 200).replace(/[\0-\x1f\x7f\u200c-\u200f\u202a-\u202e\ufeff]/g, '?')
}

/** The ids of the empty blob, by which a file without a hunk is told from a diff that was cut. */
const emptyBlobs = [
  'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
  '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
]

function isEmptyChange(file: FileDiff, { header, hunks, damaged }: Section): boolean {
  if (file.binary || hunks.length > 0 || damaged) return false
  if (header.minus !== null) return true
  const blobs = [file.oldBlob, file.newBlob].filter((blob) => blob !== null && !/^0+$/.test(blob))
  if (file.kind === 'add' || file.kind === 'delete') return !blobs.every((blob) => isEmptyBlob(blob ?? ''))
  if (file.oldBlob !== file.newBlob) return true
  return file.kind === 'modify' && file.oldMode === file.newMode
}

function isEmptyBlob(blob: string): boolean {
  return emptyBlobs.some((id) => id.startsWith(blob))
}

/** Hunks of one file stand in the order of its lines and do not overlap; git writes no others. */
function orderProblems(hunks: readonly Hunk[]): readonly DiffProblem[] {
  return hunks.slice(1).flatMap((hunk, index) => {
    const before = hunks[index]
    if (before === undefined || firstOldLine(hunk) >= firstOldLine(before) + before.oldCount) return []
    return [{ line: hunk.patchLine, message: 'the hunks are not in the order of the file' }]
  })
}

/** Of a hunk without old lines the header gives the line before it. */
function firstOldLine(hunk: Hunk): number {
  return hunk.oldCount === 0 ? hunk.oldStart + 1 : hunk.oldStart
}
