import { describe, expect, it } from 'vitest'
import { parseDotConfig, quote, unquote } from '../../../src/kconfig/dot-config.ts'

describe('parseDotConfig', () => {
  it('reads assignments and the unset, and passes over the rest', () => {
    const text =
      '# comment\nCONFIG_BUS=m\r\n# CONFIG_CODEC is not set\n# CONFIG_CODEC was not set\n\nBUS=y\nCONFIG_NAME="a=b"\nCONFIG_EMPTY=\n'
    expect(parseDotConfig(text)).toEqual([
      { name: 'BUS', value: 'm', line: 2 },
      { name: 'CODEC', value: 'n', line: 3 },
      { name: 'NAME', value: '"a=b"', line: 7 },
      { name: 'EMPTY', value: '', line: 8 },
    ])
  })
})

describe('quote', () => {
  it('is undone by unquote', () => {
    for (const text of ['', 'plain', 'a "b" c', 'back\\slash', '\\"']) expect(unquote(quote(text))).toBe(text)
  })

  it('knows a text that is not quoted, or not closed', () => {
    expect(unquote('plain')).toBeNull()
    expect(unquote('"open \\"')).toBeNull()
    expect(unquote('"closed" and more')).toBe('closed')
  })
})
