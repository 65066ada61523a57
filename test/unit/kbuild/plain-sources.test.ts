import { describe, expect, it } from 'vitest'
import { always } from '../../../src/cond/conditions.ts'
import { createFileOrigins } from '../../../src/kbuild/generated-files.ts'
import { hasPlainSource } from '../../../src/kbuild/plain-sources.ts'
import { modelWithClk } from './built-kernel.ts'

/** Whether a word of drivers/clk plainly has a source. */
function isPlain(word: string, lines: readonly string[], files: readonly string[]): boolean {
  const { model } = modelWithClk(lines, Object.fromEntries(files.map((name) => [`drivers/clk/${name}`, ''])))
  return hasPlainSource(model)(`drivers/clk/${word}`)
}

describe('hasPlainSource', () => {
  it.each([
    ['clk.o', 'clk.c'],
    ['clk.o', 'clk.S'],
    ['sub/clk.o', 'sub/clk.c'],
  ])('knows that %s is made from %s', (word, source) => {
    expect(isPlain(word, [], [source])).toBe(true)
    expect(isPlain(word, [], [])).toBe(false)
  })

  it('leaves what is made in several steps to others', () => {
    expect(isPlain('keys.asn1.o', ['obj-y += keys.asn1.o'], ['keys.asn1'])).toBe(false)
  })

  it('leaves rules that only directories with host programs have to others', () => {
    expect(isPlain('expr.tab.c', ['hostprogs := expr'], ['expr.y', 'expr.c'])).toBe(false)
  })

  it.each([
    ['has no recipe', '$(obj)/%.bin: $(src)/%.txt\n'],
    ['needs two files of the stem', '$(obj)/%.bin: $(src)/%.txt $(src)/%.map\n\tcat $^ > $@\n'],
    ['stands under a condition', 'ifdef CONFIG_CLK_BIN\n$(obj)/%.bin: $(src)/%.txt\n\tcp $< $@\nendif\n'],
  ])('leaves a rule of the scripts that %s to others', (_, rule) => {
    const files = { 'drivers/clk/fw.txt': '', 'drivers/clk/fw.map': '' }
    const isMade = (text: string): boolean => {
      const { model } = modelWithClk([], { ...files, 'scripts/Makefile.dtbs': text })
      return hasPlainSource(model)('drivers/clk/fw.bin')
    }
    expect(isMade('$(obj)/%.bin: $(src)/%.txt FORCE\n\tcp $< $@\n')).toBe(true)
    expect(isMade(rule)).toBe(false)
  })

  it('leaves rules of a makefile to others', () => {
    const lines = ['$(obj)/%.bin: $(src)/%.txt', '\tcp $< $@']
    expect(isPlain('fw.bin', lines, ['fw.txt'])).toBe(false)
  })

  it('says so of nothing that does not come to be at any rate', () => {
    const { model, clk } = modelWithClk(['obj-y += clk.o'], { 'drivers/clk/clk.c': '' })
    const { of } = createFileOrigins(model)
    const isMade = hasPlainSource(model)
    const words = ['clk.o', 'clk.c', 'clk', 'clk.', '.o', 'clk.c_shipped', 'pll.o']
    expect(words.filter((word) => isMade(`drivers/clk/${word}`))).toEqual(['clk.o'])
    expect(of(clk, 'clk.o')).toMatchObject({ kind: 'pattern', when: always })
  })
})
