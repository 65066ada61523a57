import { describe, expect, it } from 'vitest'
import { createFacts } from '../../../src/review/facts.ts'
import type { Tree } from '../../../src/text/tree.ts'
import { treeOf } from '../../support/tree.ts'

const path = 'drivers/clk/Makefile'

/** A tree that counts how often it is read. */
function counted(tree: Tree): { tree: Tree; reads: () => number } {
  let reads = 0
  const read = (file: string): string | null => {
    reads++
    return tree.read(file)
  }
  return { tree: { ...tree, read }, reads: () => reads }
}

describe('facts', () => {
  it('are those of a makefile, with its world, its tree and its lines', () => {
    const view = createFacts().makefile(treeOf({ [path]: 'obj-y += mux.o\n' }), path)
    expect(view).toMatchObject({ path, world: 'kbuild', text: 'obj-y += mux.o\n', lines: { starts: [0, 15] } })
    expect(view?.syntax.nodes).toHaveLength(1)
  })

  it('are none of a file that is not there or is no makefile', () => {
    const facts = createFacts()
    const tree = treeOf({ 'drivers/clk/mux.c': '', 'drivers/clk/Kconfig': 'config CLK\n' })
    expect(facts.makefile(tree, path)).toBeNull()
    expect(facts.makefile(tree, 'drivers/clk/mux.c')).toBeNull()
    expect(facts.makefile(tree, 'drivers/clk/Kconfig')).toBeNull()
    expect(facts.kconfig(tree, 'drivers/clk/Kconfig')).toMatchObject({ text: 'config CLK\n' })
    expect(facts.kconfig(tree, path)).toBeNull()
  })

  it('are shared by trees that have the same blob, under whatever name', () => {
    const facts = createFacts()
    const one = counted(treeOf({ [path]: 'obj-y += mux.o\n' }))
    const other = counted(treeOf({ 'arch/x86/Makefile': 'obj-y += mux.o\n' }))
    const first = facts.makefile(one.tree, path)
    const second = facts.makefile(other.tree, 'arch/x86/Makefile')
    expect(second?.syntax).toBe(first?.syntax)
    expect(second).toMatchObject({ path: 'arch/x86/Makefile', world: 'top' })
    expect([one.reads(), other.reads()]).toEqual([1, 0])
  })

  it('are shared by equal texts of trees that know no blobs', () => {
    const facts = createFacts()
    const tree = { ...treeOf({ [path]: 'obj-y += mux.o\n' }), blob: () => null }
    expect(facts.makefile(tree, path)?.syntax).toBe(facts.makefile(tree, path)?.syntax)
  })

  it('are forgotten beyond the limit, those not used for longest first', () => {
    const facts = createFacts({ maxCharacters: 20 })
    const { tree, reads } = counted(
      treeOf({ 'a/Makefile': 'a := 1\n', 'b/Makefile': 'b := 2\n', 'c/Makefile': 'c := 3\n' }),
    )
    for (const name of ['a', 'b', 'a', 'c', 'a']) facts.makefile(tree, `${name}/Makefile`)
    expect(reads()).toBe(3)
    facts.makefile(tree, 'b/Makefile')
    expect(reads()).toBe(4)
  })
})
