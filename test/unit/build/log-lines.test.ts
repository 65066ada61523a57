import { describe, expect, it } from 'vitest'
import { readLines } from '../../../src/build/log-lines.ts'
import { fc } from '../../support/random.ts'

const textsOf = (chunks: readonly string[], limits = { lineLength: 40, lines: 100 }): string[] =>
  [...readLines(chunks, limits)].map(({ text }) => text)

describe('cutting a log into lines', () => {
  it('numbers the lines and does not count an empty one at the end', () => {
    expect([...readLines(['  CC  pump.o\n', '\nmake: done\n'])]).toEqual([
      { number: 1, text: '  CC  pump.o' },
      { number: 2, text: '' },
      { number: 3, text: 'make: done' },
    ])
  })

  it('joins a line that comes in pieces', () => {
    expect(textsOf(['pum', 'p.c:3: ', 'error\nval', 've'])).toEqual(['pump.c:3: error', 'valve'])
  })

  it('takes colours, titles and carriage returns out, and spells out what else drives a terminal', () => {
    const line = '\u001b[1;31mpump.c\u001b[0m\u001b]0;title\u0007: \u001b(Bbad\b\u0000\u202e\r'
    expect(textsOf([line])).toEqual(['pump.c: bad\\x08\\x00\\u202e'])
  })

  it('takes out a sequence that the end of the line breaks off', () => {
    expect(textsOf(['pump\u001b[38;5\nvalve\u001b\ntank\u001b]8;;http://a'])).toEqual(['pump', 'valve', 'tank'])
  })

  it('cuts long lines, however many pieces they come in', () => {
    expect(textsOf([...Array<string>(100).fill('x'.repeat(30)), '\nend'])).toEqual([`${'x'.repeat(40)}…`, 'end'])
  })

  it('ends after the most lines that it reads', () => {
    expect(textsOf(['a\n'.repeat(1000)])).toHaveLength(100)
  })

  it('reads the same lines however the text is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '\u001b', '[', 'm', '\t') })), (chunks) => {
        expect(textsOf(chunks)).toEqual(textsOf([chunks.join('')]))
      }),
    )
  })

  it('takes no longer for a line that begins sequences and ends none', () => {
    const started = performance.now()
    textsOf(['\u001b[0;'.repeat(300_000), '\u001b]'.repeat(300_000)], { lineLength: 3_000_000, lines: 10 })
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
