import type { Tree } from '../text/tree.ts'

/** A path of a `source` line after expansion; `from` is the file it is relative to, null for the top of the tree. */
export type SourcePath = { readonly path: string; readonly from: string | null; readonly srctree: string }

/**
 * The files of a tree that a `source` line means, in their order; none where there is no such file. The kernel takes a
 * path as it is; where no file has it and it holds `*`, `?` or `[`, it is taken for a pattern, as Kconfiglib does.
 */
export function resolveSource(tree: Tree, { path, from, srctree }: SourcePath): readonly string[] {
  const directory = from === null ? '' : from.slice(0, from.lastIndexOf('/') + 1)
  const inTree = path.startsWith(`${srctree}/`) ? path.slice(srctree.length + 1) : path
  const normal = normalise(directory + inTree)
  if (normal === null) return []
  if (isFile(tree, normal)) return [normal]
  return /[*?[]/.test(normal) ? matchPattern(tree, normal) : []
}

/** Asks for the text only where the tree does not know what it holds: files are many, and mostly parsed already. */
function isFile(tree: Tree, path: string): boolean {
  return tree.blob(path) !== null || tree.read(path) !== null
}

/** A path without `.` and `..`; null where it leads out of the tree. */
function normalise(path: string): string | null {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null
    } else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function matchPattern(tree: Tree, pattern: string): string[] {
  let paths = ['']
  for (const part of pattern.split('/')) {
    paths = paths.flatMap((directory) => {
      const prefix = directory === '' ? '' : `${directory}/`
      if (!/[*?[]/.test(part)) return [prefix + part]
      const names = tree.list(directory).map(({ name }) => name)
      return names.filter((name) => matchesGlob(name, part)).map((name) => prefix + name)
    })
  }
  return paths.filter((path) => isFile(tree, path)).sort()
}

/** `*`, `?` and `[...]` in one component. Greedy with one point to come back to, so never slower than name times pattern. */
function matchesGlob(name: string, pattern: string): boolean {
  let at = 0
  let part = 0
  let star = -1
  let resume = 0
  while (at < name.length) {
    const end = elementEnd(pattern, part)
    if (pattern.charAt(part) === '*') {
      star = part++
      resume = at
    } else if (part < pattern.length && matchesElement(name.charAt(at), pattern.slice(part, end))) {
      at++
      part = end
    } else if (star !== -1) {
      part = star + 1
      at = ++resume
    } else return false
  }
  return /^\**$/.test(pattern.slice(part))
}

/** The end of the pattern element at an offset: a bracket with its content, or one character. */
function elementEnd(pattern: string, at: number): number {
  const close = pattern.charAt(at) === '[' ? pattern.indexOf(']', at + 2) : -1
  return close === -1 ? at + 1 : close + 1
}

function matchesElement(char: string, element: string): boolean {
  if (element === '?') return true
  if (element.length < 3) return element === char
  const negated = element.charAt(1) === '!'
  const set = element.slice(negated ? 2 : 1, -1)
  return matchesSet(char, set) !== negated
}

function matchesSet(char: string, set: string): boolean {
  for (let at = 0; at < set.length; at++) {
    const isRange = set.charAt(at + 1) === '-' && at + 2 < set.length
    if (isRange ? char >= set.charAt(at) && char <= set.charAt(at + 2) : char === set.charAt(at)) return true
    if (isRange) at += 2
  }
  return false
}
