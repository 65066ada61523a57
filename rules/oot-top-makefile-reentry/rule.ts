import { textOf } from '../../src/make/expr-text.ts'
import { rulesWithRecipes, type RuleWithRecipes } from '../../src/make/recipes.ts'
import type { Report } from '../../src/review/finding.ts'
import { recipeLines } from '../../src/review/recipe-texts.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { programName, programVariable } from '../../src/review/shell-program.ts'
import { scriptsOf } from '../../src/review/shell-scripts.ts'
import { literalOf, type ShellWord } from '../../src/review/shell-words.ts'
import { firstEntryOf, type FirstEntry } from './top-makefile.ts'

/**
 * The top makefile reads `M=` where `sub_make_done` is not set, and exports `sub_make_done := 1`. `make kselftest` is below it, so
 * a test that builds modules by entering a kernel tree again inherits the variable, and its `M=` is not read: the whole kernel is
 * built, or cleaned. `KBUILD_EXTMOD=` helps as long as it is used behind that part; which the tree's own Makefile says.
 *
 * Silent outside the selftests: samples/ and the rest of tools/ are entered by hand, or read by Kbuild, which does not run
 * the recipes for `make` in their directory. Silent where the makefile, or one on the way to it, names `sub_make_done`.
 */
export default defineRule({
  id: 'oot-top-makefile-reentry',
  severity: 'warning',
  scope: 'tree',
  summary: "A test enters a kernel's top makefile again, which does not read `M=` a second time.",
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) if (mayEnter(makefile)) checkMakefile(makefile, context)
  },
})

function mayEnter({ world, text }: MakefileView): boolean {
  return world === 'selftests' && /\b(?:M|KBUILD_EXTMOD)=/.test(text) && !text.includes('sub_make_done')
}

function checkMakefile(makefile: MakefileView, context: TreeContext): void {
  const { makefile: open, report, unsure } = context
  for (const script of scriptsOf(makefile.syntax)) {
    if (script.kind !== 'recipe') continue
    for (const command of commandsOf(script.expr, makefile.text)) {
      const switchWord = moduleSwitch(command)
      if (switchWord === null) continue
      const at = { file: makefile.path, start: switchWord.start, end: switchWord.end }
      const top = open('Makefile')
      const first = top === null || isReset(top, context) ? null : firstEntryOf(top)
      if (top === null) unsure(at, 'there is no top makefile to say how it reads `M=`')
      else if (first !== null && isLost(switchWord, first)) {
        report({ at, ...describe({ makefile, rule: script.rule, command, switchWord, first }) })
      }
    }
  }
}

/** Whether somebody on the way from `make kselftest` to the tests forgets that the top makefile was entered. */
function isReset(top: MakefileView, { makefile: open }: TreeContext): boolean {
  const between = ['tools/testing/selftests/Makefile', 'tools/testing/selftests/lib.mk']
  if (between.some((path) => open(path)?.text.includes('sub_make_done') === true)) return true
  const starting = rulesWithRecipes(top.syntax).filter(({ rule }) =>
    textOf(top.text, rule.targets).includes('kselftest'),
  )
  return starting.flatMap(recipeLines).some((line) => textOf(top.text, line).includes('sub_make_done'))
}

/** The `M=dir` of a command that runs make; null where there is none. */
function moduleSwitch(command: SimpleCommand): ShellWord | null {
  if (programVariable(command) !== 'MAKE' && programName(command) !== 'make') return null
  return command.words.find((word) => /^(?:M|KBUILD_EXTMOD)=/.test(startOf(word))) ?? null
}

/** What a word begins with, up to its first reference. */
function startOf({ pieces: [first] }: ShellWord): string {
  return first?.kind === 'text' ? first.text : ''
}

function isLost(switchWord: ShellWord, { usesExtmod }: FirstEntry): boolean {
  return usesExtmod || startOf(switchWord).startsWith('M=')
}

type Entry = {
  readonly makefile: MakefileView
  readonly rule: RuleWithRecipes | null
  readonly command: SimpleCommand
  readonly switchWord: ShellWord
  readonly first: FirstEntry
}

function describe(entry: Entry): Omit<Report, 'at'> {
  const { makefile, switchWord, command, first } = entry
  const isM = startOf(switchWord).startsWith('M=')
  const cleans = command.words.some((word) => /clean$/.test(literalOf(word) ?? ''))
  const message = isM
    ? `\`M=\` is not read here below \`make kselftest\`: this ${cleans ? 'cleans' : 'builds'} the whole kernel instead of the modules`
    : 'below `make kselftest` make does not change to the directory that `KBUILD_EXTMOD=` names'
  return {
    message,
    ...(isM && cleans && { severity: 'error' }),
    evidence: [
      `Makefile:${first.line} skips what it does with the command line`,
      'where `sub_make_done` is set, as it is below the top makefile',
    ],
    subject: makefile.text.slice(command.start, command.end).replaceAll(/\s+/g, ' '),
    ...reproduction(entry),
    ...suggestion(entry),
  }
}

function suggestion({ makefile, command, switchWord, first }: Entry): Pick<Report, 'suggestion'> {
  const file = makefile.path
  if (!first.usesExtmod) {
    const at = { file, start: switchWord.start, end: switchWord.start + 'M='.length }
    return { suggestion: { message: 'use `KBUILD_EXTMOD=`', edits: [{ at, text: 'KBUILD_EXTMOD=' }] } }
  }
  const start = command.assignments[0]?.start ?? command.words[0]?.start ?? command.start
  const edits = [{ at: { file, start, end: start }, text: 'unset sub_make_done; ' }]
  return { suggestion: { message: 'unset `sub_make_done` before', edits } }
}

/** A dry run as `make kselftest` would start it, against this tree. */
function reproduction({ makefile, rule, command, switchWord, first }: Entry): Pick<Report, 'reproduce'> {
  const directory = /^([\w./-]+)\/[\w.-]+$/.exec(makefile.path)?.[1]
  const target = rule === null ? '' : textOf(makefile.text, rule.rule.targets)
  if (directory === undefined || !/^[\w-]+$/.test(target)) return {}
  const kernel = /-C[ \t]*\$[({](\w+)[)}]/.exec(makefile.text.slice(command.start, command.end))?.[1]
  const variable = kernel === undefined ? '' : ` ${kernel}=$PWD`
  const dryRun = `sub_make_done=1 make -n -C ${directory}${variable} ${target}`
  const shown = target.includes('clean') ? `${dryRun} 2>&1 | grep -F 'Makefile.clean obj=.'` : dryRun
  return startOf(switchWord).startsWith('M=') || first.usesExtmod ? { reproduce: [shown] } : {}
}
