import type { SimpleCommand } from './shell-commands.ts'
import { variableName } from './shell-source.ts'
import { literalOf, type ShellWord } from './shell-words.ts'

/** Programs that run the command among their arguments. */
const wrappers: ReadonlySet<string> = new Set(['exec', 'command', 'time', 'env', 'nice', 'xargs'])

/** Options of these that take their value as a word of its own. */
const takesValue = /^-[EILPdnsu]$/

/**
 * The word of a command that names the program, behind `exec`, `env A=b` and `xargs -0`; null where there is none.
 * `command -v` runs nothing.
 */
export function programWord({ words }: SimpleCommand): ShellWord | null {
  const waiting = [...words]
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    const name = literalOf(word)
    if (name === null || !wrappers.has(name)) return word
    if (!passOptions(waiting)) return null
  }
  return null
}

/** The program of a command as it is written: `nm`, or null where a reference is part of it or there is none. */
export function programName(command: SimpleCommand): string | null {
  const word = programWord(command)
  return word === null ? null : literalOf(word)
}

/** The variable that holds the program of a command, `MAKE` of `$(MAKE) -C dir`; null where it is none alone. */
export function programVariable(command: SimpleCommand): string | null {
  const [piece, ...rest] = programWord(command)?.pieces ?? []
  if (piece?.kind !== 'reference' || rest.length > 0) return null
  return variableName(piece.reference, command.source.makefile)
}

/** Takes the options and assignments from the front; false where they say that nothing is run. */
function passOptions(words: ShellWord[]): boolean {
  for (let word = words[0]; word !== undefined; word = words[0]) {
    const text = literalOf(word) ?? ''
    if (text === '-v' || text === '-V') return false
    if (!text.startsWith('-') && !/^\w+=/.test(text)) return true
    words.splice(0, takesValue.test(text) ? 2 : 1)
  }
  return true
}
