import { createHash } from 'node:crypto'
import { parseKconfig } from '../kconfig/parse.ts'
import type { KconfigFile } from '../kconfig/syntax.ts'
import type { Makefile } from '../make/cst.ts'
import { parseMakefile } from '../make/parse.ts'
import { indexLines, type LineIndex } from '../text/line-index.ts'
import type { Tree } from '../text/tree.ts'
import type { KconfigView, MakefileView } from './rule.ts'
import { isKconfig, worldOf } from './world.ts'

/** What is derived from the text of a file alone, kept by blob id, so that many trees share it. */
export type Facts = {
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
export function createFacts(options: { readonly maxCharacters?: number } = {}): Facts {
  const maxCharacters = options.maxCharacters ?? defaultMaxCharacters
  const makefiles = createCache<Parsed<Makefile>>(maxCharacters)
  const kconfigs = createCache<Parsed<KconfigFile>>(maxCharacters)
  return {
    makefile(tree, path) {
      const world = worldOf(path)
      if (world === null) return null
      const parsed = makefiles.get(tree, path, (text) => ({
        text,
        syntax: parseMakefile(text),
        lines: indexLines(text),
      }))
      return parsed && { path, world, ...parsed }
    },
    kconfig(tree, path) {
      if (!isKconfig(path)) return null
      const parsed = kconfigs.get(tree, path, (text) => ({
        text,
        syntax: parseKconfig(text),
        lines: indexLines(text),
      }))
      return parsed && { path, ...parsed }
    },
  }
}

type Cache<T> = { get(tree: Tree, path: string, derive: (text: string) => T): T | null }

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
  return {
    get(tree, path, derive) {
      const blob = tree.blob(path)
      const text = blob === null || !kept.has(blob) ? tree.read(path) : null
      if (blob === null && text === null) return null
      const id = blob ?? hashOf(text ?? '')
      const found = kept.get(id)
      if (found) {
        kept.delete(id)
        kept.set(id, found)
        return found
      }
      if (text === null) return null
      const value = derive(text)
      keep(id, value)
      return value
    },
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
