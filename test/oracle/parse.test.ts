import { describe, expect, it } from 'vitest'
import { parseMakefile } from '../../src/make/parse.ts'
import { printMakefile } from '../../src/make/print.ts'
import { syntaxErrors } from '../../src/make/syntax-errors.ts'
import { indexLines, offsetToPosition } from '../../src/text/line-index.ts'
import { parseDatabase } from './database.ts'
import { readLiterally } from './literal-reader.ts'
import type { MakeMessage } from './run.ts'
import { messagesOf, oracleCases, runMake, withoutHint } from './run.ts'

/** What our tree says make would say: complaints in order up to the first fatal error; a missing `endif` comes last. */
function expectedMessages(text: string): MakeMessage[] {
  const lines = indexLines(text)
  const messages: MakeMessage[] = []
  let missing: MakeMessage | null = null
  for (const { message, range, severity } of syntaxErrors(parseMakefile(text))) {
    if (severity === 'on use') continue
    const { line } = offsetToPosition(lines, range.start)
    const isFatal = severity === 'fatal'
    if (message === "missing 'endif'") missing = { line: offsetToPosition(lines, text.length).line, message, isFatal }
    else messages.push({ line, message: withoutHint(message), isFatal })
    if (isFatal && missing === null) return messages
  }
  return missing === null ? messages : [...messages, missing]
}

describe.each(oracleCases('parse'))('$name', ({ directory, file, text }) => {
  const run = runMake(directory, ['-pnrR', '-f', file])

  it('is printed again as it is', () => {
    expect(printMakefile(parseMakefile(text))).toBe(text)
  })

  it('is refused where make refuses it, in the same words', () => {
    expect(expectedMessages(text)).toEqual(messagesOf(run, file))
  })

  if (messagesOf(run, file).some(({ isFatal }) => isFatal)) return
  it('says what make reads out of it', () => {
    expect(readLiterally(parseMakefile(text))).toEqual(parseDatabase(run.stdout, file))
  })
})
