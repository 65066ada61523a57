import type { DiffLine, FileDiff } from '../diff/file-diff.ts'
import { pathOf } from '../diff/file-diff.ts'
import type { ChangedLines } from '../review/changed-lines.ts'
import type { Tree } from '../text/tree.ts'
import type { Diagnostic, LogPlace } from './diagnostic.ts'

/** The line of a patch that brought a diagnostic, and how that is known, in words that go before the line's text. */
export type Blame =
  | { readonly kind: 'line'; readonly path: string; readonly line: number; readonly column: number | null }
  /** A line that the patch deletes, or a file that it takes away: a line of the patch's own text. */
  | { readonly kind: 'patch-text'; readonly line: number }

/** What blame is looked for in: the patch, and the tree after it. */
export type Suspect = { readonly files: readonly FileDiff[]; readonly changes: ChangedLines; readonly after: Tree }

/**
 * The line of the patch that did it, where one can be told; null otherwise. In this order: the line that the tool names, one that its notes
 * name, the recipe that failed, the line that takes away or names the symbol or file that is missing,
 * the one that asks for the warning.
 */
export function findBlame(diagnostic: Diagnostic, suspect: Suspect): Blame | null {
  const { place, notes, failed } = diagnostic
  const own = [place, ...notes.map((note) => note.place)]
  for (const each of own) {
    const line = each && addedLine(each, suspect)
    if (line) return line
  }
  for (const recipe of failed) {
    const line = recipe.place && addedRecipe(recipe.place, suspect)
    if (line) return line
  }
  const { subject, option } = diagnostic
  const named = subject === null ? null : blameNamed(subject, diagnostic, suspect)
  return named ?? (option === null ? null : blameOption(option, diagnostic.severity, suspect))
}

function blameNamed(subject: string, diagnostic: Diagnostic, suspect: Suspect): Blame | null {
  const { tool, unit } = diagnostic
  // Every module has its own: those of others have no part in it (scripts/mod/modpost.c, read_symbols()).
  if (tool === 'modpost' && unit !== null && subject.startsWith('MODULE_')) return blameTag(subject, unit, suspect)
  return blameSubject(subject, diagnostic, suspect) ?? blamePattern(subject, diagnostic, suspect)
}

/**
 * The line with a module's tag that the patch takes away, or the source that comes without one: the file of the module's name, or where the tree has
 * none, as the module has several, those beside it.
 */
function blameTag(tag: string, unit: string, { files, after }: Suspect): Blame | null {
  const own = ['.c', '.S', '.rs'].map((ending) => `${unit}${ending}`)
  const isSingle = own.some((path) => after.blob(path) !== null)
  const directory = unit.slice(0, unit.lastIndexOf('/') + 1)
  const isOf = (path: string): boolean =>
    isSingle ? own.includes(path) : path.slice(0, path.lastIndexOf('/') + 1) === directory
  const sources = files.filter((file) => isOf(pathOf(file)))
  const lines = sources.flatMap((file) => changedLinesWith(tag, file))
  const deleted = lines.find(({ line }) => line.kind === 'delete')
  if (deleted) return { kind: 'patch-text', line: deleted.line.patchLine }
  const added = sources.find(({ oldPath }) => oldPath === null)
  return isSingle && added ? { kind: 'line', path: pathOf(added), line: 1, column: null } : null
}

/**
 * The pattern rule that the patch adds for a target that nothing makes: make passes over a rule whose prerequisites it cannot make, and then says
 * that there is none (GNU make, implicit.c pattern_search()).
 */
function blamePattern(subject: string, { tool, kind }: Diagnostic, { files }: Suspect): Blame | null {
  if (tool !== 'make' || kind !== 'missing') return null
  for (const file of files) {
    for (const { kind: change, text, newLine } of file.hunks.flatMap((hunk) => hunk.lines)) {
      const ending = /^[^\s:=#%]{0,200}%([^\s:=%]{1,200})\s*:(?![:=])/.exec(text)?.[1]
      const isRule = change === 'add' && newLine !== null && ending !== undefined && subject.endsWith(ending)
      if (isRule) return { kind: 'line', path: pathOf(file), line: newLine, column: null }
    }
  }
  return null
}

/** The line that asks the compiler to warn of it, `-Wunused-macros` or `-Werror=unused-macros`, or that makes errors of all warnings. */
function blameOption(option: string, severity: Diagnostic['severity'], { files }: Suspect): Blame | null {
  const words = [`-W${option}`, `-Werror=${option}`, ...(severity === 'error' ? ['-Werror'] : [])]
  for (const word of words) {
    const added = files.flatMap((file) => changedLinesWith(word, file)).find(({ line }) => line.kind === 'add')
    const line = added?.line.newLine
    if (added && typeof line === 'number')
      return { kind: 'line', path: pathOf(added.file), line, column: columnOf(word, added.line.text) }
  }
  return null
}

/** The place itself, where the patch adds its line. Of a path of which only the end is known: the one file of the patch that it fits. */
function addedLine(place: LogPlace, { files, changes }: Suspect): Blame | null {
  const { line, column } = place
  if (line === null) return null
  const paths = candidates(place, files).filter((path) => changes.isAdded(path, line))
  const [path] = paths
  return path === undefined || paths.length > 1 ? null : { kind: 'line', path, line, column }
}

function candidates({ root, path, isPartial }: LogPlace, files: readonly FileDiff[]): readonly string[] {
  const isEnd = isPartial === true || (root === 'output' && !path.includes('/'))
  if (!isEnd) return root === 'source' ? [path] : []
  return files.flatMap(({ newPath }) => (newPath !== null && `/${newPath}`.endsWith(`/${path}`) ? [newPath] : []))
}

/** As above, for a recipe: make tells the first of the lines that backslashes join (GNU make, job.c, `fileinfo.offset`). */
function addedRecipe(place: LogPlace, suspect: Suspect): Blame | null {
  if (place.line === null) return null
  for (const path of candidates(place, suspect.files)) {
    const lines = suspect.after.read(path)?.split('\n') ?? []
    for (let line = place.line; line - place.line < maxJoined; line++) {
      const added = addedLine({ ...place, root: 'source', path, line }, suspect)
      if (added) return added
      if (lines[line - 1]?.endsWith('\\') !== true) break
    }
  }
  return null
}

const maxJoined = 100

type Named = { readonly file: FileDiff; readonly line: DiffLine }

/**
 * A symbol is missing since the patch adds a line that uses it, or else since it takes away one that had it, that defined it if there is such.
 * A file is missing since the patch takes it away, or else as a symbol is, by its name.
 */
function blameSubject(subject: string, { kind }: Diagnostic, { files }: Suspect): Blame | null {
  const word = kind === 'missing' ? subject.slice(subject.lastIndexOf('/') + 1) : subject
  if (word.length < minWord) return null
  if (kind === 'missing') {
    const gone = files.find((file) => isTakenAway(file, subject))
    if (gone) return { kind: 'patch-text', line: gone.patchLine }
  }
  const named = files.flatMap((file) => changedLinesWith(word, file))
  const added = named.filter(({ line }) => line.kind === 'add')
  const deleted = named.filter(({ line }) => line.kind === 'delete')
  const first = added[0] ?? deleted.find(({ line }) => isDefinition(line.text, word)) ?? deleted[0]
  if (first === undefined) return null
  if (first.line.newLine === null) return { kind: 'patch-text', line: first.line.patchLine }
  return { kind: 'line', path: pathOf(first.file), line: first.line.newLine, column: columnOf(word, first.line.text) }
}

/** Shorter words are found everywhere. */
const minWord = 3

/** `int word(`, `#define word`, `EXPORT_SYMBOL_GPL(word)`: what is indented only uses it. */
function isDefinition(text: string, word: string): boolean {
  return /^[A-Za-z#]/.test(text) && (text.includes(`${word}(`) || /^(?:#\s*define|EXPORT_SYMBOL)/.test(text))
}

function columnOf(word: string, text: string): number {
  return text.indexOf(word) + 1
}

/** Whether a patch deletes or renames the file that is missing, or the source of the object that is. */
function isTakenAway(file: FileDiff, subject: string): boolean {
  if (file.oldPath === null || file.newPath === file.oldPath || file.kind === 'copy') return false
  const stem = (path: string): string => path.replace(/\.\w{1,4}$/, '')
  const isObject = /\.(?:o|ko|s|i|lst|dtb|dtbo)$/.test(subject)
  const [old, wanted] = isObject ? [stem(file.oldPath), stem(subject)] : [file.oldPath, subject]
  return old === wanted || old.endsWith(`/${wanted}`) || wanted.endsWith(`/${old}`)
}

function changedLinesWith(word: string, file: FileDiff): readonly Named[] {
  return file.hunks.flatMap(({ lines }) =>
    lines.filter(({ kind, text }) => kind !== 'context' && hasWord(text, word)).map((line) => ({ file, line })),
  )
}

/** Whether a text has a word that is no part of a longer one; an option goes on with `-` and `=`, too. */
export function hasWord(text: string, word: string): boolean {
  const goesOn = word.startsWith('-') ? /[\w=-]/ : /\w/
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const isStart = !/\w/.test(text[at - 1] ?? '') || !/\w/.test(word[0] ?? '')
    if (isStart && !goesOn.test(text[at + word.length] ?? '')) return true
  }
  return false
}
