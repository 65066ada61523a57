import { describe, expect, it } from 'vitest'
import { isAuthentic, parseAuthenticationResults } from '../../../src/mail/authentication.ts'
import { readMail, writeMail } from '../../support/mails.ts'

const trusted = ['mx.lists.example.org']
const good = 'mx.lists.example.org; dkim=pass header.d=example.org header.i=@example.org'

const judge = async (
  results: readonly string[],
  from = 'Ada Byron <ada@example.org>',
  more: readonly string[] = [],
) => {
  const headers = [...results.map((value) => `Authentication-Results: ${value}`), ...more]
  return isAuthentic(await readMail(writeMail({ id: 'a@x', from, headers })), trusted)
}

describe('who a mail is from', () => {
  it.each([
    ['a signature of the domain', good],
    [
      'one of the domain above',
      'mx.lists.example.org; dkim=pass header.d=org.example'.replace('org.example', 'example.org'),
    ],
    ['DMARC', 'mx.lists.example.org; dmarc=pass (p=reject) header.from=example.org'],
    [
      'one of several signatures',
      'mx.lists.example.org 1; dkim=fail header.d=example.org; dkim=pass header.d=example.org',
    ],
    ['a signer named by header.i', 'mx.lists.example.org; dkim=pass header.i=@example.org'],
    [
      'other case, comments and folds',
      'MX.Lists.Example.ORG (a ; comment (in one));\n\tDKIM=Pass (2048-bit; key)\n\theader.d=Example.Org',
    ],
  ])('is believed with %s', async (_, results) => {
    expect(await judge([results])).toBe(true)
  })

  it.each([
    ['no result', []],
    ['another server', ['mx.elsewhere.org; dkim=pass header.d=example.org']],
    ['a name that begins alike', ['mx.lists.example.org.evil.net; dkim=pass header.d=example.org']],
    ['a signature of another domain', ['mx.lists.example.org; dkim=pass header.d=evil.net']],
    ['a domain that ends alike', ['mx.lists.example.org; dkim=pass header.d=ample.org']],
    ['a signature of the domain below', ['mx.lists.example.org; dkim=pass header.d=sub.example.org']],
    ['a top level', ['mx.lists.example.org; dkim=pass header.d=org']],
    ['a signature that failed', ['mx.lists.example.org; dkim=fail header.d=example.org']],
    ['SPF, which lists break and strangers pass', ['mx.lists.example.org; spf=pass smtp.mailfrom=example.org']],
    ['a pass in a comment', ['mx.lists.example.org; dkim=fail (dkim=pass header.d=example.org)']],
    ['a pass in quotes', ['mx.lists.example.org; dkim=fail reason="x; dkim=pass header.d=example.org"']],
    ['DMARC of another domain', ['mx.lists.example.org; dmarc=pass header.from=evil.net']],
    ['none', ['mx.lists.example.org; none']],
    ['what a mail brought, below what the server says', ['mx.lists.example.org; none', good]],
    ['a second domain behind the first', ['mx.lists.example.org; dkim=pass header.d=evil.net header.d=example.org']],
  ])('is not believed with %s', async (_, results) => {
    expect(await judge(results)).toBe(false)
  })

  it('is nobody with two From, or two addresses in one', async () => {
    expect(await judge([good], 'Ada Byron <ada@example.org>, Eve <eve@evil.net>')).toBe(false)
    expect(await judge([good], undefined, ['From: Eve <eve@evil.net>'])).toBe(false)
    expect(await judge([good], 'Ada <ada@localhost>')).toBe(false)
  })

  it('is read in time that grows with the header alone', () => {
    const started = performance.now()
    for (const piece of ['(', '"', '\\', ';', 'dkim=pass ', '=', '(";'])
      parseAuthenticationResults(`mx; ${piece.repeat(200_000)}`)
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('is read whatever blanks stand in it, within the time of a test', () => {
    const blanks = ' \t'.repeat(100_000)
    for (const value of [`mx; dkim${blanks}pass`, `mx;${blanks}b`, `mx; dkim=pass${blanks}`])
      expect(parseAuthenticationResults(value)?.server).toBe('mx')
    const [method] = parseAuthenticationResults(`mx; dkim \t = \t pass \t header.d\t=  example.org`)?.results ?? []
    expect(method).toMatchObject({ method: 'dkim', result: 'pass' })
    expect(method?.properties.get('header.d')).toBe('example.org')
  }, 5000)

  it('counts no result that is cut off where a header is very long', () => {
    const [begin, end] = ['mx; spf=none;', ' dkim=pass header.d=example.org']
    const value = `${begin}${' '.repeat(16_384 - begin.length - end.length)}${end}.evil.net`
    expect(parseAuthenticationResults(value)?.results.map(({ method }) => method)).toEqual(['spf'])
  })
})
