import { posix } from 'node:path'
import type { LogPlace } from './diagnostic.ts'

/** A directory that logs name, and what it stands for: `/build/output` is the output; a symlink is a further entry with the same root. */
export type LogRoot = {
  /** Absolute, without a slash at its end. */
  readonly directory: string
  readonly root: 'source' | 'output'
  /** Where below its root it is; '' for the root itself. */
  readonly at: string
}

/** The trees that a log speaks of. */
export type LogTrees = {
  readonly roots: readonly LogRoot[]
  /** Where the command was started, absolute. */
  readonly start: string
  /** Whether a file is in the source tree. */
  readonly hasFile: (path: string) => boolean
}

/** The trees of a kbuild run: `source` is what kbuild links to in the output directory (Makefile, outputmakefile). */
export function kbuildTrees(
  paths: { readonly source: string; readonly output: string },
  start: string,
  hasFile: (path: string) => boolean,
): LogTrees {
  const source: LogRoot = { directory: paths.source, root: 'source', at: '' }
  const output: LogRoot[] =
    paths.output === paths.source
      ? []
      : [
          { directory: paths.output, root: 'output', at: '' },
          { directory: `${paths.output}/source`, root: 'source', at: '' },
        ]
  return { roots: [source, ...output], start, hasFile }
}

/** Finds the files that lines of a log name, while make enters and leaves directories. */
export type PathReader = {
  /** The make of a level (0 is the outermost) enters a directory, or leaves it (null). */
  enter(level: number, directory: string | null): void
  /** The place of a path that a line names. */
  place(path: string, at?: At): LogPlace
  /** A text with the paths of the trees made relative to them. */
  shorten(text: string): string
}

type At = {
  readonly line?: number | null
  readonly column?: number | null
  /** Of the make that prints it; `unknown` where make prints a path without its level; the innermost one's where it is left out. */
  readonly level?: number | 'unknown'
}

/** A reader that stands where the command was started. */
export function createPathReader(trees: LogTrees): PathReader {
  const roots = trees.roots.toSorted((a, b) => b.directory.length - a.directory.length)
  const entered = new Map<number, string>()
  const known = new Set<string>([trees.start])
  const found = new Map<string, LogPlace>()

  /** Directories in the order in which a relative path is looked for. */
  const bases = (level: number): string[] => {
    const own = [...entered].filter(([of]) => of <= level).sort(([a], [b]) => b - a)
    const outputs = roots.filter(({ root, at }) => root === 'output' && at === '').map(({ directory }) => directory)
    return [...new Set([...own.map(([, directory]) => directory), trees.start, ...outputs, ...known])]
  }
  const locate = (absolute: string): LogPlace => {
    const normal = posix.normalize(absolute)
    const under = roots.find(({ directory }) => normal === directory || normal.startsWith(`${directory}/`))
    if (under === undefined) return { root: 'other', path: normal, line: null, column: null }
    const path = posix.join(under.at, normal.slice(under.directory.length + 1))
    return { root: under.root, path, line: null, column: null }
  }
  /**
   * Whether it is known where the make of a level is. kbuild starts most with `--no-print-directory` (Makefile), which those below inherit, so
   * that a level that nobody told may be anywhere; and without a level only a directory below the top is one that was told.
   */
  const isTold = (level: number | 'unknown', innermost: number): boolean => {
    if (level !== 'unknown') return level === 0 || entered.has(level)
    const directory = entered.get(innermost)
    const at = directory === undefined ? null : locate(directory)
    return at?.root === 'source' && at.path !== '.'
  }
  const find = (path: string, level: number | 'unknown'): LogPlace => {
    if (path.startsWith('/')) return locate(path)
    const innermost = Math.max(0, ...entered.keys())
    const places = bases(level === 'unknown' ? innermost : level).map((base) => locate(posix.join(base, path)))
    const there = places.find(({ root, path: at }) => root === 'source' && trees.hasFile(at))
    const isFollowed = isTold(level, innermost)
    if (there && (isFollowed || path.includes('/'))) return there
    const first = places[0]
    if (first && isFollowed && path.includes('/')) return first
    const end = posix.normalize(path).replace(/^(?:\.\.\/)+/, '')
    return { root: 'other', path: end, line: null, column: null, isPartial: true }
  }
  const recall = (path: string, level: number | 'unknown'): LogPlace => {
    const key = `${level} ${path}`
    const place = found.get(key) ?? find(path, level)
    if (found.size < maxFound) found.set(key, place)
    return place
  }
  return {
    enter(level, directory) {
      found.clear()
      if (directory === null) return void entered.delete(level)
      const absolute = directory.startsWith('/') ? directory : posix.join(trees.start, directory)
      if (entered.size < maxKnown) entered.set(level, absolute)
      if (known.size < maxKnown) known.add(absolute)
    },
    place(path, { line = null, column = null, level } = {}) {
      return { ...recall(path, level ?? Math.max(0, ...entered.keys())), line, column }
    },
    shorten: (text) => shortenPaths(text, roots),
  }
}

/** A text with the paths of the trees made relative to them, so that it is the same wherever they lie. */
export function shortenPaths(text: string, roots: readonly LogRoot[]): string {
  const longestFirst = roots.toSorted((a, b) => b.directory.length - a.directory.length)
  return longestFirst.reduce(
    (short, { directory, at }) => short.replaceAll(`${directory}/`, at === '' ? '' : `${at}/`),
    text,
  )
}

/** Paths that are remembered until make enters or leaves a directory. */
const maxFound = 10_000

/** More directories are not tried for a relative path: a log that enters thousands is not one that can be followed. */
const maxKnown = 64
