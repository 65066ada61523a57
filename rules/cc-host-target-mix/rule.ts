import type { Makefile } from '../../src/make/cst.ts'
import { exprWords, literalText, textOf } from '../../src/make/expr-text.ts'
import { rulesWithRecipes, type RuleWithRecipes } from '../../src/make/recipes.ts'
import { exprsOf, visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { commandVariables } from '../../src/review/recipe-commands.ts'
import { definitionsByName } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { programName, programWord } from '../../src/review/shell-program.ts'
import { scriptsOf, type Script } from '../../src/review/shell-scripts.ts'
import type { ShellWord } from '../../src/review/shell-words.ts'
import { hostTools, type HostTool } from './host-tools.ts'
import { runsOfTargetPrograms } from './target-programs.ts'
import { isToolVariable, misusedPrefixes, misusedWords, type Misuse } from './toolchain-words.ts'

/**
 * A plain `nm` is the host's: in a cross build it is of another architecture, with LLVM=1 it is not the one that was asked
 * for (Documentation/kbuild/llvm.rst). The variables are exported by the top makefile, from which the rule learns which
 * there are: without it, or with one that does not have the variable yet, it says nothing.
 *
 * Silent on what is done to a program of the build itself (a name in `hostprogs`), where the variable itself is set, and on makefiles that no kernel build
 * reads: those are run by hand, on the host. awk, perl and python are the host's in any case.
 */
export default defineRule({
  id: 'cc-host-target-mix',
  severity: 'error',
  scope: 'tree',
  summary: 'A program of the host is used where the build has a variable for the right one.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (!isPartOfBuild(makefile)) continue
      checkTools(makefile, context)
      const at = (range: Misuse['range']) => ({ file: makefile.path, start: range.start, end: range.end })
      for (const { range, message } of runsOfTargetPrograms(makefile)) context.report({ at: at(range), message })
      for (const { range, message } of misuses(makefile)) {
        context.report({ at: at(range), message, severity: 'warning' })
      }
    }
  },
})

/** What takes the toolchain for single words or its prefix for one of LLVM's. */
function misuses({ syntax, text }: MakefileView): readonly Misuse[] {
  const commands = scriptsOf(syntax).flatMap(({ expr }) => commandsOf(expr, text))
  const exprs = text.includes('CROSS_COMPILE') ? [...visitNodes(syntax.nodes)].flatMap(({ node }) => exprsOf(node)) : []
  return [...commands.flatMap(misusedWords), ...exprs.flatMap(({ expr }) => misusedPrefixes(expr, text))]
}

/** The uses of one tool in one script. */
type Use = {
  readonly makefile: MakefileView
  readonly script: Script
  readonly name: string
  readonly tool: HostTool
  readonly words: readonly ShellWord[]
}

function checkTools(makefile: MakefileView, { makefile: open, report, unsure }: TreeContext): void {
  for (const script of scriptsOf(makefile.syntax)) {
    if (choosesTool(script)) continue
    const commands = commandsOf(script.expr, makefile.text).filter(
      (command) => !isAboutHostProgram(command, script, makefile),
    )
    for (const [name, uses] of Map.groupBy(commands, programName)) {
      const tool = hostTools.get(name ?? '')
      const words = uses.flatMap((command) => programWord(command) ?? [])
      const [first] = words
      if (name === null || tool === undefined || first === undefined) continue
      const at = { file: makefile.path, start: first.start, end: first.end }
      const top = open('Makefile')
      if (top === null) unsure(at, 'there is no top makefile to say which variables there are')
      else if (mentions(top.text, tool.known)) report({ at, ...describe({ makefile, script, name, tool, words }) })
    }
  }
}

/** Whether a script finds out which program a variable of the toolchain is to be: `HOSTCC := $(shell cc --version ...)`. */
function choosesTool(script: Script): boolean {
  return script.kind === 'shell' && script.variable !== null && isToolVariable(script.variable)
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text)
}

function describe({ makefile, script, name, tool, words }: Use): Omit<Report, 'at'> {
  const owner = ownerOf(script, makefile)
  const message = `\`${name}\`${placeOf(script, owner)} is whatever the host has; ${tool.advice}`
  const { variable } = tool
  const subject = `${name} ${script.kind} ${owner}`
  if (variable === null) return { message, subject }
  const edits = words.map(({ start, end }) => ({ at: { file: makefile.path, start, end }, text: `$(${variable})` }))
  return { message, subject, suggestion: { message: `use \`$(${variable})\``, edits } }
}

function ownerOf(script: Script, { text }: MakefileView): string {
  if (script.kind === 'command') return script.definition.name
  return script.kind === 'recipe' && script.rule !== null ? textOf(text, script.rule.rule.targets) : ''
}

function placeOf(script: Script, owner: string): string {
  if (script.kind === 'shell') return ' in `$(shell ...)`'
  if (owner === '' || owner.includes('\n')) return ''
  return script.kind === 'command' ? ` in \`${owner}\`` : ` in the recipe of \`${owner}\``
}

/** Whether a command, or a rule that runs it, names a program that runs during the build. */
function isAboutHostProgram(command: SimpleCommand, script: Script, { syntax, text }: MakefileView): boolean {
  if (!hostTools.has(programName(command) ?? '')) return false
  const values = (definitionsByName(syntax).get('hostprogs') ?? []).map(({ value }) => value)
  const programs = values.flatMap((value) => exprWords(text, value)).flatMap((word) => literalText(text, word) ?? [])
  if (programs.length === 0) return false
  const around = rulesOf(script, syntax).map(({ rule }) => `${textOf(text, rule.targets)} ${textOf(text, rule.right)}`)
  const words = [text.slice(command.start, command.end), ...around].join(' ').split(/[\s"'()/]+/)
  return programs.some((program) => words.includes(program))
}

/** The rules that run a script. */
function rulesOf(script: Script, syntax: Makefile): readonly RuleWithRecipes[] {
  if (script.kind === 'shell') return []
  if (script.kind === 'recipe') return script.rule === null ? [] : [script.rule]
  const { name } = script.definition
  return rulesWithRecipes(syntax).filter((rule) => commandVariables(syntax, rule).includes(name))
}
