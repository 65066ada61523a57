import { describe, expect, it } from 'vitest'
import { parseAddresses } from '../../../src/mail/address.ts'

describe('addresses of a header', () => {
  it.each([
    ['ada@example.org', [['', 'ada@example.org']]],
    [
      'Ada Byron <ada@example.org>, Grace <grace@example.org>',
      [
        ['Ada Byron', 'ada@example.org'],
        ['Grace', 'grace@example.org'],
      ],
    ],
    ['"Doe, J. (TI)" <doe@example.org>', [['Doe, J. (TI)', 'doe@example.org']]],
    [
      'Doe, Jane <jane@example.org>, ada@example.org',
      [
        ['Doe, Jane', 'jane@example.org'],
        ['', 'ada@example.org'],
      ],
    ],
    ['"open list:BOARDS [MISC]" <boards@example.org>', [['open list:BOARDS [MISC]', 'boards@example.org']]],
    ['Jane [boards] <jane@example.org>', [['Jane [boards]', 'jane@example.org']]],
    ['=?utf-8?q?J=C3=BCrgen_Wei=C3=9F?= <j@example.org>', [['Jürgen Weiß', 'j@example.org']]],
    ['=?utf-8?q?Doe,_Jane_<boards>_=28TI=29?= <jane@example.org>', [['Doe, Jane <boards> (TI)', 'jane@example.org']]],
    ['"=?utf-8?b?SsO8cmdlbg==?= Doe" <j@example.org>', [['Jürgen Doe', 'j@example.org']]],
    ['=?utf-8?q?J=C3=BCrgen <j@example.org>', [['=?utf-8?q?J=C3=BCrgen', 'j@example.org']]],
    ['ada@example.org (Ada Byron)', [['Ada Byron', 'ada@example.org']]],
    [
      'boards: ada@example.org, Grace <grace@example.org>;',
      [
        ['', 'ada@example.org'],
        ['Grace', 'grace@example.org'],
      ],
    ],
    ['undisclosed-recipients:;', []],
    ['"Ada \\"the Countess\\" Byron" <ada@example.org>', [['Ada "the Countess" Byron', 'ada@example.org']]],
    [
      'Jane via B4 Relay <devnull+jane.example.org@kernel.org>',
      [['Jane via B4 Relay', 'devnull+jane.example.org@kernel.org']],
    ],
    ['nobody', []],
    ['=?utf-8?q?Jane_=3Cjane=40example.org=3E?=@relay.example, ada@example.org', [['', 'ada@example.org']]],
    [', ,,', []],
    ['', []],
  ])('are read from %j', (value, expected) => {
    expect(parseAddresses(value).map(({ name, address }) => [name, address])).toEqual(expected)
  })

  it('are read in time that grows with the header, whatever it holds', () => {
    const pieces = ['=?', '<', '"', '(', '@', ',', ' ', '=?utf-8?q?', 'a:', ';', '\\', '[']
    const read = pieces.map((piece) => parseAddresses(piece.repeat(200_000 / piece.length)))
    expect(read).toHaveLength(pieces.length)
  })
})
