/** How the rules and commands of makefiles differ: targets, prerequisites, the recipe that wins, `cmd_*` and their like. */
import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Evaluation, Setting } from '../make/evaluation.ts'
import { evaluateMakefile } from '../make/evaluate.ts'
import type { Word } from '../make/guarded-words.ts'
import type { RecipeLine } from '../make/rule.ts'
import type { TargetRecipe } from '../make/targets.ts'
import type { Tree } from '../text/tree.ts'
import { compareHeld } from './changed-lists.ts'
import type { ListChange } from './changed-lists.ts'
import { commandsOf, usesOf } from '../kbuild/directory-commands.ts'
import type { Command } from '../kbuild/directory-commands.ts'
import { doubtBetween } from './doubts.ts'
import { renamedVariables, type Renaming } from './renamed-variables.ts'
import type { Doubt } from './doubts.ts'
import type { ModelPair } from './directory-pairs.ts'
import { rulesOf } from '../kbuild/directory-rules.ts'
import type { DirectoryRules } from '../kbuild/directory-rules.ts'
import { whereHeld } from '../kbuild/guarded-list.ts'
import type { KernelModel } from '../kbuild/kernel-model.ts'
import { parseOnce } from '../kbuild/parsed-files.ts'

/** Texts by the condition under which make has them; a null text stands for none. */
export type TextChange = { readonly before: string | null; readonly after: string | null }

export type CommandChange =
  /** `cmd_gen`, `quiet_cmd_gen`, `rule_gen` or `filechk_gen` of a makefile, and how many targets of the makefile use it. */
  | ({
      readonly kind: 'command'
      readonly makefile: string
      readonly name: string
      readonly targets: number
    } & TextChange)
  /** What targets that changed alike are made from, or how. */
  | {
      readonly kind: 'rule'
      readonly makefile: string
      readonly targets: readonly string[]
      readonly change: RuleChange
    }

export type RuleChange =
  | { readonly kind: 'new' }
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'changed'
      readonly prerequisites: Held | null
      readonly orderOnly: Held | null
      readonly recipe: TextChange | null
    }

type Held = Pick<ListChange, 'gained' | 'lost' | 'regated'>

/** The changes of rules and commands: those of directories, of the top Makefile, and of touched makefiles that neither reads. */
export function changedCommands(pair: ModelPair, care: Cond): readonly CommandChange[] {
  const { before, after } = pair
  const directories = pair.pairs.flatMap(({ old, young }) =>
    old === null || young === null ? [] : [{ old: old.evaluation, young: young.evaluation }],
  )
  const [old, young] = [before.top.evaluation, after.top.evaluation]
  const top = old === null || young === null ? [] : [{ old, young }]
  return [...top, ...directories, ...loneMakefiles(pair)].flatMap((each) =>
    each.old === each.young ? [] : changesBetween(pair, { ...each, care }),
  )
}

type Evaluations = { readonly old: Evaluation; readonly young: Evaluation }

/** Makefiles that were touched and that the models do not read, such as scripts/Makefile.modpost: each by itself. */
function loneMakefiles({ before, after, touched, pairs }: ModelPair): readonly Evaluations[] {
  const isKnown = (file: string): boolean =>
    after.top.dependencies.files.has(file) ||
    pairs.some(({ young }) => young?.makefile === file) ||
    pairs.some(({ path }) => after.parts.get(path)?.dependencies.files.has(file) === true)
  const isMakefile = (file: string): boolean =>
    /(?:^|\/)(?:Makefile|Kbuild|Platform)[^/]*$|\.(?:mk|include)$/.test(file)
  return touched.flatMap((file) => {
    if (!isMakefile(file) || isKnown(file)) return []
    const [old, young] = [evaluateAlone(before, file), evaluateAlone(after, file)]
    return old === null || young === null ? [] : [{ old, young }]
  })
}

function evaluateAlone({ tree, conditions, options, top }: KernelModel, file: string): Evaluation | null {
  const makefile = parseOnce(tree, options.parse)(file)
  if (makefile === null) return null
  return evaluateMakefile(makefile, { conditions, file, tree, inherited: top.exported })
}

function changesBetween(
  { before, after }: ModelPair,
  { old, young, care }: Evaluations & { readonly care: Cond },
): readonly CommandChange[] {
  const { conditions } = after
  const [oldText, youngText] = [createTextReader(before.tree), createTextReader(after.tree)]
  const renamed = renamedVariables({ old, young, oldText, youngText })
  const [oldRules, youngRules] = [rulesOf(conditions, old), rulesOf(conditions, young)]
  const makefile = young.file
  return [
    ...changedDefinitions(conditions, {
      old: definitionsOf(conditions, old, (setting) => renamed(oldText(setting))),
      young: definitionsOf(conditions, young, youngText),
      makefile,
      users: userCounts(conditions, youngRules),
    }),
    ...changedRules(conditions, { old: oldRules, young: youngRules, care, renamed }).map((each) => ({
      kind: 'rule' as const,
      makefile,
      ...each,
    })),
  ]
}

/** How many targets use each command. */
function userCounts(conditions: Conditions, rules: DirectoryRules): ReadonlyMap<string, number> {
  const users = new Map<string, Set<string>>()
  for (const { kind, name, targets } of usesOf(conditions, rules)) {
    if (name === null) continue
    const full = `${kind}_${name.trim()}`
    const known = users.get(full) ?? new Set<string>()
    for (const target of targets) known.add(target.name)
    users.set(full, known)
  }
  return new Map([...users].map(([name, targets]) => [name, targets.size]))
}

/** Variables of commands, each with its texts and where it has them. */
type Definitions = ReadonlyMap<string, ReadonlyMap<string, Cond>>

function definitionsOf(
  conditions: Conditions,
  evaluation: Evaluation,
  textOf: (setting: Setting) => string,
): Definitions {
  const all = commandsOf(evaluation).flatMap((command: Command) => [
    [`${command.kind}_${command.name}`, command.definitions] as const,
    [`quiet_${command.kind}_${command.name}`, command.quiet] as const,
  ])
  return new Map(all.map(([name, settings]) => [name, textsWhen(conditions, settings, textOf)]))
}

/** A later `=` replaces what stood there, `?=` gives way, `+=` adds to it. */
function textsWhen(
  conditions: Conditions,
  settings: readonly Setting[],
  textOf: (setting: Setting) => string,
): ReadonlyMap<string, Cond> {
  const { and, or, without } = conditions
  let texts = new Map<string, Cond>()
  for (const setting of settings) {
    const own = textOf(setting)
    const defined = [...texts.values()].reduce(or, never)
    const where = setting.op === '?=' ? without(setting.when, defined) : setting.when
    const next = new Map<string, Cond>()
    const put = (text: string, when: Cond): void => {
      if (when !== never) next.set(text, or(next.get(text) ?? never, when))
    }
    for (const [text, when] of texts) {
      put(text, without(when, where))
      if (setting.op === '+=') put(`${text} ${own}`, and(when, where))
    }
    put(own, setting.op === '+=' ? without(where, defined) : where)
    texts = next
  }
  return texts
}

/** The text of an assignment's right side as it is written, without line ends and repeated blanks. */
function createTextReader(tree: Tree): (setting: Setting) => string {
  const files = new Map<string, string>()
  return ({ valueSpan: { file, start, end } }) => {
    const text = files.get(file) ?? tree.read(file) ?? ''
    files.set(file, text)
    return oneLine(text.slice(start, end))
  }
}

/** A command in one line, as the shell reads it: continued lines joined, blanks once. */
function oneLine(text: string): string {
  return text
    .replace(/\\\r?\n/g, ' ')
    .replace(/[ \t]+/g, ' ')
    .replace(/ *\r?\n */g, '\n')
    .trim()
}

type DefinitionPair = {
  readonly old: Definitions
  readonly young: Definitions
  readonly makefile: string
  readonly users: ReadonlyMap<string, number>
}

function changedDefinitions(
  conditions: Conditions,
  { old, young, makefile, users }: DefinitionPair,
): readonly CommandChange[] {
  const changes = [...new Set([...old.keys(), ...young.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name) ?? new Map<string, Cond>(), young.get(name) ?? new Map<string, Cond>()]
    const change = changedText(conditions, was, is)
    if (change === null) return []
    return [
      { kind: 'command' as const, makefile, name, ...change, targets: users.get(name.replace(/^quiet_/, '')) ?? 0 },
    ]
  })
  // What is printed while a command runs goes without saying where the command changes with it.
  const changed = new Set(changes.map(({ name }) => name))
  return changes.filter(({ name }) => !name.startsWith('quiet_') || !changed.has(name.slice('quiet_'.length)))
}

/** The first text that is no longer there under its condition, and what is there instead; null where all are the same. */
function changedText(
  conditions: Conditions,
  was: ReadonlyMap<string, Cond>,
  is: ReadonlyMap<string, Cond>,
): TextChange | null {
  const lost = [...was].find(([text, when]) => conditions.without(when, is.get(text) ?? never) !== never)
  const gained = [...is].find(([text, when]) => conditions.without(when, was.get(text) ?? never) !== never)
  if (lost === undefined && gained === undefined) return null
  return { before: lost?.[0] ?? null, after: gained?.[0] ?? null }
}

type RulePair = {
  readonly old: DirectoryRules
  readonly young: DirectoryRules
  readonly care: Cond
  readonly renamed: Renaming
}
type NamedChange = { readonly targets: readonly string[]; readonly change: RuleChange }

/** Targets that changed, those that changed alike together. */
function changedRules(conditions: Conditions, { old, young, care, renamed }: RulePair): readonly NamedChange[] {
  const [was, is] = [madeTargets(conditions, old, renamed), madeTargets(conditions, young, (text) => text)]
  const doubt = doubtBetween(old.unknown, young.unknown)
  const groups = new Map<string, { readonly targets: string[]; readonly change: RuleChange }>()
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const change = changeOf(conditions, { was: was.get(name), is: is.get(name), care, doubt })
    if (change === null) continue
    const key = JSON.stringify(change)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { targets: [name], change })
    else known.targets.push(name)
  }
  return [...groups.values()]
}

/** A target or a pattern, what it is made from and how. */
type Made = {
  readonly when: Cond
  readonly prerequisites: ReadonlyMap<string, Cond>
  readonly orderOnly: ReadonlyMap<string, Cond>
  readonly recipes: ReadonlyMap<string, Cond>
}

/** Special targets that only tell make how to go about others (GNU make manual, 4.8), and Kbuild's own lists of them. */
const special: ReadonlySet<string> = new Set(['.PHONY', '.SECONDARY', '.PRECIOUS', '.INTERMEDIATE', '.NOTINTERMEDIATE'])

function madeTargets(conditions: Conditions, rules: DirectoryRules, renamed: Renaming): ReadonlyMap<string, Made> {
  const made = new Map<string, Made>()
  for (const name of rules.names) {
    const target = special.has(name) ? null : rules.target(name)
    if (target === null) continue
    made.set(name, {
      when: target.when,
      prerequisites: whereHeld(conditions, target.prerequisites),
      orderOnly: whereHeld(conditions, target.orderOnly),
      recipes: recipeTexts(conditions, target.recipes, renamed),
    })
  }
  for (const rule of rules.all) {
    if (rule.kind !== 'pattern') continue
    const when = rule.targets.reduce<Cond>((sum, word) => conditions.or(sum, word.when), never)
    const name = rule.targets.map(({ text }) => text).join(' ')
    const recipes = recipeTexts(conditions, [{ rule, lines: rule.recipe, when }], renamed)
    const known = made.get(name)
    made.set(name, {
      when: conditions.or(known?.when ?? never, when),
      prerequisites: merged(conditions, known?.prerequisites, rule.prerequisites),
      orderOnly: merged(conditions, known?.orderOnly, rule.orderOnly),
      recipes: new Map([...(known?.recipes ?? []), ...recipes]),
    })
  }
  return made
}

function merged(
  conditions: Conditions,
  known: ReadonlyMap<string, Cond> | undefined,
  words: readonly Word[],
): ReadonlyMap<string, Cond> {
  const both = new Map(known)
  for (const [text, when] of whereHeld(conditions, words)) both.set(text, conditions.or(both.get(text) ?? never, when))
  return both
}

function recipeTexts(
  conditions: Conditions,
  recipes: readonly TargetRecipe[],
  renamed: Renaming,
): ReadonlyMap<string, Cond> {
  const texts = new Map<string, Cond>()
  for (const { lines, when } of recipes) {
    for (const [written, where] of linesWhen(conditions, lines, when)) {
      const text = renamed(written)
      texts.set(text, conditions.or(texts.get(text) ?? never, where))
    }
  }
  return texts
}

/** Recipes that conditionals make of one: more are taken as one text with all lines. */
const maxVariants = 16

function linesWhen(conditions: Conditions, lines: readonly RecipeLine[], when: Cond): ReadonlyMap<string, Cond> {
  let texts = new Map<string, Cond>([['', when]])
  for (const line of lines) {
    const next = new Map<string, Cond>()
    const put = (text: string, where: Cond): void => {
      if (where !== never) next.set(text, conditions.or(next.get(text) ?? never, where))
    }
    for (const [text, where] of texts) {
      put(text === '' ? oneLine(line.text) : `${text}\n${oneLine(line.text)}`, conditions.and(where, line.when))
      put(text, conditions.without(where, line.when))
    }
    if (next.size > maxVariants) return new Map([[lines.map((each) => oneLine(each.text)).join('\n'), when]])
    texts = next
  }
  texts.delete('')
  return texts
}

type MadePair = {
  readonly was: Made | undefined
  readonly is: Made | undefined
  readonly care: Cond
  readonly doubt: Doubt
}

function changeOf(conditions: Conditions, { was, is, care, doubt }: MadePair): RuleChange | null {
  if (was === undefined) {
    return is === undefined || doubt.gained || conditions.excludes(is.when, care) ? null : { kind: 'new' }
  }
  if (is === undefined) return doubt.lost ? null : { kind: 'gone' }
  const prerequisites = compareHeld(conditions, { was: was.prerequisites, is: is.prerequisites, care, doubt })
  const orderOnly = compareHeld(conditions, { was: was.orderOnly, is: is.orderOnly, care, doubt })
  const recipe = changedText(conditions, was.recipes, is.recipes)
  if (prerequisites === null && orderOnly === null && recipe === null) return null
  return { kind: 'changed', prerequisites, orderOnly, recipe }
}
