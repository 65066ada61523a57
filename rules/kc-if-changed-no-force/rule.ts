import type { Expr, Makefile } from '../../src/make/cst.ts'
import { defineBody } from '../../src/make/define.ts'
import { exprWords, literalText, textOf } from '../../src/make/expr-text.ts'
import { rulesWithRecipes, type RuleWithRecipes } from '../../src/make/recipes.ts'
import { callsOf, visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { definitionsByName } from '../../src/review/recipe-variables.ts'
import { defineRule, type MakefileView, type TreeContext, type World } from '../../src/review/rule.ts'
import { offsetToPosition } from '../../src/text/line-index.ts'
import { holdsForce, type Answer, type Lists } from './holds-force.ts'

/**
 * `if_changed` and its like compare the command with that of the last time, but only once make runs the recipe; FORCE
 * makes it do so (scripts/Kbuild.include check-FORCE; Documentation/kbuild/makefiles.rst, "Command change detection").
 *
 * FORCE may come from any rule line of the same target, and from a variable. A variable of the same file is read, and one of the top
 * Makefile; one from elsewhere, and lines that add FORCE to targets that are hidden or that a pattern stands for, make it `unsure`.
 * tools/ and the selftests have an `if_changed` of their own (tools/build/Build.include) and are not looked at.
 */
export default defineRule({
  id: 'kc-if-changed-no-force',
  severity: 'error',
  scope: 'tree',
  summary: 'A recipe that watches for a changed command is not run: FORCE is no prerequisite.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) if (isWatched(makefile)) checkMakefile(makefile, context)
  },
})

const worlds: ReadonlySet<World> = new Set(['kbuild', 'top', 'core'])

function isWatched({ world, text }: MakefileView): boolean {
  return worlds.has(world) && (text.includes('if_changed') || text.includes('filechk'))
}

function checkMakefile(makefile: MakefileView, { makefile: open, report, unsure }: TreeContext): void {
  const { syntax, path } = makefile
  const lists = listsOf(makefile, open('Makefile'))
  const bodies = [...visitNodes(syntax.nodes)].flatMap(({ node }) =>
    node.kind === 'define' ? defineBody(syntax, node) : [],
  )
  for (const part of [syntax, ...bodies]) {
    const rules = rulesWithRecipes(part)
    for (const rule of rules) {
      const macro = watchingMacro(part, rule)
      if (macro === null) continue
      const answer = isForced(rule, rules, lists)
      const at = { file: path, ...rangeOfRule(part, rule) }
      if (answer.kind === 'unknown') unsure(at, answer.because)
      else if (answer.kind === 'no') {
        const warning = checkForce(open('scripts/Kbuild.include'))
        report({ at, ...describe(makefile, { rule, macro }), ...evidence(makefile, rule, warning) })
      }
    }
  }
}

function listsOf({ syntax, path }: MakefileView, top: MakefileView | null): Lists {
  const isTop = top === null || path === top.path
  const definitions = definitionsByName(syntax)
  return { text: syntax.text, definitions, computed: computedLists(syntax), top: isTop ? null : listsOf(top, null) }
}

function computedLists({ nodes, text }: Makefile): ReadonlyMap<string, readonly Expr[]> {
  const lists = new Map<string, Expr[]>()
  for (const { node } of visitNodes(nodes)) {
    const list =
      node.kind === 'assignment' ? /^(.+-)\$[({]CONFIG_\w+[)}]$/.exec(textOf(text, node.name))?.[1] : undefined
    if (node.kind !== 'assignment' || list === undefined) continue
    const values = lists.get(list) ?? []
    values.push(node.value)
    lists.set(list, values)
  }
  return lists
}

const macros: ReadonlySet<string> = new Set(['if_changed', 'if_changed_dep', 'if_changed_rule', 'filechk'])

/** The macro that a recipe calls; null where it calls none. In the body of a `define` for `$(eval)` it is `$$(call ...)`. */
function watchingMacro({ text }: Makefile, { rule, recipes }: RuleWithRecipes): string | null {
  const lines = [...(rule.recipe === null ? [] : [rule.recipe]), ...recipes.map(({ recipe }) => recipe.text)]
  for (const line of lines) {
    for (const { args } of callsOf(line, 'call')) {
      const name = args[0] && literalText(text, args[0])?.trim()
      if (name !== undefined && macros.has(name)) return name
    }
    const quoted = /\$\$[({]call[ \t]+([\w-]+)/.exec(textOf(text, line))?.[1]
    if (quoted !== undefined && macros.has(quoted)) return quoted
  }
  return null
}

/** Whether FORCE is among the prerequisites of every target of a rule, those of other lines for it counted. */
function isForced(rule: RuleWithRecipes, rules: readonly RuleWithRecipes[], lists: Lists): Answer {
  const own = holdsForce(rule.rule.prerequisites, lists)
  if (own.kind === 'yes') return own
  const forcing = rules.filter((other) => addsForce(other, lists))
  const answers = exprWords(lists.text, rule.rule.targets).map((target) => forcedElsewhere(target, forcing, lists))
  if (answers.some(({ kind }) => kind === 'no')) return own
  return answers.find(({ kind }) => kind === 'unknown') ?? { kind: 'yes' }
}

/** Whether a line adds FORCE to rules for its targets: one with a recipe is a rule of its own, and so is a pattern. */
function addsForce({ rule, recipes }: RuleWithRecipes, lists: Lists): boolean {
  const isAddition = recipes.length === 0 && rule.recipe === null && !textOf(lists.text, rule.targets).includes('%')
  return isAddition && holdsForce(rule.prerequisites, lists).kind === 'yes'
}

/** Whether one of the lines that hold FORCE is for a target. */
function forcedElsewhere(target: Expr, forcing: readonly RuleWithRecipes[], lists: Lists): Answer {
  const name = textOf(lists.text, target)
  let because: string | null = null
  for (const { rule } of forcing) {
    for (const word of exprWords(lists.text, rule.targets)) {
      const other = textOf(lists.text, word)
      if (other === name) return { kind: 'yes' }
      if (mayHold(word, lists) || matches(name, other)) because = `\`${other}\` may be \`${name}\`, and has FORCE`
    }
  }
  return because === null ? { kind: 'no' } : { kind: 'unknown', because }
}

/** Whether a word of a target list may be any number of targets: it is nothing but references. */
function mayHold(word: Expr, { text }: Lists): boolean {
  return word.parts.every((part) => part.kind !== 'literal') && !/^\$[({](obj|src)[)}]$/.test(textOf(text, word))
}

/** Whether a pattern (`$(obj)/%.lds`) stands for a target too, as they are written. */
function matches(pattern: string, target: string): boolean {
  const [before, after] = pattern.split('%', 2)
  return before !== undefined && after !== undefined && target.startsWith(before) && target.endsWith(after)
}

/** From the first target to the last prerequisite. */
function rangeOfRule({ text }: Makefile, { rule }: RuleWithRecipes): { readonly start: number; readonly end: number } {
  const { start, end } = rule.targets.range
  return { start, end: Math.max(end, ...exprWords(text, rule.right).map(({ range }) => range.end)) }
}

function describe(
  { path, text }: MakefileView,
  { rule, macro }: { readonly rule: RuleWithRecipes; readonly macro: string },
): Pick<Report, 'message' | 'subject' | 'suggestion'> {
  const { targets, prerequisites, orderOnly } = rule.rule
  const name = textOf(text, targets).replaceAll(/\s*\\\n\s*|\s+/g, ' ')
  const isLate = orderOnly !== null && /\bFORCE\b/.test(textOf(text, orderOnly))
  const message = isLate
    ? `\`FORCE\` of \`${name}\` stands behind \`|\`, where it does not make \`${macro}\` run`
    : `\`${name}\` is made by \`${macro}\` but \`FORCE\` is not among its prerequisites`
  const words = exprWords(text, prerequisites)
  const last = words.at(-1)?.range.end ?? prerequisites.range.start
  const inserted = words.length === 0 && orderOnly !== null ? 'FORCE ' : ' FORCE'
  const edit = { at: { file: path, start: last, end: last }, text: inserted }
  return { message, subject: name, suggestion: { message: 'add `FORCE` to the prerequisites', edits: [edit] } }
}

/** Where scripts/Kbuild.include warns of a missing FORCE; null where the tree does not (before Linux 5.15). */
function checkForce(include: MakefileView | null): string | null {
  const at = include === null ? -1 : include.text.search(/^check-FORCE[ \t]*=/m)
  return include === null || at === -1 ? null : `${include.path}:${offsetToPosition(include.lines, at).line}`
}

function evidence(
  { path, text }: MakefileView,
  { rule, enclosing }: RuleWithRecipes,
  warning: string | null,
): Pick<Report, 'evidence' | 'reproduce'> {
  const target = /^\$\(obj\)(\/[\w./%-]+)$/.exec(textOf(text, rule.targets))?.[1]
  const directory = /^([\w./-]+)\/[\w.-]+$/.exec(path)?.[1]
  const shown = target !== undefined && directory !== undefined && enclosing.length === 0
  return {
    ...(warning !== null && { evidence: [`${warning} (\`check-FORCE\`) says so,`, 'but only when the recipe is run'] }),
    ...(shown && { reproduce: [printRule(path, directory, target)] }),
  }
}

/** Shows the prerequisites that GNU make knows of a target, without building anything: the goal is one that there is not. */
function printRule(path: string, directory: string, target: string): string {
  const variables = `srctree=. obj=${directory} src=${directory}`
  return `make -pqrRf ${path} ${variables} no-such-goal 2>/dev/null | grep -F '${directory}${target}:'`
}
