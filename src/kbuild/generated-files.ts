/**
 * How a file comes to be: it is in the tree, or a rule of a makefile makes it, or a pattern rule does, from something that
 * comes to be in turn (GNU make implicit.c pattern_search()). The pattern rules are those of the directory's makefile and of the
 * tree's own scripts.
 */
import { always, never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import { candidateOf, patternMatcher, preparePatterns } from '../make/targets.ts'
import type { Candidate, PatternMatch } from '../make/targets.ts'
import type { Rule } from '../make/rule.ts'
import { hasFile } from '../text/entry-kind.ts'
import { once } from '../text/once.ts'
import { oncePer } from '../text/once-per.ts'
import { prefetchOnce } from '../text/prefetch-once.ts'
import { rulesOf, withoutDot } from './directory-rules.ts'
import type { DirectoryRules } from './directory-rules.ts'
import { anyOf } from './guarded-list.ts'
import type { Directory, KernelModel } from './kernel-model.ts'
import { listedParts } from './listed-parts.ts'
import { normalise } from './parsed-files.ts'
import { readScriptRules } from './script-rules.ts'

/** How a file comes to be. `when` is where it does, as far as the rules themselves are conditional. */
export type FileOrigin =
  /** It is in the tree. */
  | { readonly kind: 'source'; readonly path: string; readonly when: Cond }
  /** `$(obj)/%: $(src)/%_shipped`: `path` is in the tree and copied. */
  | { readonly kind: 'shipped'; readonly path: string; readonly rule: Rule; readonly when: Cond }
  /** An explicit or static pattern rule with a recipe names it; the rule may be that of another directory, or the top Makefile. */
  | { readonly kind: 'rule'; readonly path: string; readonly rule: Rule; readonly when: Cond }
  /** A pattern rule makes it; `from` are the prerequisites that hold its stem, with how they come to be. */
  | {
      readonly kind: 'pattern'
      readonly path: string
      readonly rule: Rule
      readonly from: readonly FileOrigin[]
      readonly when: Cond
    }
  /** The scripts put it together because a list names it: a program, a composite object or device tree, an archive. */
  | { readonly kind: 'listed'; readonly path: string; readonly from: readonly FileOrigin[]; readonly when: Cond }
  /** Something of the makefile is not known that might make it. */
  | { readonly kind: 'unknown'; readonly path: string; readonly because: string; readonly when: Cond }
  /** Nothing makes it: make would say "No rule to make target". `tried` are the files that would do. */
  | { readonly kind: 'none'; readonly path: string; readonly tried: readonly string[]; readonly when: Cond }

export type FileOrigins = {
  /**
   * How a file comes to be that a makefile names: `word` is relative to the directory, as in `obj-y` (`core.o`, `../lib/crc.o`).
   */
  readonly of: (directory: Directory, word: string) => FileOrigin
  /** The explicit rules with a recipe, of any directory or the top Makefile, for a path from the top of the tree. */
  readonly rulesFor: (path: string) => readonly Rule[]
}

type Search = {
  readonly model: KernelModel
  readonly directory: Directory
  readonly rules: DirectoryRules
  /** The pattern rules that match a name, in make's order. */
  readonly patterns: (name: string) => readonly PatternMatch[]
  readonly listed: () => ReturnType<typeof listedParts>
  /** The names whose parts are being looked for. */
  readonly busy: Set<string>
  readonly elsewhere: (path: string) => readonly Rule[]
  readonly has: (path: string) => boolean
}

/** Rules one after the other that make a file; the longest of the kernel are 4: `.dtb.o` from `.dtb.S` from `.dtb` from `.dts`. */
const maxChain = 8

/** Answers for a model. What it reads is kept: one for each model, made when first needed. */
export function createFileOrigins(model: KernelModel): FileOrigins {
  const { conditions, tree } = model
  const explicit = once(() => explicitRules(model))
  const searches = new Map<Directory, Search>()
  const has = hasFile(tree)
  const searchIn = (directory: Directory): Search => {
    let search = searches.get(directory)
    if (search === undefined) {
      const rules = rulesOf(conditions, directory.evaluation, tree)
      // What an explicit rule makes at any rate asks for none of them.
      const matcher = once(() => {
        const own = rules.all.filter(({ kind, recipe }) => kind === 'pattern' && recipe.length > 0)
        return patternMatcher(preparePatterns(conditions, [...own, ...sharedPatterns(model, directory)]))
      })
      const elsewhere = (path: string): readonly Rule[] => explicit().get(path) ?? []
      const listed = once(() => listedParts(model, directory))
      const patterns = (name: string): readonly PatternMatch[] => matcher()(name)
      search = { model, directory, rules, patterns, listed, busy: new Set(), elsewhere, has }
      searches.set(directory, search)
    }
    return search
  }
  return {
    of: (directory, word) => {
      const name = withoutDot(directory.path === '.' ? word : `${directory.path}/${word}`)
      return originOf(searchIn(directory), name, [])
    },
    rulesFor: (path) => explicit().get(path) ?? [],
  }
}

/** The pattern rules of the scripts for a directory. */
function sharedPatterns(model: KernelModel, { path, lists }: Directory): readonly Rule[] {
  const hasPrograms = lists.hostPrograms.length > 0
  const patterns = readScriptRules(model).patternsFor(path)
  return patterns.filter(({ origin }) => origin.file !== 'scripts/Makefile.host' || hasPrograms)
}

function originOf(search: Search, name: string, chain: readonly Rule[]): FileOrigin {
  const { conditions } = search.model
  const path = normalise(name)
  if (search.has(path)) return { kind: 'source', path, when: always }
  const made: FileOrigin[] = []
  const failed: FileOrigin[] = []
  for (const way of waysTo(search, name, chain)) {
    const isMade = way.kind !== 'none' && way.kind !== 'unknown'
    if (isMade) made.push(way)
    else failed.push(way)
    if (isMade && anyOf(conditions, made) === always) break
  }
  const [first] = made
  if (first !== undefined) return { ...first, when: anyOf(conditions, made) }
  const unsure = failed.find(({ kind }) => kind === 'unknown') ?? unknownIn(search, path)
  if (unsure !== null) return unsure
  const tried = failed.flatMap((way) => (way.kind === 'none' ? way.tried : []))
  return { kind: 'none', path, tried: [...new Set(tried)], when: never }
}

/** Each way in which it may come to be, in make's order. */
function* waysTo(search: Search, name: string, chain: readonly Rule[]): Generator<FileOrigin> {
  yield* byRule(search, name)
  yield* byList(search, name, chain)
  if (chain.length >= maxChain) return
  for (const match of search.patterns(name)) {
    if (chain.includes(match.pattern.rule)) continue
    yield fromPattern(search, name, { candidate: candidateOf(match), chain })
  }
}

/** The rules that name it, first of the directory's own makefile, else of any other. */
function byRule({ rules, elsewhere }: Search, name: string): readonly FileOrigin[] {
  const path = normalise(name)
  const own = rules.target(name)?.recipes ?? []
  if (own.length > 0) return own.map(({ rule, when }) => ({ kind: 'rule', path, rule, when }))
  return elsewhere(path).map((rule) => ({ kind: 'rule', path, rule, when: rule.when }))
}

/** The lists that name it. Its parts are made each by itself; one that is the file itself ends the search. */
function byList(search: Search, name: string, chain: readonly Rule[]): readonly FileOrigin[] {
  const { directory, listed, busy } = search
  const prefix = directory.path === '.' ? '' : `${directory.path}/`
  if (!name.startsWith(prefix) || busy.has(name)) return []
  busy.add(name)
  const ways = (listed().get(name.slice(prefix.length)) ?? []).map(({ from, when }): FileOrigin => {
    const parts = from.map((part) => originOf(search, prefix + part, chain))
    const lacking = parts.find(({ kind }) => kind === 'none') ?? parts.find(({ kind }) => kind === 'unknown')
    return lacking === undefined
      ? { kind: 'listed', path: normalise(name), from: parts, when }
      : { ...lacking, path: normalise(name) }
  })
  busy.delete(name)
  return ways
}

type Trial = { readonly candidate: Candidate; readonly chain: readonly Rule[] }

function fromPattern(search: Search, name: string, { candidate, chain }: Trial): FileOrigin {
  const path = normalise(name)
  const { rule, prerequisites, when } = candidate
  const fixed = withoutStem(rule)
  const needed = prerequisites.filter(({ text }) => !fixed.has(text))
  const from = needed.map(({ text }) => originOf(search, text, [...chain, rule]))
  const lacking = from.find(({ kind }) => kind === 'none') ?? from.find(({ kind }) => kind === 'unknown')
  if (lacking?.kind === 'none') return { kind: 'none', path, tried: [lacking.path, ...lacking.tried], when: never }
  if (lacking !== undefined) return { ...lacking, path }
  const [only] = from
  const isShipped = only?.kind === 'source' && only.path === `${path}_shipped`
  if (isShipped) return { kind: 'shipped', path: only.path, rule, when }
  return {
    kind: 'pattern',
    path,
    rule,
    from,
    when: allOf(search.model.conditions, [when, ...from.map((each) => each.when)]),
  }
}

/** The prerequisites of a pattern rule that are the same for all that it makes. */
const withoutStem: (rule: Rule) => ReadonlySet<string> = oncePer(
  ({ prerequisites }) => new Set(prerequisites.flatMap(({ text }) => (text.includes('%') ? [] : [text]))),
)

function allOf(conditions: Conditions, all: readonly Cond[]): Cond {
  return all.reduce((left, right) => conditions.and(left, right), always)
}

/** Why something in sight may make it after all; null where nothing does. */
function unknownIn({ rules, directory }: Search, path: string): FileOrigin | null {
  const word = rules.all.flatMap(({ unknownTargets }) => unknownTargets).find(({ when }) => when !== never)
  const effect = directory.evaluation.unknownEffects.find(({ names }) => names?.prefix === '' && names.suffix === '')
  const because = word?.unknown.reason ?? effect?.unknown.reason
  return because === undefined ? null : { kind: 'unknown', path, because, when: never }
}

/** The explicit rules with a recipe of all makefiles, by target from the top of the tree. */
function explicitRules({ directories, top, tree }: KernelModel): ReadonlyMap<string, readonly Rule[]> {
  const found = new Map<string, Rule[]>()
  prefetchOnce(tree)(directories.values().map(({ makefile }) => makefile))
  const evaluations = [...[...directories.values()].map(({ evaluation }) => evaluation), top.evaluation]
  for (const evaluation of evaluations) {
    if (evaluation === null || evaluation.rules.length === 0) continue
    for (const { path, rule } of madeByRules(evaluation.rules)) {
      const rules = found.get(path)
      if (rules === undefined) found.set(path, [rule])
      else rules.push(rule)
    }
  }
  return found
}

/** What explicit rules with a recipe make; models of other architectures have the same rules. */
const madeByRules: (rules: readonly Rule[]) => readonly { readonly path: string; readonly rule: Rule }[] = oncePer(
  (rules) =>
    rules.flatMap((rule) => {
      if (rule.kind === 'pattern' || rule.recipe.length === 0) return []
      return [...new Set(rule.targets.map(({ text }) => normalise(text)))].map((path) => ({ path, rule }))
    }),
)
