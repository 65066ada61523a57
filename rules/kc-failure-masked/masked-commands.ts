import { textOf } from '../../src/make/expr-text.ts'
import type { MakefileView } from '../../src/review/rule.ts'
import { commandsOf, type SimpleCommand } from '../../src/review/shell-commands.ts'
import { programName, programWord } from '../../src/review/shell-program.ts'
import type { Script } from '../../src/review/shell-scripts.ts'

/** How the status of a command gets lost. */
export type Masking = 'dash' | 'or true' | 'sequence' | 'pipe' | 'and list' | 'loop'

/** A command whose status is lost, and what follows it. */
export type MaskedCommand = {
  readonly masking: Masking
  readonly command: SimpleCommand
  readonly next: SimpleCommand | null
}

/** The commands of a script that make the target and whose status is lost. */
export function maskedCommands(script: RunScript, { text }: MakefileView): readonly MaskedCommand[] {
  const commands = commandsOf(script.expr, text)
  if (isIgnored(script)) return commands.filter((command) => writesTarget(command, text)).map(byDash)
  const whole = textOf(text, script.expr)
  const isStopping = script.kind === 'command' || /\bset +-\w*e/.test(whole)
  return commands.flatMap((command, at): readonly MaskedCommand[] => {
    const masking = maskingOf({ commands, at, text, isStopping })
    if (masking === null || (masking === 'pipe' && whole.includes('pipefail'))) return []
    return [{ masking, command, next: commands[at + 1] ?? null }]
  })
}

export type RunScript = Exclude<Script, { readonly kind: 'shell' }>

function byDash(command: SimpleCommand): MaskedCommand {
  return { masking: 'dash', command, next: null }
}

/** Whether make ignores the status of a recipe line: `-` stands before it. */
function isIgnored(script: RunScript): boolean {
  if (script.kind !== 'recipe') return false
  return script.rule?.recipes.some(({ recipe }) => recipe.text === script.expr && recipe.prefix.includes('-')) === true
}

type Situation = {
  readonly commands: readonly SimpleCommand[]
  readonly at: number
  readonly text: string
  readonly isStopping: boolean
}

function maskingOf({ commands, at, text, isStopping }: Situation): Masking | null {
  const [command, next, after] = commands.slice(at)
  if (command === undefined) return null
  const makesTarget = writesTarget(command, text) && !isPrinting(command)
  if (command.loops > 0 && !isStopping && command.separator === ';' && isOwnProgram(command, text)) return 'loop'
  if (next === undefined) return null
  if (command.separator === '||' && isNothing(next) && (makesTarget || copiesToTarget(command, text))) return 'or true'
  if (command.separator === '|' && isOwnProgram(command, text))
    return endsInTarget(commands.slice(at), text) ? 'pipe' : null
  if (command.separator === ';' && makesTarget && !isStopping && !endsBlock(command, text) && !followsUp(next, text)) {
    return 'sequence'
  }
  const isList = command.separator === '&&' && next.separator === ';' && !endsBlock(next, text) && after !== undefined
  return isList && makesTarget && isStopping ? 'and list' : null
}

/** Whether the pipe that begins here writes the target at its end. */
function endsInTarget(commands: readonly SimpleCommand[], text: string): boolean {
  const last = commands.find(({ separator }) => separator !== '|')
  return last !== undefined && last.source === commands[0]?.source && writesTarget(last, text)
}

/** Whether a command is the last of a branch or of a condition: what follows it does not follow it always. */
function endsBlock({ end }: SimpleCommand, text: string): boolean {
  return /^[\s\\;]*(?:then|elif|else|fi|do|done|esac|[})])/.test(text.slice(end, end + 40))
}

/** Whether a command only prints what stands there, which does not fail. */
function isPrinting(command: SimpleCommand): boolean {
  const name = programName(command)
  return name === 'echo' || name === 'printf'
}

/** Whether a command writes the target: redirects to `$@`, or names it behind `-o`. */
function writesTarget({ words, redirections }: SimpleCommand, text: string): boolean {
  if (redirections.some(({ op, target }) => op === '>' && isTarget(target, text))) return true
  return words.some((word, at) => text.slice(word.start, word.end) === '-o' && isTarget(words[at + 1] ?? null, text))
}

function isTarget(word: { readonly start: number; readonly end: number } | null, text: string): boolean {
  return word !== null && /^"?(?:\$@|\$[({]@[)}])"?$/.test(text.slice(word.start, word.end))
}

/** Programs that write what their last word names. */
const copying = /^(?:cp|mv|\$[({](?:OBJCOPY|STRIP)[)}])$/

function copiesToTarget(command: SimpleCommand, text: string): boolean {
  const word = programWord(command)
  const last = command.words.at(-1)
  if (word === null || last === undefined || command.words.length < 2) return false
  return copying.test(text.slice(word.start, word.end)) && isTarget(last, text)
}

function isNothing(command: SimpleCommand): boolean {
  const name = programName(command)
  return name === 'true' || name === ':'
}

/** Whether a command is a program or script of the tree, which may fail half way: `$(obj)/gen`, `$(CONFIG_SHELL) $(src)/gen.sh`. */
function isOwnProgram(command: SimpleCommand, text: string): boolean {
  const word = programWord(command)
  if (word === null) return false
  const program = text.slice(word.start, word.end)
  const [, second] = command.words
  const argument = second === undefined ? '' : text.slice(second.start, second.end)
  return isOfTree(program) || (/^\$[({](?:CONFIG_SHELL|PYTHON3|PERL|AWK)[)}]$/.test(program) && isOfTree(argument))
}

function isOfTree(word: string): boolean {
  return /^\$[({](?:obj|objtree|src|srctree)[)}]\/[\w./-]+$/.test(word)
}

/** Whether a command looks at what the one before has done. */
function followsUp(next: SimpleCommand, text: string): boolean {
  const written = text.slice(next.start, next.end)
  return /\$\$\?|^(?:test|\[|exit)\b/.test(written) || next.words.length === 0
}
