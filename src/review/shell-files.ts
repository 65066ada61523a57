import type { SimpleCommand } from './shell-commands.ts'
import { programName, programWord } from './shell-program.ts'
import { literalOf, type ShellWord } from './shell-words.ts'

/** A word of a command that names a file. `run` is the program itself, `script` what an interpreter is given, `read` any other. */
export type FileUse = { readonly word: ShellWord; readonly how: 'run' | 'script' | 'read' }

/** Interpreters, by their names and by the variables that the top makefile exports for them. */
const interpreters =
  /^(?:\$[({](?:CONFIG_SHELL|SHELL|BASH|PYTHON3|PERL|AWK)[)}]|(?:\/bin\/)?(?:sh|bash)|perl|python3|awk|\.|source)$/

/** Programs that open each of their operands to read it (POSIX Utilities). The first of `sed`, `grep` and `awk` is a script. */
const readers: ReadonlySet<string> = new Set([
  'cat',
  'cmp',
  'diff',
  'sort',
  'head',
  'tail',
  'wc',
  'xxd',
  'od',
  'hexdump',
])

/** The words of a command that name a file which it runs or reads, as far as the command is known. */
export function filesRead(command: SimpleCommand): readonly FileUse[] {
  const text = command.source.makefile
  const program = programWord(command)
  const inputs = command.redirections
    .filter(({ op, target }) => op === '<' && target !== null)
    .flatMap(({ target }) => (target === null ? [] : [{ word: target, how: 'read' } as const]))
  if (program === null) return inputs
  const written = text.slice(program.start, program.end)
  const operands = operandsBehind(command, program)
  if (interpreters.test(written)) return [...scriptOf(command, program), ...inputs]
  const name = literalOf(program)
  const opened =
    name === 'cp' || name === 'install' || name === 'mv'
      ? operands.slice(0, -1)
      : readers.has(name ?? '')
        ? operands
        : []
  return [{ word: program, how: 'run' }, ...opened.map((word) => ({ word, how: 'read' }) as const), ...inputs]
}

/** The script that an interpreter is given: its first operand, behind `-f` of awk; none behind `-c` and `-e`. */
function scriptOf(command: SimpleCommand, program: ShellWord): readonly FileUse[] {
  const rest = command.words.slice(command.words.indexOf(program) + 1)
  const isAwk = /awk/i.test(command.source.makefile.slice(program.start, program.end))
  const at = isAwk ? rest.findIndex((word) => literalOf(word) === '-f') + 1 : 0
  if (isAwk && at === 0) return []
  const options = isAwk ? [] : rest.filter((word) => literalOf(word)?.startsWith('-') === true)
  const isShell = /sh$|SHELL|BASH/.test(command.source.makefile.slice(program.start, program.end).replace(/[)}]$/, ''))
  const inline = isShell ? /^-[a-z]*c$/ : /^-\w*[ceEm]$/
  if (options.some((word) => inline.test(literalOf(word) ?? ''))) return []
  const [word] = rest.slice(at).filter((each) => !options.includes(each))
  return word === undefined ? [] : [{ word, how: 'script' }]
}

/** Programs whose last operand is what they write, others that write all of them. */
const copiers: ReadonlySet<string> = new Set(['cp', 'mv', 'ln', 'install'])
const makers: ReadonlySet<string> = new Set(['touch', 'mkdir', 'tee', 'truncate'])

/** Programs for which `-o` is not the file that they write. */
const otherwise: ReadonlySet<string> = new Set(['find', 'test', '[', 'set', 'grep', 'egrep', 'ps', 'printf', 'echo'])

/** The words of a command that name a file or directory which it makes or changes, as far as the command is known. */
export function filesWritten(command: SimpleCommand): readonly ShellWord[] {
  const outputs = command.redirections.flatMap(({ op, target }) =>
    /^(?:>>?|>\||&>>?)$/.test(op) && target !== null ? [target] : [],
  )
  const name = programName(command) ?? ''
  const program = programWord(command)
  if (program === null || otherwise.has(name)) return outputs
  const operands = operandsBehind(command, program)
  if (makers.has(name)) return [...outputs, ...operands]
  const words = command.words.map((word) => literalOf(word))
  if (copiers.has(name)) return [...outputs, ...(operands.length < 2 || words.includes('-t') ? [] : operands.slice(-1))]
  if (name === 'sed')
    return words.some((word) => /^-i|^--in-place/.test(word ?? '')) ? [...outputs, ...operands.slice(-1)] : outputs
  const option = words.indexOf('-o')
  const file = option === -1 ? undefined : command.words[option + 1]
  return file === undefined ? outputs : [...outputs, file]
}

/** The words behind the program that are no options. */
function operandsBehind({ words }: SimpleCommand, program: ShellWord): readonly ShellWord[] {
  return words.slice(words.indexOf(program) + 1).filter((word) => literalOf(word)?.startsWith('-') !== true)
}
