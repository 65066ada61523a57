/** Which files git ignores: the .gitignore files of a tree (gitignore(5), "PATTERN FORMAT"; git's dir.c last_matching_pattern()). */
import { matchName } from '../make/glob.ts'
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
  const known = new Map<string, readonly IgnorePattern[]>()
  const patternsIn = (directory: string): readonly IgnorePattern[] => {
    let patterns = known.get(directory)
    if (patterns === undefined) {
      const file = directory === '' ? '.gitignore' : `${directory}/.gitignore`
      const text = tree.read(file)
      patterns = text === null ? [] : ignorePatterns(file, text)
      known.set(directory, patterns)
    }
    return patterns
  }
  const tracked = new Map<string, boolean>()
  const isTracked = (directory: string): boolean => {
    const found = tracked.get(directory) ?? tree.list(directory).length > 0
    tracked.set(directory, found)
    return found
  }
  return (path) => {
    const parts = path.split('/')
    // What is in a directory that is ignored cannot be taken back in.
    return parts.some((_, at) => {
      const isDirectory = at < parts.length - 1
      const upTo = parts.slice(0, at + 1)
      return !(isDirectory && isTracked(upTo.join('/'))) && isMatched(upTo, isDirectory, patternsIn)
    })
  }
}

/** The last pattern that matches decides, of the nearest .gitignore that has one. */
function isMatched(
  path: readonly string[],
  isDirectory: boolean,
  patternsIn: (directory: string) => readonly IgnorePattern[],
): boolean {
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const below = path.slice(depth)
    const last = patternsIn(path.slice(0, depth).join('/')).findLast(
      (pattern) => (isDirectory || !pattern.isDirectory) && matches(pattern, below),
    )
    if (last !== undefined) return !last.isNegated
  }
  return false
}

function matches({ parts, isAnchored }: IgnorePattern, path: readonly string[]): boolean {
  const [only = ''] = parts
  return isAnchored ? matchParts(parts, path) : matchPart(path.at(-1) ?? '', only)
}

/** `**` stands for any number of parts. */
function matchParts(pattern: readonly string[], path: readonly string[]): boolean {
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

/** What may stand for other characters at the end of a pattern. */
const wild: ReadonlySet<string> = new Set(['*', '?', ']'])

/** A leading dot is like any other character here, which it is not in a shell. */
function matchPart(name: string, part: string): boolean {
  // Most names are told from a pattern by the last character.
  const last = part.charAt(part.length - 1)
  if (!wild.has(last) && !name.endsWith(last)) return false
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
