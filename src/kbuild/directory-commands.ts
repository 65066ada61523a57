/**
 * The commands of a makefile, and where its recipes use them: `$(call if_changed,gen)` runs `cmd_gen`, `$(call if_changed_rule,gen)`
 * runs `rule_gen`, `$(call filechk,gen)` runs `filechk_gen` (scripts/Kbuild.include).
 */
import { never } from '../cond/conditions.ts'
import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Evaluation, Setting } from '../make/evaluation.ts'
import type { Expr } from '../make/cst.ts'
import { literalText, textOf } from '../make/expr-text.ts'
import type { Word } from '../make/guarded-words.ts'
import type { RecipeLine, Rule } from '../make/rule.ts'
import { parseText } from '../make/script.ts'
import { callsOf } from '../make/visit.ts'
import type { Span } from '../text/span.ts'
import { anyOf, wordsWhen } from './guarded-list.ts'
import type { DirectoryRules } from './directory-rules.ts'

/** `cmd_gen` and `quiet_cmd_gen`, `rule_gen`, or `filechk_gen`. */
export type CommandKind = 'cmd' | 'rule' | 'filechk'

/** A command by the name that the macros are given. */
export type Command = {
  readonly kind: CommandKind
  /** `gen`. */
  readonly name: string
  /** The assignments of `cmd_gen`, in the order in which make comes to them: each with its condition, operator and place. */
  readonly definitions: readonly Setting[]
  /** Those of `quiet_cmd_gen`; empty for other kinds. */
  readonly quiet: readonly Setting[]
  /** Where it is defined at the end of the makefile. */
  readonly when: Cond
}

/** The commands that a makefile defines, in the order of their first definition; those of `$(eval ...)` are at its place. */
export function commandsOf(evaluation: Evaluation): readonly Command[] {
  const byVariable = Map.groupBy(evaluation.settings, ({ name }) => name)
  const commands = new Map<string, Command>()
  for (const variable of byVariable.keys()) {
    const [, kind, name] = /^(?:quiet_)?(cmd|rule|filechk)_(.+)$/s.exec(variable) ?? []
    if (name === undefined || (kind !== 'cmd' && kind !== 'rule' && kind !== 'filechk')) continue
    const full = `${kind}_${name}`
    if (commands.has(full)) continue
    const definitions = byVariable.get(full) ?? []
    const quiet = kind === 'cmd' ? (byVariable.get(`quiet_${full}`) ?? []) : []
    commands.set(full, { kind, name, definitions, quiet, when: evaluation.defined(full) })
  }
  return [...commands.values()]
}

/** The macros of scripts/Kbuild.include that take the name of a command, and what they run. */
const macros: ReadonlyMap<string, CommandKind> = new Map([
  ['cmd', 'cmd'],
  ['if_changed', 'cmd'],
  ['if_changed_dep', 'cmd'],
  ['if_changed_rule', 'rule'],
  ['filechk', 'filechk'],
  ['cmd_and_savecmd', 'cmd'],
  ['cmd_and_fixdep', 'cmd'],
])

/** A call of such a macro. */
export type CommandCall = {
  /** `if_changed`. */
  readonly macro: string
  readonly kind: CommandKind
  /** `gen` as the macro gets it, blanks and all; null where it takes references to say. */
  readonly name: string | null
  /** What follows the name, as written: `$2`, `$3`... of the command. */
  readonly args: readonly string[]
  /** The call, in the recipe line; the line where that stands in no file as it is. */
  readonly origin: Span
}

/** A call in the recipe of a rule. */
export type CommandUse = CommandCall & {
  readonly rule: Rule
  readonly line: RecipeLine
  /** What the recipe is for, each as far as this recipe is the one that make runs. */
  readonly targets: readonly UsedTarget[]
  /** Where it may run for any target. */
  readonly when: Cond
}

export type UsedTarget = {
  /** From the top of the tree; with `%` for a pattern rule. */
  readonly name: string
  /** Where this line is of the recipe that make runs for it. */
  readonly when: Cond
  /** Where FORCE is among its prerequisites, from whatever line for the target. */
  readonly forced: Cond
  readonly prerequisites: readonly Word[]
  readonly orderOnly: readonly Word[]
  readonly isPattern: boolean
}

/** The uses of commands in the recipes of a makefile, in the order of the text. A recipe that another overrides everywhere is left out. */
export function usesOf(conditions: Conditions, rules: DirectoryRules): readonly CommandUse[] {
  return rules.all.flatMap((rule) => {
    const calls = rule.recipe.flatMap((line) => commandCallsIn(line).map((call) => ({ call, line })))
    if (calls.length === 0) return []
    const targets =
      rule.kind === 'pattern' ? patternTargets(conditions, rule) : explicitTargets(conditions, rules, rule)
    return calls.flatMap(({ call, line }) => {
      const reached = wordsWhen(conditions, targets, line.when)
      const when = anyOf(conditions, reached)
      return when === never ? [] : [{ ...call, rule, line, targets: reached, when }]
    })
  })
}

function explicitTargets(conditions: Conditions, rules: DirectoryRules, rule: Rule): readonly UsedTarget[] {
  return [...new Set(rule.targets.map(({ text }) => text))].flatMap((name) => {
    const target = rules.target(name)
    const own = target?.recipes.filter((recipe) => recipe.rule === rule) ?? []
    const when = anyOf(conditions, own)
    if (target === null || when === never) return []
    const [prerequisites, orderOnly] = [target.prerequisites, target.orderOnly].map((words) =>
      wordsWhen(conditions, words, when),
    )
    return [usedTarget(conditions, { name, when, prerequisites, orderOnly, isPattern: false })]
  })
}

function patternTargets(conditions: Conditions, { targets, prerequisites, orderOnly }: Rule): readonly UsedTarget[] {
  return targets.map(({ text, when }) =>
    usedTarget(conditions, { name: text, when, prerequisites, orderOnly, isPattern: true }),
  )
}

function usedTarget(
  conditions: Conditions,
  {
    prerequisites = [],
    orderOnly = [],
    ...target
  }: Pick<UsedTarget, 'name' | 'when' | 'isPattern'> & {
    readonly prerequisites: readonly Word[] | undefined
    readonly orderOnly: readonly Word[] | undefined
  },
): UsedTarget {
  const forcing = prerequisites.filter(({ text }) => text === 'FORCE')
  const forced = conditions.and(target.when, anyOf(conditions, forcing))
  return { ...target, prerequisites, orderOnly, forced }
}

/** The calls of such macros in a line of a recipe, at any depth: `$(if $(X),$(call if_changed,gen))` has one. */
export function commandCallsIn({ text, origin }: Pick<RecipeLine, 'text' | 'origin'>): readonly CommandCall[] {
  const { script, expr } = parseText(text, origin.file, null)
  const isWritten = origin.end - origin.start === text.length
  return callsOf(expr, 'call').flatMap(({ args: [first, ...others], range }) => {
    const macro = first === undefined ? undefined : plain(script.makefile.text, first)?.trim()
    const kind = macro === undefined ? undefined : macros.get(macro)
    const [name, ...args] = others
    if (macro === undefined || kind === undefined) return []
    const at = isWritten ? { start: origin.start + range.start, end: origin.start + range.end } : {}
    return [
      {
        macro,
        kind,
        name: name === undefined ? '' : plain(script.makefile.text, name),
        args: args.map((each) => textOf(script.makefile.text, each)),
        origin: { ...origin, ...at },
      },
    ]
  })
}

/** The text of an argument, continuations as the blank that they are; null where it holds a reference. */
function plain(text: string, expr: Expr): string | null {
  return literalText(text, expr)?.replace(/[ \t]*\\\r?\n[ \t]*/g, ' ') ?? null
}
