import { textOf } from '../../src/make/expr-text.ts'
import type { Report } from '../../src/review/finding.ts'
import { defineRule, type MakefileView } from '../../src/review/rule.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { programName, programVariable, programWord } from '../../src/review/shell-program.ts'
import { scriptsOf, type Script } from '../../src/review/shell-scripts.ts'
import { literalOf } from '../../src/review/shell-words.ts'

/**
 * make hands its jobserver on to recipe lines that have `$(MAKE)` in them or begin with `+`, and runs those under `-n` too
 * (GNU make job.c, COMMANDS_RECURSE). A plain `make` is neither, and is whatever PATH has.
 *
 * `$(shell make ...)` is not told: it has no jobserver in any case. Loops over sub-makes are told where a build goes through
 * them; the selftests run them to the end on purpose, whatever fails.
 */
export default defineRule({
  id: 'ms-bare-make',
  severity: 'warning',
  scope: 'tree',
  summary: 'A recipe starts `make` instead of `$(MAKE)`, or loses the status of a `$(MAKE)` in a loop.',
  since: '0.1.0',
  check({ makefiles, report }) {
    for (const makefile of makefiles) {
      if (!/\bmake\b|[({]MAKE[)}]/.test(makefile.text)) continue
      for (const script of scriptsOf(makefile.syntax)) {
        if (script.kind === 'shell') continue
        const commands = commandsOf(script.expr, makefile.text)
        for (const command of commands.filter((each) => programName(each) === 'make')) {
          report(describePlain(command, script, makefile))
        }
        const lost = losesStatus(commands, makefile) ? commands.find(isLooped) : undefined
        if (lost) report(describeLoop(lost, script, makefile))
      }
    }
  },
})

function describePlain(command: SimpleCommand, script: Script, makefile: MakefileView): Report {
  const { start, end } = programWord(command) ?? command
  const at = { file: makefile.path, start, end }
  return {
    at,
    message: `\`make\`${placeOf(script, makefile)} ${isRecursive(script, makefile) ? isAnother : hasNoJobserver}`,
    subject: makefile.text.slice(command.start, command.end).replaceAll(/\s+/g, ' '),
    suggestion: { message: 'use `$(MAKE)`', edits: [{ at, text: '$(MAKE)' }] },
  }
}

const isAnother = 'is whatever PATH has: `$(MAKE)` is the make that runs'
const hasNoJobserver = 'gets no jobserver, and is not run by `make -n`: `$(MAKE)` does and is'

/** Whether a line begins with `+`, which makes it one for a sub-make whatever it runs. */
function isRecursive({ kind, expr }: Script, { text }: MakefileView): boolean {
  return kind === 'recipe' && /^[@\s-]*\+/.test(text.slice(expr.range.start, expr.range.end))
}

function describeLoop({ start, end }: SimpleCommand, script: Script, { path, text }: MakefileView): Report {
  return {
    at: { file: path, start, end },
    message: `only the last \`$(MAKE)\` of this loop counts${placeOf(script, { path, text })}: add \`|| exit\``,
  }
}

function placeOf(script: Script, { text }: Pick<MakefileView, 'path' | 'text'>): string {
  if (script.kind === 'command') return ` in \`${script.definition.name}\``
  const targets = script.kind === 'recipe' && script.rule !== null ? textOf(text, script.rule.rule.targets) : ''
  return targets === '' || targets.includes('\n') ? '' : ` in the recipe of \`${targets}\``
}

function isLooped(command: SimpleCommand): boolean {
  return command.loops > 0 && programVariable(command) === 'MAKE' && command.separator === ';'
}

/** Whether a loop goes on where a make in it fails: nothing exits, neither behind the make nor by `set -e`. */
function losesStatus(commands: readonly SimpleCommand[], { world }: MakefileView): boolean {
  if (world !== 'kbuild' && world !== 'top' && world !== 'core') return false
  return !commands.some((command) => {
    const [name, option] = command.words.map((word) => literalOf(word) ?? '')
    return (
      name === 'exit' ||
      name === 'break' ||
      (name === 'set' && option?.startsWith('-') === true && option.includes('e'))
    )
  })
}
