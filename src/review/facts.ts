import { createHash } from 'node:crypto'
import { parseKconfig } from '../kconfig/parse.ts'
import type { KconfigFile } from '../kconfig/syntax.ts'
import type { Makefile } from '../make/cst.ts'
import { parseMakefile } from '../make/parse.ts'
import { indexLines, type LineIndex } from '../text/line-index.ts'
import type { Tree } from '../text/tree.ts'
import { createKnowledge, type Knowledge, type KnowledgeSources } from './knowledge.ts'
import type { KconfigView, MakefileView } from './rule.ts'
import { isKconfig, worldOf } from './world.ts'

/** What is derived from the text of a file alone, kept by blob id, so that many trees share it; and from whole trees. */
export type Facts = Knowledge & {
  /** The parsed makefile at a path; null where the tree has none, or the path is no makefile's. */
  makefile(tree: Tree, path: string): MakefileView | null
  /** The Kconfig file at a path; null where the tree has none, or the path is no Kconfig file's. */
  kconfig(tree: Tree, path: string): KconfigView | null
}

/** All makefiles of a kernel are 4 M characters; this keeps those of a few versions of what a review looks at. */
const defaultMaxCharacters = 8_000_000

type Lined = { readonly text: string; readonly lines: LineIndex }
type Parsed<Syntax> = Lined & { readonly syntax: Syntax }

/** Facts that are worked out when asked for, and forgotten, oldest use first, beyond `maxCharacters` of source text. */
export function createFacts(
  options: { readonly maxCharacters?: number } & Pick<KnowledgeSources, 'model'> = {},
): Facts {
  const maxCharacters = options.maxCharacters ?? defaultMaxCharacters
  const makefiles = createCache<Parsed<Makefile>>(maxCharacters)
  const kconfigs = createCache<Parsed<KconfigFile>>(maxCharacters)
  const knowledge = createKnowledge({
    ...options,
    parseMakefile: (text, blob) => makefiles.ofText(text, blob, readMakefile).syntax,
    kconfigFiles: {
      file: (tree, path) => kconfigs.get(tree, path, readKconfig)?.syntax ?? null,
      prefetch: (tree, paths) => {
        tree.prefetch(paths.filter((path) => !kconfigs.has(tree.blob(path))))
      },
    },
  })
  return {
    ...knowledge,
    makefile(tree, path) {
      const world = worldOf(path)
      const parsed = world && makefiles.get(tree, path, readMakefile)
      return parsed && { path, world, ...parsed }
    },
    kconfig(tree, path) {
      const parsed = isKconfig(path) ? kconfigs.get(tree, path, readKconfig) : null
      return parsed && { path, ...parsed }
    },
  }
}

function readMakefile(text: string): Parsed<Makefile> {
  return { text, syntax: parseMakefile(text), lines: indexLines(text) }
}

function readKconfig(text: string): Parsed<KconfigFile> {
  return { text, syntax: parseKconfig(text), lines: indexLines(text) }
}

type Cache<T> = {
  /** What a file of a tree comes to; null where there is none. */
  get(tree: Tree, path: string, derive: (text: string) => T): T | null
  ofText(text: string, blob: string | null, derive: (text: string) => T): T
  has(blob: string | null): boolean
}

function createCache<T extends Lined>(maxCharacters: number): Cache<T> {
  const kept = new Map<string, T>()
  let characters = 0
  const keep = (id: string, value: T): void => {
    kept.set(id, value)
    characters += value.text.length
    for (const [oldest, { text }] of kept) {
      if (characters <= maxCharacters || oldest === id) break
      kept.delete(oldest)
      characters -= text.length
    }
  }
  const find = (id: string): T | null => {
    const found = kept.get(id)
    if (found === undefined) return null
    kept.delete(id)
    kept.set(id, found)
    return found
  }
  const ofText: Cache<T>['ofText'] = (text, blob, derive) => {
    const id = blob ?? hashOf(text)
    const found = find(id)
    if (found !== null) return found
    const value = derive(text)
    keep(id, value)
    return value
  }
  return {
    ofText,
    has: (blob) => blob !== null && kept.has(blob),
    get(tree, path, derive) {
      const blob = tree.blob(path)
      const found = blob === null ? null : find(blob)
      if (found !== null) return found
      const text = tree.read(path)
      return text === null ? null : ofText(text, blob, derive)
    },
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
