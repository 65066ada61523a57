/** Who includes a makefile, over a whole tree: read off the `include` lines, without evaluating anything. */
import type { Expr, Makefile } from '../make/cst.ts'
import { exprWords } from '../make/expr-text.ts'
import { globTree } from '../make/glob.ts'
import { visitNodes } from '../make/visit.ts'
import type { Span } from '../text/span.ts'
import type { Tree } from '../text/tree.ts'
import { normalise, parseOnce } from './parsed-files.ts'
import type { ParsedMakefile } from './parsed-files.ts'
import { directoryOf } from './tools-world.ts'

/** An `include` line that may read a file. */
export type Inclusion = {
  readonly includer: string
  /** From the top of the tree. */
  readonly included: string
  /** The word of the line. */
  readonly origin: Span
}

export type IncludeIndex = {
  /** The lines that read a file, by includer. */
  readonly inclusionsOf: (path: string) => readonly Inclusion[]
  /** The makefiles that read a file, themselves or through others, sorted; not the file itself. */
  readonly includersOf: (path: string) => readonly string[]
  /** Words of `include` lines that fit no file of the tree: generated ones, and what is known by evaluation alone. */
  readonly unresolved: readonly { readonly includer: string; readonly origin: Span }[]
}

/**
 * Indexes the `include` lines of some makefiles. A reference in a path stands for the directory of the includer or the top of the
 * tree where the path begins with it, and for any one part of a name elsewhere (`arch/$(SRCARCH)/Makefile`): a line may so be said to
 * read more files than it does, never fewer of the tree. A fragment's own paths are read as relative to it and to its includers.
 */
export function indexIncludes(
  tree: Tree,
  makefiles: Iterable<string>,
  parsed: ParsedMakefile = parseOnce(tree),
): IncludeIndex {
  const byIncluded = new Map<string, Inclusion[]>()
  const unresolved: { readonly includer: string; readonly origin: Span }[] = []
  for (const includer of makefiles) {
    const makefile = mentionsInclude(tree, includer) ? parsed(includer) : null
    if (makefile === null) continue
    for (const { word, origin } of includeWords(makefile, includer)) {
      const found = filesFor(tree, word, directoryOf(includer))
      if (found.length === 0) unresolved.push({ includer, origin })
      for (const included of found) {
        const known = byIncluded.get(included)
        if (known === undefined) byIncluded.set(included, [{ includer, included, origin }])
        else known.push({ includer, included, origin })
      }
    }
  }
  const inclusionsOf = (path: string): readonly Inclusion[] => byIncluded.get(normalise(path)) ?? []
  return {
    inclusionsOf,
    unresolved,
    includersOf: (path) => {
      const seen = new Set<string>()
      const open = [normalise(path)]
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        for (const { includer } of inclusionsOf(next)) {
          if (seen.has(includer) || includer === path) continue
          seen.add(includer)
          open.push(includer)
        }
      }
      return [...seen].sort()
    },
  }
}

/**
 * What the `include` lines of a makefile say, wherever they stand, as a text that is the same for the same. An index is the same for two
 * trees with the same makefiles that include the same.
 */
export function includesOf(tree: Tree, path: string, parsed: ParsedMakefile): string {
  const makefile = mentionsInclude(tree, path) ? parsed(path) : null
  return makefile === null ? '' : JSON.stringify([...includeWords(makefile, path)].map(({ word }) => word))
}

/** Most makefiles include nothing: these need not be parsed. */
function mentionsInclude(tree: Tree, path: string): boolean {
  return /^[ \t]*[-s]?include[ \t]/m.test(tree.read(path) ?? '')
}

/** A word of an `include` line, with `null` for each reference. */
type PathWord = { readonly word: readonly (string | null)[]; readonly origin: Span }

function* includeWords({ text, nodes }: Makefile, file: string): Generator<PathWord> {
  for (const { node } of visitNodes(nodes)) {
    if (node.kind !== 'include') continue
    for (const word of exprWords(text, node.paths)) {
      yield { word: piecesOf(text, word), origin: { file, ...word.range } }
    }
  }
}

function piecesOf(text: string, { parts }: Expr): readonly (string | null)[] {
  return parts.map((part) =>
    part.kind === 'literal' ? (part.cooked ?? text.slice(part.range.start, part.range.end)) : null,
  )
}

/** The files of the tree that a path can be. */
function filesFor(tree: Tree, word: readonly (string | null)[], directory: string): readonly string[] {
  const [first] = word
  const rest = (first === null ? word.slice(1) : word).map((piece) => piece ?? '*').join('')
  if (!/[^*./]/.test(rest)) return []
  const isFromTop = first === null && rest.startsWith('/')
  if (first !== null && rest.startsWith('/')) return []
  const path = first === null && !isFromTop ? `*${rest}` : rest.replace(/^\/+/, '')
  const starts = first === null ? ['', `${directory}/`] : [`${directory}/`]
  return [...new Set(starts.flatMap((start) => filesAt(tree, normalise(start + path))))]
}

function filesAt(tree: Tree, pattern: string): readonly string[] {
  if (pattern.startsWith('..')) return []
  if (!/[*?[]/.test(pattern)) return tree.blob(pattern) === null ? [] : [pattern]
  return (globTree(tree, pattern) ?? []).filter((path) => tree.blob(path) !== null)
}
