import { describe, expect, it } from 'vitest'
import { bodyText } from '../../../src/series/patch-text.ts'
import { readMail, writeMail } from '../../support/mails.ts'

/** The text of a mail of a content type. */
async function textOf(type: string, lines: readonly string[]): Promise<string> {
  return bodyText(await readMail(writeMail({ headers: [`Content-Type: ${type}`], body: lines.join('\n') }))).text
}

describe('bodyText', () => {
  it('leaves plain text as it is', async () => {
    expect(await textOf('text/plain; charset=utf-8', ['a  ', '  b', 'ä'])).toBe('a  \n  b\nä')
  })

  it('undoes the soft line breaks and stuffed spaces of format=flowed', async () => {
    const flowed = 'text/plain; charset=utf-8; format=flowed'
    expect(await textOf(flowed, ['a long ', 'line', '  context', ' stuffed', '-- ', '2.43.0'])).toBe(
      'a long line\n context\nstuffed\n-- \n2.43.0',
    )
    expect(await textOf(flowed, ['a long ', '-- ', 'x'])).toBe('a long \n-- \nx')
    expect(await textOf(flowed, ['ends soft '])).toBe('ends soft ')
    expect(await textOf(`${flowed}; delsp=yes`, ['分频 ', '器'])).toBe('分频器')
  })

  it('gives the same lines decoded and as bytes', async () => {
    const raw = Buffer.concat([Buffer.from(writeMail({ body: '' })), Buffer.from([0x61, 0xe4, 0x0a, 0x62])])
    const { text, bytes } = bodyText(await readMail(raw))
    expect(text).toBe('a\u00e4\nb')
    expect(Buffer.from(bytes, 'latin1')).toEqual(Buffer.from([0x61, 0xe4, 0x0a, 0x62]))
  })
})
