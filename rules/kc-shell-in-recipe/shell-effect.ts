import type { Expr } from '../../src/make/cst.ts'
import { textOf } from '../../src/make/expr-text.ts'
import { referencesOf } from '../../src/make/visit.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { literalOf, type ShellWord } from '../../src/review/shell-words.ts'

/**
 * What the commands of a `$(shell ...)` are for: `acts` where they write or remove files and print nothing, `reads` where
 * they print what they find in what is built, `computes` where they only print.
 */
export type Purpose = 'acts' | 'reads' | 'computes'

/** What the text of a `$(shell ...)` of a makefile does. */
export function purposeOf(expr: Expr, text: string): Purpose {
  const commands = commandsOf(expr, text)
  const isSilent = commands.length > 0 && commands.every((command, at) => isSilentAt(command, commands[at + 1]))
  if (isSilent && commands.some(hasEffect)) return 'acts'
  return namesFiles(expr, text) ? 'reads' : 'computes'
}

/** Programs that change files and print nothing. */
const changers: ReadonlySet<string> = new Set(['rm', 'rmdir', 'mkdir', 'cp', 'mv', 'ln', 'touch', 'chmod', 'install'])

/** Programs that print nothing and change nothing, for the commands around them. */
const bystanders: ReadonlySet<string> = new Set([
  ':',
  'true',
  'false',
  'test',
  '[',
  'set',
  'cd',
  'trap',
  'exit',
  'wait',
])

function programOf({ words }: SimpleCommand): string | null {
  const first = words[0]
  return first === undefined ? null : literalOf(first)
}

function writesFile({ redirections }: SimpleCommand): boolean {
  return redirections.some(({ op, target }) => />/.test(op) && op !== '>&' && !isDiscarded(target))
}

function isDiscarded(target: ShellWord | null): boolean {
  return target !== null && literalOf(target) === '/dev/null'
}

function hasEffect(command: SimpleCommand): boolean {
  return writesFile(command) || changers.has(programOf(command) ?? '')
}

/** Whether nothing of what a command prints gets out: it goes into a file or the next command, or it prints nothing. */
function isSilentAt(command: SimpleCommand, next: SimpleCommand | undefined): boolean {
  const program = programOf(command)
  if (command.redirections.some(({ op }) => /^(?:>>?|>\||&>>?)$/.test(op))) return true
  if (command.separator === '|' && next !== undefined) return true
  return program === null ? command.words.length === 0 : changers.has(program) || bystanders.has(program)
}

/** Automatic variables of make (manual 10.5.3), those that Kbuild derives from them, and the directory of what is built. */
const workedOn = /^(?:[@<^?*+|%][DF]?|real-prereqs|newer-prereqs|tmp-target|dot-target|obj)$/

/** What a build makes, by its usual names. */
const built = /(?:^|[\s/"'<])(?:vmlinux(?:\.\w+)?|[\w.-]+\.(?:o|a|ko|order|symvers))(?=$|[\s"';|)])/

function namesFiles(expr: Expr, text: string): boolean {
  const names = referencesOf(expr).map(({ name }) => textOf(text, name))
  return names.some((name) => workedOn.test(name)) || built.test(textOf(text, expr))
}
