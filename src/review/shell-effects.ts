import { redirectsOutput, type SimpleCommand } from './shell-commands.ts'
import { programName } from './shell-program.ts'
import { literalOf, type ShellWord } from './shell-words.ts'

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

/** Whether a command creates, changes or removes files, as far as its program and redirections tell. */
export function changesFiles(command: SimpleCommand): boolean {
  return writesFile(command) || changers.has(programName(command) ?? '')
}

function writesFile({ redirections }: SimpleCommand): boolean {
  return redirections.some(({ op, fd, target }) => />/.test(op) && op !== '>&' && fd !== 2 && !isDiscarded(target))
}

function isDiscarded(target: ShellWord | null): boolean {
  return target !== null && literalOf(target) === '/dev/null'
}

/** Whether commands print something that gets out: not into a file, nor into the next command of a pipe. */
export function printsAnything(commands: readonly SimpleCommand[]): boolean {
  return commands.some((command, at) => {
    if (redirectsOutput(command) || (command.separator === '|' && at + 1 < commands.length)) return false
    const program = programName(command)
    return program === null ? command.words.length > 0 : !changers.has(program) && !bystanders.has(program)
  })
}

/** Whether all that a command does is to say something, to whoever watches: `echo >&2 'no such file'`. */
export function onlySays(command: SimpleCommand): boolean {
  const name = programName(command) ?? ''
  return (sayers.has(name) || bystanders.has(name)) && !writesFile(command)
}

const sayers: ReadonlySet<string> = new Set(['echo', 'printf'])

/** Whether what a command has to complain of is discarded, or goes where its output does. */
export function hidesErrors({ redirections }: SimpleCommand): boolean {
  return redirections.some(({ op, fd }) => fd === 2 || op === '&>' || op === '&>>')
}
