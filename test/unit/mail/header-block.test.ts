import { describe, expect, it } from 'vitest'
import { firstHeader, readHeaderBlock } from '../../../src/mail/header-block.ts'

const block = (text: string | Buffer, limit = text.length) => readHeaderBlock(Buffer.from(text), 0, limit)

describe('a header block', () => {
  it('gives names in lower case and values unfolded, in order', () => {
    expect(block('Subject: drivers: board:\n  add a switch\nX-Mailer: git\n\nbody: no header\n').headers).toEqual([
      ['subject', 'drivers: board:  add a switch'],
      ['x-mailer', 'git'],
    ])
  })

  it('says where the body begins, with either end of line', () => {
    expect(block('A: b\n\nbody').bodyStart).toBe(6)
    expect(block('A: b\r\n\r\nbody').bodyStart).toBe(8)
    expect(block('\nbody')).toMatchObject({ headers: [], bodyStart: 1 })
    expect(block('A: b').bodyStart).toBe(4)
  })

  it('keeps each of several headers of one name', () => {
    const { headers } = block('Received: one\nReceived: two\n\n')
    expect(headers).toEqual([
      ['received', 'one'],
      ['received', 'two'],
    ])
    expect(firstHeader(headers, 'received')).toBe('one')
    expect(firstHeader(headers, 'subject')).toBeNull()
  })

  it('drops lines that are no header, and what continues them', () => {
    expect(block('A: b\nnot a header\n continued\nC: d\n\n').headers).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  it('takes blanks before the colon, which old mailers write', () => {
    expect(block('Subject : x\n\n').headers).toEqual([['subject', 'x']])
  })

  it('decodes bytes over 127 as UTF-8, or one by one where they are none', () => {
    expect(block('A: Weiß\n\n').headers).toEqual([['a', 'Weiß']])
    expect(block(Buffer.from('A: Weiß\n\n', 'latin1')).headers).toEqual([['a', 'Weiß']])
  })

  it('ends at the limit', () => {
    expect(block('A: bcdef\nG: h\n\n', 6)).toMatchObject({ end: 6, bodyStart: 6, headers: [['a', 'bcd']] })
  })
})
