/** Rules as make has them after expansion (GNU make read.c eval() and record_files()). */
import { always, never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Expr, Recipe, RuleLine } from './cst.ts'
import type { Machine } from './machine.ts'
import { parsePattern } from './pattern.ts'
import type { RecipeLine, Rule } from './rule.ts'
import { sourceText, spanIn, unexpandedText } from './script.ts'
import type { Script } from './script.ts'
import { wordsOf } from './guarded-words.ts'
import type { UnknownWords, Word, Words } from './guarded-words.ts'
import type { Unknown } from './value.ts'
import { worldsOf } from './worlds.ts'

export function doRule(machine: Machine, node: RuleLine, script: Script, guard: Cond): void {
  if (node.assignment !== null) {
    addTargetVariable(machine, node, script, guard)
    return
  }
  const read = (expr: Expr | null): Words => {
    if (expr === null) return { words: [], unknown: [] }
    return within(machine, wordsOf(machine.values, machine.expand(expr, script, guard)), guard)
  }
  const [targets, patterns] = [read(node.targets), read(node.targetPattern)]
  const prerequisites = onceExpanded(machine, read(node.prerequisites))
  const orderOnly = onceExpanded(machine, read(node.orderOnly))
  const recipe: RecipeLine[] = []
  if (node.recipe !== null) recipe.push(recipeLine(script, node.recipe, guard))
  const rule: Rule & { readonly recipe: RecipeLine[] } = {
    kind: kindOf(node, targets),
    targets: targets.words,
    targetPatterns: patterns.words,
    prerequisites: prerequisites.words,
    orderOnly: orderOnly.words,
    separator: node.separator,
    when: guard,
    recipe,
    unknown: [targets, patterns, prerequisites, orderOnly].flatMap((words) => words.unknown),
    unknownTargets: [targets, patterns].flatMap((words) => words.unknown),
    origin: spanIn(script, node.range),
  }
  machine.findings.rules.push(rule)
  machine.pending.push({ rule, open: guard })
}

/**
 * Below `.SECONDEXPANSION:` make expands prerequisites again when it makes the target (GNU make manual, 3.9 "Secondary Expansion"): what
 * a `$` of them comes to is not known here.
 */
function onceExpanded(machine: Machine, { words, unknown }: Words): Words {
  if (!words.some(({ text }) => text.includes('$'))) return { words, unknown }
  const { conditions, findings } = machine
  const isTwice = findings.rules
    .filter(({ targets }) => targets.some(({ text }) => text === '.SECONDEXPANSION'))
    .reduce<Cond>((sum, { when }) => conditions.or(sum, when), never)
  const later: UnknownWords[] = []
  const now = words.flatMap((word): Word[] => {
    const [when, once] = [conditions.and(word.when, isTwice), conditions.without(word.when, isTwice)]
    if (!word.text.includes('$') || when === never) return [word]
    const what: Unknown = { kind: 'function', reason: 'expanded when the target is made', key: word.text }
    later.push({ when, unknown: what, origin: word.origin })
    return once === never ? [] : [{ ...word, when: once }]
  })
  return { words: now, unknown: [...unknown, ...later] }
}

function kindOf(node: RuleLine, targets: Words): Rule['kind'] {
  if (node.targetPattern !== null) return 'static-pattern'
  return targets.words.some((word) => parsePattern(word.text).suffix !== null) ? 'pattern' : 'explicit'
}

/** The words that are there where the line is reached. */
function within({ conditions }: Machine, { words, unknown }: Words, guard: Cond): Words {
  if (guard === always) return { words, unknown }
  const narrow = <Each extends { readonly when: Cond }>(each: Each): Each[] => {
    const when = conditions.and(each.when, guard)
    return when === never ? [] : [{ ...each, when }]
  }
  return { words: words.flatMap(narrow), unknown: unknown.flatMap(narrow) }
}

function recipeLine(script: Script, expr: Expr, when: Cond): RecipeLine {
  const text = sourceText(script, expr.range)
  return { when, text, prefix: /^[@+\- \t]*/.exec(text)?.[0] ?? '', origin: spanIn(script, expr.range) }
}

function addTargetVariable(machine: Machine, node: RuleLine, script: Script, guard: Cond): void {
  const { assignment } = node
  if (assignment === null) return
  const targets = within(machine, wordsOf(machine.values, machine.expand(node.targets, script, guard)), guard)
  for (const world of worldsOf(machine.values, machine.expand(assignment.name, script, guard))) {
    const when = machine.conditions.and(world.when, guard)
    if (when === never || world.unknown !== null) continue
    machine.findings.targetVariables.push({
      targets: targets.words,
      name: world.text.trim(),
      op: assignment.op,
      modifiers: assignment.modifiers,
      text: unexpandedText(script, assignment.value),
      value: machine.expand(assignment.value, script, when),
      when,
      origin: spanIn(script, node.range),
    })
  }
}

/** A statement that is no recipe line ends the recipes of the rules before it, where it is reached. */
export function closeRules(machine: Machine, guard: Cond): void {
  const { pending, conditions } = machine
  for (let index = pending.length - 1; index >= 0; index--) {
    const each = pending[index]
    if (each === undefined) continue
    each.open = conditions.without(each.open, guard)
    if (each.open === never) pending.splice(index, 1)
  }
}

/** Adds a line to the recipes that are open where it is reached; false where there is none, and it is no recipe line. */
export function addRecipeLine(machine: Machine, node: Recipe, script: Script, guard: Cond): boolean {
  let isTaken = false
  for (const { rule, open } of machine.pending) {
    const when = machine.conditions.and(open, guard)
    if (when === never) continue
    isTaken = true
    const text = sourceText(script, node.text.range)
    rule.recipe.push({ when, text, prefix: node.prefix, origin: spanIn(script, node.text.range) })
  }
  return isTaken
}
