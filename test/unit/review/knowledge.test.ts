import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { objectsOf } from '../../../src/kbuild/built-objects.ts'
import { createKnowledge } from '../../../src/review/knowledge.ts'
import type { KbuildDirectory } from '../../../src/review/knowledge.ts'
import { treeOf } from '../../support/tree.ts'

const kernel = {
  Kbuild: 'obj-y += drivers/\n',
  Kconfig: 'config CODEC\n\ttristate "Codec"\n\nsource "arch/$(SRCARCH)/Kconfig"\n',
  'arch/x86/Kconfig': 'config X86_GATE\n\tbool "Gate"\n',
  'arch/sh/Kconfig': 'config SH_GATE\n\tbool "Gate"\n',
  'arch/sh/boards/Makefile': 'obj-$(CONFIG_SH_GATE) += gate.o\n',
  'drivers/Makefile': 'obj-$(CONFIG_CODEC) += codec.o\nobj-$(CONFIG_X86_GATE) += gate.o\n',
}

/** The objects that a directory lists, each with what its makefile says of it. */
function objects(found: KbuildDirectory | null): readonly string[] {
  if (found === null) return ['unknown']
  const { conditions } = found.model
  return objectsOf(conditions, found.directory).map(({ path, own }) => `${path}: ${printCond(conditions, own)}`)
}

describe('createKnowledge', () => {
  it('knows the directories that make is sent to', () => {
    const found = createKnowledge().directory(treeOf(kernel), 'drivers/Makefile')
    expect(found?.reached).toBe(true)
    expect(objects(found)).toEqual([
      'drivers/codec.o: CONFIG_CODEC=y',
      'drivers/gate.o: CONFIG_X86_GATE',
      'drivers/codec.o: CONFIG_CODEC=m',
    ])
  })

  it('knows the types of symbols that only another architecture has', () => {
    const found = createKnowledge().directory(treeOf(kernel), 'arch/sh/boards/Makefile')
    expect(found?.reached).toBe(false)
    expect(found?.model.arch).toBe('sh')
    expect(objects(found)).toEqual(['arch/sh/boards/gate.o: CONFIG_SH_GATE'])
  })

  it('knows no directory of a makefile that make passes over for a Kbuild file', () => {
    const tree = treeOf({ ...kernel, 'drivers/Kbuild': 'obj-y += probe.o\n' })
    expect(createKnowledge().directory(tree, 'drivers/Makefile')).toBeNull()
  })

  it('works out only what hangs on the changed paths of a related tree', () => {
    const knowledge = createKnowledge()
    const before = treeOf(kernel)
    const after = treeOf({ ...kernel, 'drivers/Makefile': 'obj-$(CONFIG_CODEC) += codec.o mixer.o\n' })
    knowledge.relate(before, after, ['drivers/Makefile'])
    const model = knowledge.kernel(after, 'x86_64')
    expect(model?.conditions).toBe(knowledge.kernel(before, 'x86_64')?.conditions)
    expect(objects(knowledge.directory(after, 'drivers/Makefile'))).toContain('drivers/mixer.o: CONFIG_CODEC=m')
    expect(knowledge.symbols(after, 'x86_64')).toBe(knowledge.symbols(before, 'x86_64'))
  })

  it('keeps what it knows of the tree that a long series starts from, and forgets the trees in between', () => {
    const knowledge = createKnowledge()
    const trees = Array.from({ length: 20 }, (_, index) => {
      const drivers = `${kernel['drivers/Makefile']}obj-y += board${index}.o\n`
      return { ...treeOf({ ...kernel, 'drivers/Makefile': drivers }), id: `tree${index}` }
    })
    const models = trees.map((tree, index) => {
      const before = trees[index - 1]
      if (before !== undefined) knowledge.relate(before, tree, ['drivers/Makefile'])
      return knowledge.kernel(tree, 'x86_64')
    })
    const isKept = trees.map((tree, index) => knowledge.kernel(tree, 'x86_64') === models[index])
    expect([isKept[0], isKept[1]]).toEqual([true, false])
  })

  it('does not share conditions between trees that give a symbol different types', () => {
    const knowledge = createKnowledge()
    const before = treeOf(kernel)
    const after = treeOf({ ...kernel, Kconfig: 'config CODEC\n\tbool "Codec"\n' })
    knowledge.relate(before, after, ['Kconfig'])
    expect(objects(knowledge.directory(before, 'drivers/Makefile'))).toContain('drivers/codec.o: CONFIG_CODEC=m')
    expect(objects(knowledge.directory(after, 'drivers/Makefile'))).toContain('drivers/codec.o: CONFIG_CODEC')
  })

  it('reads the Kconfig files of all architectures once for related trees, unless one of them changes', () => {
    const knowledge = createKnowledge()
    const [before, built, gated] = [
      treeOf(kernel),
      treeOf({ ...kernel, 'drivers/Makefile': '' }),
      treeOf({ ...kernel, 'arch/sh/Kconfig': 'config SH_PANEL\n\tbool "Panel"\n' }),
    ]
    knowledge.relate(before, built, ['drivers/Makefile'])
    knowledge.relate(before, gated, ['arch/sh/Kconfig'])
    const whole = knowledge.wholeKconfig(before)
    expect([...whole.files.keys()]).toEqual(['Kconfig', 'arch/sh/Kconfig', 'arch/x86/Kconfig'])
    expect(knowledge.wholeKconfig(built)).toBe(whole)
    expect(knowledge.wholeKconfig(gated).files.get('arch/sh/Kconfig')?.statements[0]).toMatchObject({
      name: { text: 'SH_PANEL' },
    })
  })

  it('reads Kconfig files anew where a file comes that a `source` line names', () => {
    const knowledge = createKnowledge()
    const lacking = { ...kernel, Kconfig: 'source "drivers/symbols"\n' }
    const [before, after] = [treeOf(lacking), treeOf({ ...lacking, 'drivers/symbols': 'config PANEL\n\tbool\n' })]
    knowledge.relate(before, after, ['drivers/symbols'])
    expect(knowledge.wholeKconfig(before).unresolved).toHaveLength(1)
    expect(knowledge.wholeKconfig(after).unresolved).toEqual([])
  })

  it('reads MAINTAINERS once for related trees, unless it changes', () => {
    const knowledge = createKnowledge()
    const section = (list: string): string => `PANELS\nL:\t${list}\nF:\tdrivers/panels/\n`
    const [before, same, other] = ['panels@lists.example', 'panels@lists.example', 'boards@lists.example'].map((list) =>
      treeOf({ ...kernel, MAINTAINERS: section(list) }),
    )
    if (before === undefined || same === undefined || other === undefined) throw new Error('no trees')
    knowledge.relate(before, same, ['Kconfig'])
    knowledge.relate(before, other, ['MAINTAINERS'])
    expect(knowledge.maintainers(same)).toBe(knowledge.maintainers(before))
    expect(knowledge.maintainers(other).flatMap(({ lists }) => lists)).toEqual(['boards@lists.example'])
  })

  it('knows no symbols of a tree without Kconfig', () => {
    expect(createKnowledge().symbols(treeOf({ Makefile: '' }), 'x86_64')).toBeNull()
  })
})
