import { describe, expect, it } from 'vitest'
import { normalizeTitle, titleLikeness } from '../../../src/series/title.ts'
import { cpuMs } from './cpu-time.ts'

describe('normalizeTitle', () => {
  it('drops what authors change between versions', () => {
    expect(normalizeTitle(' clk: Add  the "divider".')).toBe('clk: add the divider')
  })
})

describe('titleLikeness', () => {
  it('is the share of words that both titles have', () => {
    expect(titleLikeness('clk: add a gate', 'clk: add a gate')).toBe(1)
    expect(titleLikeness('clk: add a gate', 'clk: gates: add a gate')).toBe(0.8)
    expect(titleLikeness('clk: add a gate', 'sound: fix codecs')).toBe(0)
    expect(titleLikeness('', '---')).toBe(0)
    expect(titleLikeness('分频器 时钟', '分频器')).toBe(0.5)
  })

  it('reads a title of a megabyte at once', () => {
    expect(cpuMs(() => titleLikeness('a '.repeat(500_000), 'b'.repeat(1_000_000)))).toBeLessThan(500)
  })
})
