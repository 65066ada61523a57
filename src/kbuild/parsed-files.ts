import type { Makefile } from '../make/cst.ts'
import { parseMakefile } from '../make/parse.ts'
import type { Tree } from '../text/tree.ts'

/** A makefile of the tree by path, parsed; null where there is none. */
export type ParsedMakefile = (path: string) => Makefile | null

/** Gives the syntax tree of a file, from what is kept for its blob. */
export type ParseBlob = (text: string, blob: string | null) => Makefile

/** Parses each file of a tree at most once. */
export function parseOnce(tree: Tree, parse: ParseBlob = parseMakefile): ParsedMakefile {
  const known = new Map<string, Makefile | null>()
  return (asked) => {
    const path = normalise(asked)
    let makefile = known.get(path)
    if (makefile === undefined) {
      const text = tree.read(path)
      makefile = text === null ? null : parse(text, tree.blob(path))
      known.set(path, makefile)
    }
    return makefile
  }
}

/** A path without `.` and `x/..`; one that leads out of the tree keeps its first `..`, and names nothing. */
export function normalise(path: string): string {
  if (!path.includes('.') || isPlain(path)) return path
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/')
}

/** Whether no part of a path is empty or begins with a dot; most paths are asked for as they are. */
function isPlain(path: string): boolean {
  if (path.startsWith('.') || path.startsWith('/') || path.endsWith('/')) return false
  return !path.includes('/.') && !path.includes('//')
}
