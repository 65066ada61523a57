import { describe, expect, it } from 'vitest'
import { parseCommands } from '../../../../src/app/bot/commands.ts'

const names = (text: string): readonly string[] =>
  parseCommands(text).map(({ name, argument, wantsAnswer }) =>
    [name, argument, wantsAnswer ? '+' : ''].join(' ').trim(),
  )

describe('commands in a mail', () => {
  it('stand on lines of their own', () => {
    const text =
      'Hi,\n\nkbuild-review: retest\nkbuild-review: invalid told-word\nkbuild-review: invalid\nkbuild-review: quiet ack\nkbuild-review:  explain told-word\r\n'
    expect(names(text)).toEqual(['retest', 'invalid told-word', 'invalid', 'quiet  +', 'explain told-word +'])
  })

  it.each([
    '> kbuild-review: quiet',
    'please kbuild-review: quiet',
    ' kbuild-review: quiet',
    'kbuild-review: quiet please',
    'kbuild-review: retest now',
    'kbuild-review: explain',
    'kbuild-review: explain one two',
    'kbuild-review: invalid ../../etc',
    'kbuild-review:quiet',
    'Kbuild-review: quiet',
    'kbuild-review: reboot',
    'text\n-- \nkbuild-review: quiet',
  ])('are not read into `%s`', (text) => {
    expect(names(text)).toEqual([])
  })

  it('are ten at most, and read in time that grows with the mail alone', () => {
    expect(names('kbuild-review: retest\n'.repeat(100))).toHaveLength(10)
    const started = performance.now()
    names(`kbuild-review: invalid${' \t'.repeat(1_000_000)}x`)
    names(`kbuild-review: explain ${'a-'.repeat(1_000_000)} `)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
