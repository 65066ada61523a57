import { describe, expect, it } from 'vitest'
import { retypedSymbols } from '../../../src/kbuild/retyped-symbols.ts'
import { treeOf } from '../../support/tree.ts'

const path = 'drivers/clk/Kconfig'
const kconfig = [
  'config CLK',
  '\tbool "Clocks"',
  'config CLK_PLL',
  '\ttristate "PLL"',
  'source "drivers/clk/gate/Kconfig"',
  'config CLK_TEST',
  '\tdef_tristate m',
  '',
].join('\n')

/** Which symbols a change of the text may have given another type. */
function retyped(from: string, to: string): readonly string[] | null {
  expect(kconfig).toContain(from)
  const [before, after] = [treeOf({ [path]: kconfig }), treeOf({ [path]: kconfig.replace(from, to) })]
  const names = retypedSymbols(before, after, [path])
  return names === null ? null : [...names].sort()
}

describe('retypedSymbols', () => {
  it('names those whose type is another, in whatever words', () => {
    expect(retyped('\tbool "Clocks"', '\ttristate "Clocks"')).toEqual(['CLK'])
    expect(retyped('def_tristate m', 'def_bool y')).toEqual(['CLK_TEST'])
    expect(retyped('\tbool "Clocks"', '\tstring "Clock"')).toEqual(['CLK'])
  })

  it('names those that are new or gone, and those that are defined once more', () => {
    expect(retyped('config CLK_TEST', 'config CLK_SELFTEST')).toEqual(['CLK_SELFTEST', 'CLK_TEST'])
    expect(retyped('config CLK_TEST', 'config CLK\n\ttristate\nconfig CLK_TEST')).toEqual(['CLK'])
  })

  it('names those that come before a source statement that they came after', () => {
    const moved = 'config CLK_TEST\n\tdef_tristate m\nsource "drivers/clk/gate/Kconfig"\n'
    expect(retyped('source "drivers/clk/gate/Kconfig"\nconfig CLK_TEST\n\tdef_tristate m\n', moved)).toEqual([
      'CLK_TEST',
    ])
  })

  it('names none where prompts, dependencies and help change', () => {
    expect(retyped('\tbool "Clocks"', '\tbool "Clock drivers"\n\tdepends on OF\n\thelp\n\t  Says more.')).toEqual([])
  })

  it('does not know where other files are read, or macros say something else', () => {
    expect(retyped('source "drivers/clk/gate/Kconfig"', 'source "drivers/clk/mux/Kconfig"')).toBeNull()
    expect(retyped('config CLK\n', 'prefix := CLK\nconfig CLK\n')).toBeNull()
    expect(retyped('config CLK\n', 'config $(prefix)CLK\n')).toBeNull()
    const tree = treeOf({ [path]: kconfig })
    expect(retypedSymbols(tree, treeOf({}), [path])).toBeNull()
    expect(retypedSymbols(treeOf({}), tree, [path])).toBeNull()
    expect(retypedSymbols(tree, tree, ['scripts/kconfig/parser.y'])).toBeNull()
  })

  it('looks at Kconfig files alone', () => {
    expect(retypedSymbols(treeOf({}), treeOf({}), ['drivers/clk/Makefile'])).toEqual(new Set())
  })
})
