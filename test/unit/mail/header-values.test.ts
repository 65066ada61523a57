import { describe, expect, it } from 'vitest'
import { decodeUnstructured, messageIds, parseDate } from '../../../src/mail/header-values.ts'
import { testNow } from '../../support/mails.ts'

describe('unstructured headers', () => {
  it.each([
    ['=?utf-8?q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
    ['=?UTF-8?B?R3LDvMOfZQ==?= an alle', 'Grüße an alle'],
    ['=?utf-8?q?one?= =?utf-8?q?_two?=', 'one two'],
    ['=?utf-8?b?R3LD?= =?utf-8?b?vMOfZQ==?=', 'Grüße'],
    ['=?iso-8859-1?q?Gr=FC=DFe?=', 'Grüße'],
    ['=?utf-8?q?with blanks inside?=', 'with blanks inside'],
    ['=?utf-8?q?never ends', '=?utf-8?q?never ends'],
    ['=?no-such-charset?q?abc?=', 'abc'],
    ['two   blanks\tand\0more', 'two blanks and more'],
  ])('decodes %j', (value, text) => {
    expect(decodeUnstructured(value)).toBe(text)
  })
})

describe('Message-IDs in a header', () => {
  it.each([
    ['<a@x>', ['a@x']],
    ['<a@x> (Ada Byron\'s message of "Tue, 14 Jan 2025")', ['a@x']],
    ['<a@x><b@x>,\n <a@x>', ['a@x', 'b@x']],
    ['a@x', ['a@x']],
    ['<no-at-sign>', ['no-at-sign']],
    ['<folded\n @x>', ['folded@x']],
    ['Your mail of last week', []],
    ['<', []],
    ['<>', []],
    ['', []],
  ])('are found in %j', (value, ids) => {
    expect(messageIds(value)).toEqual(ids)
  })
})

describe('dates', () => {
  it.each([
    ['Tue, 14 Jan 2025 09:30:00 +0100', Date.UTC(2025, 0, 14, 8, 30)],
    ['14 Jan 2025 09:30:00 -0000 (UTC)', Date.UTC(2025, 0, 14, 9, 30)],
    ['Tue, 14 Jan 25 09:30:00 GMT', Date.UTC(2025, 0, 14, 9, 30)],
    ['Thu, 18 Nov 2077 03:14:00 +0000', testNow + 24 * 60 * 60 * 1000],
    ['Thu, 1 Jan 1970 00:00:00 +0000', Date.UTC(1990, 0, 1)],
    ['14 Jan 2025 09:30:00', Date.UTC(2025, 0, 14, 9, 30)],
    ['2025-01-14 09:30', Date.UTC(2025, 0, 14, 9, 30)],
    ['2025-01-14T09:30:00', Date.UTC(2025, 0, 14, 9, 30)],
    ['2025-01-14T09:30:00Z', Date.UTC(2025, 0, 14, 9, 30)],
    ['14 Jan 2025 09:30:00 EST', Date.UTC(2025, 0, 14, 14, 30)],
    ['yesterday', 0],
    [null, 0],
  ])('reads %j', (value, time) => {
    expect(parseDate(value, testNow)).toBe(time)
  })
})
