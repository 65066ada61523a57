import { describe, expect, it } from 'vitest'
import { parseTrailers } from '../../../src/series/trailers.ts'
import { cpuMs } from './cpu-time.ts'

/** The trailers of a log as lines. */
const trailersOf = (...lines: readonly string[]): readonly string[] =>
  parseTrailers(lines.join('\n')).map(({ name, value }) => `${name}: ${value}`)

const signed = 'Signed-off-by: Ada Byron <ada@example.org>'

describe('parseTrailers', () => {
  it('finds the trailers of the last paragraph, in order', () => {
    expect(trailersOf('The divider was missing.', '', 'Link: https://example.org/1', signed)).toEqual([
      'Link: https://example.org/1',
      signed,
    ])
  })

  it('finds none in prose', () => {
    expect(trailersOf('The divider: it was missing', 'and is here now.')).toEqual([])
    expect(trailersOf(signed, '', 'The divider is here.')).toEqual([])
    expect(trailersOf('')).toEqual([])
  })

  it('takes trailers below prose of the same paragraph where a known one is among them', () => {
    expect(trailersOf('It was missing', 'since the beginning.', signed)).toEqual([signed])
  })

  it('takes paragraphs of known trailers above the last one', () => {
    expect(trailersOf('Log.', '', 'Fixes: 1a2b3c4d5e6f ("clk: add")', '', 'Note: see above', '', signed)).toEqual([
      signed,
    ])
    expect(trailersOf('Log.', '', 'Fixes: 1a2b3c4d5e6f ("clk: add")', '', signed)).toEqual([
      'Fixes: 1a2b3c4d5e6f ("clk: add")',
      signed,
    ])
  })

  it('passes over notes in brackets and comments', () => {
    expect(trailersOf(signed, '[ grace: fix the title ]', 'Signed-off-by: Grace <grace@example.org>')).toEqual([
      signed,
      'Signed-off-by: Grace <grace@example.org>',
    ])
  })

  it('puts wrapped trailers together', () => {
    expect(trailersOf('Fixes: 1a2b3c4d5e6f ("clk: add a divider', 'and a mux")', signed)).toEqual([
      'Fixes: 1a2b3c4d5e6f ("clk: add a divider and a mux")',
      signed,
    ])
    expect(trailersOf('Reviewed-by: A Very Long Name', '<long@example.org>', signed)).toEqual([
      'Reviewed-by: A Very Long Name <long@example.org>',
      signed,
    ])
    expect(trailersOf('Closes:', signed)).toEqual([signed])
    expect(trailersOf('Link: https://example.org/1', '  [1]', signed)).toEqual([
      'Link: https://example.org/1 [1]',
      signed,
    ])
  })

  it('keeps what follows the address', () => {
    expect(trailersOf('Cc: stable@vger.kernel.org # v5.15+', signed)).toEqual([
      'Cc: stable@vger.kernel.org # v5.15+',
      signed,
    ])
  })

  it('takes no link and no line without a colon for one', () => {
    expect(trailersOf('https://example.org/1')).toEqual([])
    expect(trailersOf('Signed-off-by Ada <ada@example.org>')).toEqual([])
    expect(trailersOf(`Note: ${'x'.repeat(3000)}`)).toEqual([])
  })

  it('reads a megabyte of one line and of empty lines at once', () => {
    for (const text of [
      'A: '.repeat(400_000),
      '\n'.repeat(1_000_000),
      'a\n\n'.repeat(300_000),
      `A: b\n${' '.repeat(1_000_000)}`,
    ]) {
      expect(cpuMs(() => parseTrailers(text))).toBeLessThan(1000)
    }
  })
})
