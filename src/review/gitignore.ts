/** Which files git ignores: the .gitignore files of a tree (gitignore(5), "PATTERN FORMAT"; git's dir.c last_matching_pattern()). */
import { matchName } from '../make/glob.ts'
import { entryKind } from '../text/entry-kind.ts'
import { onceFor } from '../text/once-for.ts'
import type { Tree } from '../text/tree.ts'

/** A line of a .gitignore. */
export type IgnorePattern = {
  /** The .gitignore. */
  readonly file: string
  /** Of the line in its text. */
  readonly start: number
  readonly end: number
  /** `!`: what earlier ones ignored is not. */
  readonly isNegated: boolean
  /** A slash at the end: a directory alone. */
  readonly isDirectory: boolean
  /** The parts between the slashes; one that is not anchored matches at any depth and has one part. */
  readonly parts: readonly string[]
  readonly isAnchored: boolean
}

/** Whether git ignores a file that is not tracked, as the .gitignore files above it say. */
export type Ignores = (path: string) => boolean

/**
 * Reads the .gitignore files of a tree, each once. A directory that has files in the tree is not taken for ignored, whatever a pattern says:
 * distributions put `/*` into that of the top.
 */
export function createIgnoreMatcher(tree: Tree): Ignores {
  const kindOf = entryKind(tree)
  const ownFile = onceFor((directory) => readIgnoreFile(tree, directory))
  /** The .gitignore files for what is in a directory, the nearest first. */
  const filesFor = onceFor((directory) =>
    [directory, ...directoriesAbove(directory)].flatMap((at) => ownFile(at) ?? []),
  )
  const isMatched = (path: string, isDirectory: boolean): boolean => {
    for (const { below, likely } of filesFor(directoryOf(path))) {
      const name = path.slice(below)
      const last = likely(endingOf(name)).findLast(
        (pattern) => (isDirectory || !pattern.isDirectory) && matches(pattern, name),
      )
      if (last !== undefined) return !last.isNegated
    }
    return false
  }
  // What is in a directory that is ignored cannot be taken back in.
  const isIgnored = onceFor((directory) =>
    [directory, ...directoriesAbove(directory)].some(
      (at) => at !== '' && kindOf(at) !== 'directory' && isMatched(at, true),
    ),
  )
  return (path) => isIgnored(directoryOf(path)) || isMatched(path, false)
}

/** The .gitignore of a directory. Names that are matched with it begin at the offset `below` of a path. */
type IgnoreFile = {
  readonly below: number
  /** Of a hundred patterns few can match a name, as its ending says. */
  readonly likely: (ending: string) => readonly IgnorePattern[]
}

function readIgnoreFile(tree: Tree, directory: string): IgnoreFile | null {
  const below = directory === '' ? '' : `${directory}/`
  const text = tree.read(`${below}.gitignore`)
  if (text === null) return null
  const patterns = ignorePatterns(`${below}.gitignore`, text)
  return { below: below.length, likely: onceFor((ending) => patterns.filter((each) => mayEndIn(each, ending))) }
}

/** The text from the last dot of a name behind the last slash. */
function endingOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > name.lastIndexOf('/') ? name.slice(dot) : ''
}

/** What may stand for other characters, or say how the next one is meant. */
const wild = ['*', '?', ']', '\\']

/** Whether the end of a pattern behind all that stands for other characters, and the ending of a name, can be those of one name. */
function mayEndIn({ parts }: IgnorePattern, ending: string): boolean {
  const last = parts.at(-1) ?? ''
  const fixed = last.slice(Math.max(...wild.map((each) => last.lastIndexOf(each))) + 1)
  return fixed.endsWith(ending) || ending.endsWith(fixed)
}

/** The directories that a directory is in, the nearest first. */
function directoriesAbove(directory: string): readonly string[] {
  const above: string[] = []
  for (let at = directory; at !== ''; above.push(at)) at = directoryOf(at)
  return above
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

function matches({ parts, isAnchored }: IgnorePattern, name: string): boolean {
  const [only = ''] = parts
  return isAnchored ? matchParts(parts, name.split('/')) : matchPart(name.slice(name.lastIndexOf('/') + 1), only)
}

/** `**` stands for any number of parts. */
function matchParts(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length && !pattern.includes('**')) return false
  /** Which beginnings of the path the pattern so far matches, by length. */
  let reached = path.map((_, at) => at === 0)
  reached.push(path.length === 0)
  for (const [index, part] of pattern.entries()) {
    const isLast = index === pattern.length - 1
    const next = reached.map(() => false)
    for (let at = 0, seen = false; at <= path.length; at++) {
      if (part === '**') {
        next[at] = isLast ? seen : seen || reached[at] === true
        seen ||= reached[at] === true
      } else if (at > 0 && reached[at - 1] === true) next[at] = matchPart(path[at - 1] ?? '', part)
    }
    reached = next
  }
  return reached[path.length] === true
}

/** A leading dot is like any other character here, which it is not in a shell. */
function matchPart(name: string, part: string): boolean {
  return matchName(`/${name}`, `/${part}`)
}

/** The patterns of a .gitignore, in the order of its lines. */
export function ignorePatterns(file: string, text: string): readonly IgnorePattern[] {
  let start = 0
  return text.split('\n').flatMap((line): IgnorePattern[] => {
    const at = start
    start += line.length + 1
    const written = line.replace(/\r$/, '').replace(/(?<!\\)[ \t]+$/, '')
    if (written === '' || written.startsWith('#')) return []
    const isNegated = written.startsWith('!')
    const whole = isNegated ? written.slice(1) : written
    const isDirectory = whole.endsWith('/')
    const pattern = isDirectory ? whole.slice(0, -1) : whole
    const parts = pattern.replace(/^\//, '').split('/')
    return [
      { file, start: at, end: at + written.length, isNegated, isDirectory, parts, isAnchored: pattern.includes('/') },
    ]
  })
}
