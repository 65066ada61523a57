import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { createFileOrigins } from '../../../src/kbuild/generated-files.ts'
import type { FileOrigin } from '../../../src/kbuild/generated-files.ts'
import { modelWithClk } from './built-kernel.ts'

/** The origin of a word of drivers/clk in a line: `pattern clk.o <- source clk.c`. */
function originIn(word: string, lines: readonly string[], files: Readonly<Record<string, string>> = {}): string {
  const { model, clk } = modelWithClk(lines, files)
  const line = (origin: FileOrigin): string => {
    const from =
      origin.kind === 'pattern' || origin.kind === 'listed'
        ? origin.from.map((each) => ` <- ${line(each)}`).join('')
        : ''
    const why =
      origin.kind === 'unknown' ? `: ${origin.because}` : origin.kind === 'none' ? `: ${origin.tried.join(' ')}` : ''
    return `${origin.kind} ${origin.path.replace('drivers/clk/', '')}${why}${from}`
  }
  const origin = createFileOrigins(model).of(clk, word)
  const when = printCond(model.conditions, origin.when)
  return line(origin) + (when === 'always' || when === 'never' ? '' : ` when ${when}`)
}

describe('createFileOrigins', () => {
  it('finds the source by the pattern rules of the scripts', () => {
    expect(originIn('clk.o', ['obj-y += clk.o'], { 'drivers/clk/clk.S': '' })).toBe('pattern clk.o <- source clk.S')
  })

  it('says what would do where there is nothing', () => {
    expect(originIn('clk.o', ['obj-y += clk.o'])).toBe(
      'none clk.o: drivers/clk/clk.c drivers/clk/clk.c_shipped drivers/clk/clk.S drivers/clk/clk.S_shipped drivers/clk/clk.o_shipped',
    )
  })

  it('follows a chain of rules to its end', () => {
    expect(originIn('keys.asn1.o', ['obj-y += keys.asn1.o'], { 'drivers/clk/keys.asn1': '' })).toBe(
      'pattern keys.asn1.o <- pattern keys.asn1.c <- source keys.asn1',
    )
  })

  it('takes a rule of the makefile for the source of an object', () => {
    expect(originIn('ids.o', ['obj-y += ids.o', '$(obj)/ids.c: $(src)/ids.txt', '\tgen $< > $@'])).toBe(
      'pattern ids.o <- rule ids.c',
    )
  })

  it('does not take a rule without a recipe for one', () => {
    expect(originIn('ids.o', ['obj-y += ids.o', '$(obj)/ids.c: $(src)/ids.txt'])).toMatch(/^none/)
  })

  it('takes a pattern rule of the makefile only where its own prerequisites come to be', () => {
    const lines = ['$(obj)/%.bin: $(src)/%.txt $(obj)/tool FORCE', '\t$(obj)/tool $< > $@']
    expect(originIn('a.bin', lines, { 'drivers/clk/a.txt': '' })).toBe('pattern a.bin <- source a.txt')
    expect(originIn('b.bin', lines, { 'drivers/clk/a.txt': '' })).toMatch(/^none/)
  })

  it('copies what is shipped', () => {
    expect(originIn('fw.bin', [], { 'drivers/clk/fw.bin_shipped': '' })).toBe('shipped fw.bin_shipped')
  })

  it('needs host programs for the rules of scripts/Makefile.host', () => {
    const files = { 'drivers/clk/parse.y': '' }
    expect(originIn('parse.tab.o', ['obj-y += parse.tab.o'], files)).toMatch(/^none/)
    expect(originIn('parse.tab.o', ['hostprogs += parse'], files)).toBe(
      'pattern parse.tab.o <- pattern parse.tab.c <- source parse.y',
    )
  })

  it('keeps the condition of the rule', () => {
    const lines = ['ifdef CONFIG_CLK_IDS', '$(obj)/ids.c: $(src)/ids.txt', '\tgen $< > $@', 'endif']
    expect(originIn('ids.o', lines)).toBe('pattern ids.o <- rule ids.c when CONFIG_CLK_IDS')
  })

  it('joins the conditions of two ways', () => {
    const lines = [
      ...['ifdef CONFIG_CLK_IDS', '$(obj)/ids.c: $(src)/ids.txt', '\tgen $< > $@'],
      ...['else', '$(obj)/ids.o: $(src)/none.txt', '\tgen $< > $@', 'endif'],
    ]
    expect(originIn('ids.o', lines)).toBe('rule ids.o')
  })

  it('finds rules of other directories, and words that lead there', () => {
    const files = {
      'drivers/serial/Makefile': 'obj-y += uart.o\n$(obj)/baud.c: $(src)/baud.txt\n\tgen $< > $@\n',
      'drivers/serial/uart.c': '',
    }
    expect(originIn('../serial/baud.o', [], files)).toBe('pattern drivers/serial/baud.o <- rule drivers/serial/baud.c')
    expect(originIn('../serial/uart.o', [], files)).toBe(
      'pattern drivers/serial/uart.o <- source drivers/serial/uart.c',
    )
  })

  it('does not say none where a target is not known', () => {
    expect(originIn('ids.o', ['$(shell ls): FORCE', '\tgen > $@'])).toBe('unknown ids.o: a command is run')
  })

  it('puts programs together from their parts, or from one source', () => {
    const lines = ['hostprogs := gen view', 'gen-objs := main.o', 'view-cxxobjs := view.o', 'userprogs := test']
    const files = { 'drivers/clk/main.c': '', 'drivers/clk/view.cc': '', 'drivers/clk/test.c': '' }
    expect(originIn('gen', lines, files)).toBe('listed gen <- pattern main.o <- source main.c')
    expect(originIn('view', lines, files)).toBe('listed view <- listed view.o <- source view.cc')
    expect(originIn('test', lines, files)).toBe('listed test <- source test.c')
    expect(originIn('test', lines)).toMatch(/^none test/)
  })

  it('takes a composite for made where each of its parts is, and never from its own name', () => {
    const lines = ['obj-m += tree.o', 'tree-y := root.o', 'obj-m += loop.o', 'loop-y := loop.o']
    expect(originIn('tree.o', lines, { 'drivers/clk/root.c': '' })).toBe(
      'listed tree.o <- pattern root.o <- source root.c',
    )
    expect(originIn('loop.o', lines)).toMatch(/^none/)
  })

  it('ends where rules lead in a circle', () => {
    expect(originIn('a.x', ['$(obj)/%.x: $(obj)/%.y', '\tcp $< $@', '$(obj)/%.y: $(obj)/%.x', '\tcp $< $@'])).toMatch(
      /^none/,
    )
  })
})
