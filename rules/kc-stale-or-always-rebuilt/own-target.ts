import { exprWords, literalText, textOf } from '../../src/make/expr-text.ts'
import { rulesWithRecipes, type RuleWithRecipes } from '../../src/make/recipes.ts'
import { referencesOf } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { commandVariables } from '../../src/review/recipe-commands.ts'
import { macroCallsOfRule } from '../../src/review/recipe-macros.ts'
import { recipeLines } from '../../src/review/recipe-texts.ts'
import { definitionsByName, type Definition } from '../../src/review/recipe-variables.ts'
import type { MakefileView } from '../../src/review/rule.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'

type Definitions = ReadonlyMap<string, readonly Definition[]>

/** Rules of files that are made anew each time, and that do not make their target. */
export function misdirectedRules(makefile: MakefileView): readonly Omit<Report, 'severity'>[] {
  const definitions = definitionsByName(makefile.syntax)
  return rulesWithRecipes(makefile.syntax)
    .filter(({ rule }) => isFile(textOf(makefile.text, rule.targets)))
    .flatMap((rule) => [...rewritten(rule, makefile), ...writesOther(rule, makefile, definitions)])
}

/** Whether a target is a file of the directory, in the words that makefiles use: a name alone may be phony. */
function isFile(target: string): boolean {
  return /^\$[({](?:obj|objtree)[)}]\/[\w./%-]+$/.test(target.trim())
}

const comparing = /\b(?:cmp|diff|if_changed\w*|filechk\w*)\b|\btest\b|\[ /

/** FORCE, and a plain recipe that writes the target whatever was there. */
function rewritten(rule: RuleWithRecipes, { text, path }: MakefileView): readonly Report[] {
  const force = exprWords(text, rule.rule.prerequisites).find((word) => textOf(text, word) === 'FORCE')
  const lines = recipeLines(rule)
  if (force === undefined || lines.length === 0) return []
  if (lines.some((line) => comparing.test(textOf(text, line)) || /\$[({](?:call|MAKE)\b/.test(textOf(text, line))))
    return []
  const writing = lines.flatMap((line) => commandsOf(line, text)).find((command) => writesTarget(command, text))
  if (writing === undefined) return []
  const name = textOf(text, rule.rule.targets)
  const message = `\`${name}\` is written anew by each build, and all that depends on it is built again`
  const at = { file: path, ...force.range }
  const evidence = [
    '`if_changed` runs the command where it has changed, `filechk` keeps',
    'the file where its text is the same',
  ]
  return [{ at, message, subject: name, evidence }]
}

function writesTarget({ redirections }: SimpleCommand, text: string): boolean {
  return redirections.some(
    ({ op, target }) => op === '>' && target !== null && isTarget(text.slice(target.start, target.end)),
  )
}

function isTarget(written: string): boolean {
  return /^"?(?:\$@|\$[({]@[)}])"?$/.test(written)
}

/** A recipe that says where all of its output goes, and it is not the target. */
function writesOther(rule: RuleWithRecipes, makefile: MakefileView, definitions: Definitions): readonly Report[] {
  const { text, path, syntax } = makefile
  const names = commandVariables(syntax, rule)
  const called = names.flatMap((name) => definitions.get(name) ?? [])
  const calls = macroCallsOfRule(makefile, rule)
  if (calls.some(({ macro, stemText }) => macro === 'filechk' || stemText === null)) return []
  if (names.some((name) => !definitions.has(name))) return []
  const exprs = [...recipeLines(rule), ...called.map(({ value }) => value)]
  const target = textOf(text, rule.rule.targets).trim()
  const ownNames = target.split(/\s+/).map(nameOf)
  if (exprs.some((expr) => ownNames.some((name) => textOf(text, expr).includes(name)))) return []
  if (exprs.some((expr) => mayNameTarget(rule, textOf(text, expr)) || expr.parts.some((part) => part.kind === 'bad')))
    return []
  if (exprs.some((expr) => referencesOf(expr).some(({ name }) => !isHarmless(literalText(text, name))))) return []
  const commands = exprs.flatMap((expr) => commandsOf(expr, text))
  const outputs = commands.flatMap(({ redirections }) => redirections.filter(({ op, fd }) => op === '>' && fd !== 2))
  const [first] = outputs.flatMap(({ target }) => target ?? [])
  if (first === undefined) return []
  const message = `the recipe of \`${target}\` writes \`${text.slice(first.start, first.end)}\` and never its target: make runs it each time`
  return [{ at: { file: path, start: first.start, end: first.end }, message, subject: target }]
}

/** The last part of a path, by which a recipe may write its target too. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Whether a text names the target, or a file whose name comes from the target. */
function mayNameTarget({ rule }: RuleWithRecipes, text: string): boolean {
  return /\$[@*%]|\$[({][@*%]|target|\bmv\b|\bcp\b/.test(text) || rule.recipe !== null
}

/** Variables that hold no name of a target: paths of the trees, prerequisites, programs. */
function isHarmless(name: string | null): boolean {
  return name !== null && (/^(?:src|obj|srctree|objtree|Q|[<^?+])$/.test(name) || /^[A-Z][A-Z0-9]*$/.test(name))
}
