import { describe, expect, it } from 'vitest'
import { readCommitMessage } from '../../../src/series/commit-message.ts'
import { cpuMs } from './cpu-time.ts'
import { fc } from '../../support/random.ts'

const none = { from: null, subject: null, date: null, log: '', notes: '' }

/** The parts of a text, by the line at which its diff begins: the one after `@diff`. */
function read(...lines: readonly string[]): ReturnType<typeof readCommitMessage> {
  const at = lines.indexOf('@diff')
  return readCommitMessage(
    lines.map((line) => (line === '@diff' ? 'diff --git a/Makefile b/Makefile' : line)).join('\n'),
    at === -1 ? null : at + 1,
  )
}

describe('readCommitMessage', () => {
  it('splits log, notes and diff at the line of three dashes', () => {
    expect(
      read('The divider was missing.', '', 'Signed-off-by: A', '---', 'v2: more', ' Makefile | 2 +-', '', '@diff'),
    ).toEqual({
      ...none,
      log: 'The divider was missing.\n\nSigned-off-by: A',
      notes: 'v2: more\n Makefile | 2 +-',
    })
  })

  it('ends the log at the diff where there are no dashes', () => {
    expect(read('The divider was missing.', '@diff')).toEqual({ ...none, log: 'The divider was missing.' })
  })

  it('ends the log at dashes with blanks behind, a CVS index and a diff of files', () => {
    expect(read('Log.', '---  ', 'Note.').log).toBe('Log.')
    expect(read('Log.', 'Index: drivers/clk.c', 'Note.').log).toBe('Log.')
    expect(read('Log.', '--- a/drivers/clk.c', '+++ b/drivers/clk.c').log).toBe('Log.')
    expect(read('Log.', '---- cut here ----', '--', 'More.').log).toBe('Log.\n---- cut here ----\n--\nMore.')
  })

  it('keeps scissors and what is above them, as git am does by default', () => {
    expect(read('Hello,', '', '-- >8 --', 'Subject: other', '@diff').log).toBe('Hello,\n\n-- >8 --\nSubject: other')
  })

  it('reads in-body headers before the first line of prose', () => {
    expect(
      read('', 'From: Grace Hopper <grace@example.org>', 'Date: Mon, 6 Jan 2025 10:00:00 +0000', '', 'Log.'),
    ).toEqual({
      ...none,
      from: 'Grace Hopper <grace@example.org>',
      date: 'Mon, 6 Jan 2025 10:00:00 +0000',
      log: 'Log.',
    })
  })

  it('unfolds an in-body subject', () => {
    expect(read('Subject: clk: add', '  a divider', '', 'Log.')).toEqual({
      ...none,
      subject: 'clk: add a divider',
      log: 'Log.',
    })
  })

  it('takes a second header of the same name, and others, for prose', () => {
    expect(read('From: A <a@example.org>', 'From: here on it works.').log).toBe('From: here on it works.')
    expect(read('Cc: A <a@example.org>', 'From: B <b@example.org>').from).toBeNull()
    expect(read('From:here').from).toBeNull()
  })

  it('does not take what comes after prose for headers', () => {
    expect(read('It came', 'From: A <a@example.org>').from).toBeNull()
  })

  it('reads the headers of a whole file of git format-patch', () => {
    const separator = `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001`
    const text = [
      separator,
      'In-Reply-To: <x@example.org>',
      'From: A <a@example.org>',
      'Subject: [PATCH v3] clk: add',
      ' a divider',
      '',
    ]
    expect(read(...text, 'Log.', '---', '@diff')).toEqual({
      ...none,
      from: 'A <a@example.org>',
      subject: '[PATCH v3] clk: add a divider',
      log: 'Log.',
    })
    expect(
      read('', `>${separator}`, 'From: A <a@example.org>', '', 'From: B <b@example.org>', '', 'Log.'),
    ).toMatchObject({
      from: 'B <b@example.org>',
      log: 'Log.',
    })
  })

  it('reads nested separators and headers without end in linear time', () => {
    const separator = `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001\n\n`
    for (const text of [
      separator.repeat(20_000),
      'From: a\n'.repeat(100_000),
      `Subject: a\n${' \n'.repeat(500_000)}x`,
      ' '.repeat(1_000_000),
    ]) {
      expect(cpuMs(() => readCommitMessage(text, null))).toBeLessThan(1000)
    }
  })

  it('never throws, whatever the line of the diff', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.option(fc.integer({ min: 1, max: 99 })),
        (text, line) => void readCommitMessage(text, line),
      ),
    )
  })
})
