import { printable } from '../review/printable.ts'
import { readTapResult, type TapResult } from './read-tap.ts'

/** What a booted kernel and the first process that we gave it said, as it came over the console of the machine, line by line. */
export type ConsoleReading = {
  /** Each step and test, in their order, with what was said since the one before it. */
  readonly results: readonly ConsoleResult[]
  /** Whether the first process came to its end: as many results as it says it gave. */
  readonly isComplete: boolean
  /** Lines after the last result; where it came to its end, none of interest. */
  readonly rest: readonly string[]
}

export type ConsoleResult = TapResult & { readonly lines: readonly string[] }

/** What begins our lines (profiles/guest/init.c); before it printk may put a time and who called (printk.time, CONFIG_PRINTK_CALLER). */
const ownLine = /^(?:\[ {0,12}\d{1,12}\.\d{1,9}\] ?(?:\[ {0,6}[TC]\d{1,9}\] ?)?)?kbuild-review: (.*)$/

/** What drives a terminal: control sequences (ECMA-48 5.4), and the reset by which firmware clears the screen (ISO/IEC 2022, RIS). */
const controlSequence = /\u001b(?:c|\[[0-?]{0,32}[ -/]{0,8}[@-~])/g

/** A console as text for people: lines end with \n, escapes of terminals are gone, and no other control character is left. Our own lines lose what marks them. */
export function cleanConsole(raw: string): string {
  const lines = raw.split('\n').map((line) => {
    const clean = printable(line.replaceAll('\r', '').replaceAll(controlSequence, ''))
    return ownLine.exec(clean)?.[1] ?? clean
  })
  return lines.join('\n')
}

/** Reads a console that `cleanConsole` gave. A kernel may say what it likes: what is read is no more to be believed than a log of a build. */
export function readConsole(text: string): ConsoleReading {
  const results: ConsoleResult[] = []
  let lines: string[] = []
  let isComplete = false
  for (const line of text.split('\n')) {
    const result = readTapResult(line)
    if (result !== null) {
      results.push({ ...result, lines })
      lines = []
    } else if (line === `1..${results.length}` && results.length > 0) isComplete = true
    else if (line.trim() !== '') lines.push(line)
  }
  return { results, isComplete, rest: lines }
}
