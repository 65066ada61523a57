/** What `make clean` removes: scripts/Makefile.clean, which includes the makefile of a directory without any configuration. */
import type { Conditions } from '../cond/conditions.ts'
import type { Makefile } from '../make/cst.ts'
import type { Evaluation } from '../make/evaluation.ts'
import { literalText } from '../make/expr-text.ts'
import type { Word } from '../make/guarded-words.ts'
import type { Seeds, SymbolText } from '../make/initial-variables.ts'
import { parsePattern, matchPattern } from '../make/pattern.ts'
import { referencesOf, visitNodes } from '../make/visit.ts'
import type { Tree } from '../text/tree.ts'
import type { UnknownList } from './directory-lists.ts'
import { makefileCandidates } from './evaluate-directory.ts'
import { runMake, runScope } from './run-make.ts'
import type { RunOptions, RunScope } from './run-make.ts'
import { evaluateTop } from './top-makefile.ts'
import type { TopMakefile } from './top-makefile.ts'

/** A tree in which nothing is configured, for one architecture. */
export type CleanScope = RunScope & {
  readonly arch: string
  readonly top: TopMakefile
}

/** A file or directory that is removed, relative to the directory. */
export type CleanedWord = Word & { readonly list: string }

/** A directory as it is cleaned. */
export type Cleaned = {
  /** From the top of the tree; the top itself is `.`. */
  readonly directory: string
  /** Its Kbuild, else its Makefile. */
  readonly makefile: string
  readonly conditions: Conditions
  /** Of scripts/Makefile.clean with the makefile in it; every symbol of the configuration is undefined. */
  readonly evaluation: Evaluation
  /** What is removed with `rm -rf`, if it is there; wildcards are expanded on what is there. */
  readonly files: readonly CleanedWord[]
  /** Where make goes from here, without `/`: the directories of `obj-`, which a symbol that is not set has named, too. */
  readonly subdirectories: readonly Word[]
  readonly unknown: readonly UnknownList[]
}

const script = 'scripts/Makefile.clean'

/**
 * No symbol has a value: neither Makefile.clean nor, for clean targets, the top Makefile reads auto.conf. `CONFIG_SHELL`, which is
 * no symbol, the top Makefile sets.
 */
export const unconfigured: SymbolText = (symbol) => ({ kind: 'text', text: symbol === 'SHELL' ? 'sh' : '' })

/** A tree in clean mode. `arch` is `ARCH` as on make's command line. */
export function cleanScope(tree: Tree, arch: string, options: RunOptions = {}): CleanScope {
  const scope = runScope(tree, options)
  const { conditions, parsed } = scope
  return { ...scope, arch, top: evaluateTop({ tree, parsed, conditions, arch, symbolText: unconfigured }) }
}

/** Evaluates what cleaning a directory does; null where the directory has no makefile. */
export function evaluateCleaned(
  scope: CleanScope,
  directory: string,
  exported: Seeds = scope.top.exported,
): Cleaned | null {
  const makefile = makefileCandidates(directory).find((path) => scope.parsed(path) !== null)
  if (makefile === undefined) return null
  const [path, parsed] = startOf(scope, makefile)
  const evaluation = runMake(
    scope,
    { path, makefile: parsed, directory: '' },
    {
      exported,
      symbolText: unconfigured,
      seeds: { obj: directory, src: directory, VPATH: '' },
      externalReason: () => null,
    },
  )
  const unknown: UnknownList[] = []
  const read = (list: string): readonly CleanedWord[] => {
    const words = evaluation.words(list)
    unknown.push(...words.unknown.map((each) => ({ ...each, list })))
    return words.words.map((word) => ({ ...word, list }))
  }
  const kept = read('no-clean-files').map(({ text }) => parsePattern(text))
  return {
    directory,
    makefile,
    conditions: scope.conditions,
    evaluation,
    files: cleanedLists(scope.parsed(script))
      .flatMap(read)
      .filter(({ text }) => !kept.some((pattern) => matchPattern(pattern, text) !== null)),
    subdirectories: subdirectoriesOf(read),
    unknown,
  }
}

/** Without scripts/Makefile.clean, in a part of a kernel, the makefile alone. */
function startOf({ parsed }: RunScope, makefile: string): readonly [path: string, makefile: Makefile] {
  const clean = parsed(script)
  if (clean !== null) return [script, clean]
  return [makefile, parsed(makefile) ?? { text: '', nodes: [] }]
}

/** `__clean-files` of Linux 6.12, scripts/Makefile.clean lines 27 to 32. */
const listsIn612: readonly string[] = [
  ...['clean-files', 'targets', 'hostprogs', 'userprogs'],
  ...['extra', 'always', 'hostprogs-always', 'userprogs-always'].flatMap((list) => [
    `${list}-y`,
    `${list}-m`,
    `${list}-`,
  ]),
]

/** The lists that the first `__clean-files :=` of scripts/Makefile.clean puts together. */
function cleanedLists(makefile: Makefile | null): readonly string[] {
  if (makefile === null) return listsIn612
  for (const { node } of visitNodes(makefile.nodes)) {
    if (node.kind !== 'assignment' || literalText(makefile.text, node.name) !== '__clean-files') continue
    const names = referencesOf(node.value).flatMap(({ name }) => literalText(makefile.text, name) ?? [])
    if (names.includes('clean-files')) return names
  }
  return listsIn612
}

/** `subdir-ymn`, in the order of the lists. */
function subdirectoriesOf(read: (list: string) => readonly CleanedWord[]): readonly Word[] {
  const named = ['subdir-y', 'subdir-m', 'subdir-'].flatMap(read)
  const objects = ['obj-y', 'obj-m', 'obj-'].flatMap(read).filter(({ text }) => text.endsWith('/'))
  const seen = new Set<string>()
  return [...named, ...objects.map((word) => ({ ...word, text: word.text.slice(0, -1) }))].filter(({ text }) => {
    const isNew = !seen.has(text)
    seen.add(text)
    return isNew
  })
}

/** Directories that cleaning comes to; Linux 6.12 has 1,900 for one architecture. */
const maxDirectories = 20_000

/**
 * Every directory that `make clean` comes to from the top, in the order of the visits: the top itself, what the top Makefile names
 * in `clean-dirs`, and what the recipes of `archclean` and the like send it to.
 */
export function cleanedDirectories(scope: CleanScope): ReadonlyMap<string, Cleaned> {
  const visited = new Map<string, Cleaned>()
  const open = [...new Set(['.', ...startingDirectories(scope)])].reverse()
  for (let next = open.pop(); next !== undefined && visited.size < maxDirectories; next = open.pop()) {
    if (visited.has(next)) continue
    const cleaned = evaluateCleaned(scope, next)
    if (cleaned === null) continue
    visited.set(next, cleaned)
    const below = cleaned.subdirectories.map(({ text }) => (next === '.' ? text : `${next}/${text}`))
    open.push(...below.reverse())
  }
  return visited
}

function startingDirectories({ top }: CleanScope): readonly string[] {
  const { evaluation } = top
  if (evaluation === null) return []
  const named = evaluation.words('clean-dirs').words.map(({ text }) => text.replace(/^_clean_/, ''))
  const sent = evaluation.rules
    .filter(({ targets }) => targets.some(({ text }) => /^arch\w*clean$|^archmrproper$/.test(text)))
    .flatMap(({ recipe }) => recipe)
    .flatMap(({ text }) => [...text.matchAll(/\$\(clean\)=(\S+)/g)].map(([, word = '']) => word))
    .flatMap((word) => evaluation.wordsOf(evaluation.expand(word)).words.map(({ text }) => text))
  return [...named, ...sent].filter((text) => text !== '.')
}

/** Patterns of file names that `make clean` removes in every directory. */
export type CleanPattern = { readonly pattern: string; readonly file: string }

/** The names behind `-name` in the recipe of `clean` of the top Makefile. */
export function cleanPatterns({ top }: Pick<CleanScope, 'top'>): readonly CleanPattern[] {
  const recipes = (top.evaluation?.rules ?? [])
    .filter(({ targets }) => targets.some(({ text }) => text === 'clean'))
    .flatMap(({ recipe }) => recipe)
  return recipes.flatMap(({ text, origin }) =>
    [...text.matchAll(/-name '([^'\n]+)'/g)].map(([, pattern = '']) => ({ pattern, file: origin.file })),
  )
}
