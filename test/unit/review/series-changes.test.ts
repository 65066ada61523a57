import { describe, expect, it } from 'vitest'
import { DiagramTooLarge } from '../../../src/cond/bdd.ts'
import { createFacts } from '../../../src/review/facts.ts'
import type { Knowledge } from '../../../src/review/knowledge.ts'
import { seriesChanges, type JudgedChanges } from '../../../src/review/series-changes.ts'
import type { Step } from '../../../src/review/step.ts'
import type { Series } from '../../../src/series/series.ts'
import { cpuMs } from '../../support/cpu.ts'
import { seriesThrough } from '../../support/steps.ts'
import type { TreeLiteral } from '../../support/tree.ts'

const kernel: TreeLiteral = {
  Makefile: [
    'SRCARCH := $(ARCH)',
    'ifeq ($(ARCH),x86_64)',
    'SRCARCH := x86',
    'endif',
    'include $(srctree)/arch/$(SRCARCH)/Makefile',
    'export SRCARCH',
    '',
  ].join('\n'),
  'arch/arm64/Makefile': '# nothing is set here\n',
  'arch/arm64/Kbuild': 'obj-y += mm/\n',
  'arch/arm64/mm/Makefile': 'obj-y += fault.o\n',
  'arch/mips/Makefile': '# nothing is set here\n',
  'arch/mips/Kbuild': 'obj-y += cache.o\n',
  'arch/x86/Makefile': '# nothing is set here\n',
  'arch/x86/Kbuild': 'obj-y += entry.o\n',
  Kbuild: 'obj-y += arch/$(SRCARCH)/ drivers/\n',
  'drivers/Makefile': 'obj-y += clk/\n',
  'drivers/clk/Makefile': 'obj-$(CONFIG_CLK) += gate.o\n',
  'drivers/clk/Kconfig': 'config CLK\n\tbool "Clocks"\n',
  'drivers/clk/gate.c': '',
  'scripts/Kbuild.include': 'comma := ,\n',
}

const makefile = 'drivers/clk/Makefile'

function through(...changes: readonly TreeLiteral[]): { readonly series: Series; readonly steps: readonly Step[] } {
  let tree = kernel
  const trees = changes.map((change) => (tree = { ...tree, ...change }))
  return seriesThrough([kernel, ...trees])
}

/** What the changes are, and for which architectures models were asked for. */
function judged(of: { readonly series: Series; readonly steps: readonly Step[] }): JudgedChanges & { asked: string[] } {
  const facts = createFacts()
  const asked: string[] = []
  const result = seriesChanges({
    ...of,
    knowledge: {
      symbols: facts.symbols,
      kernel: (tree, arch) => {
        asked.push(arch)
        return facts.kernel(tree, arch)
      },
    },
  })
  return { ...result, asked }
}

describe('what a series changes in the build', () => {
  it('is told of the patch, and of the whole, for the usual architecture', () => {
    const { changes, notRun } = judged(through({ [makefile]: 'obj-$(CONFIG_CLK) += gate.o mux.o\n' }))
    const told = {
      archs: ['x86_64'],
      changes: [
        { archs: ['x86_64'], lines: [expect.stringMatching(/^new: drivers\/clk\/mux\.o, .*CONFIG_CLK/) as unknown] },
      ],
    }
    expect(changes).toEqual({ patches: [{ patch: 1, ...told }], whole: told })
    expect(notRun).toEqual([])
  })

  it('is nothing where only comments, blanks and the order change', () => {
    const before = 'obj-y += gate.o\nobj-y += mux.o\nccflags-y := -DCLK\n'
    const after = '# clocks\nccflags-y\t:= -DCLK\n\nobj-y\t+= mux.o \\\n\t   gate.o # the gate\n'
    const { changes } = judged(
      seriesThrough([
        { ...kernel, [makefile]: before },
        { ...kernel, [makefile]: after },
      ]),
    )
    expect(changes).toEqual({
      patches: [{ patch: 1, archs: ['x86_64'], changes: [] }],
      whole: { archs: ['x86_64'], changes: [] },
    })
  })

  it('asks for no model where no build file is touched', () => {
    const of = through({ 'drivers/clk/gate.c': 'int gate;\n', 'drivers/clk/mux.c': '' })
    expect(judged(of)).toEqual({ changes: { patches: [], whole: null }, notRun: [], asked: [] })
  })

  it('says nothing of a tree that is no kernel', () => {
    const of = seriesThrough([{ Makefile: 'obj-m += gate.o\n' }, { Makefile: 'obj-m += gate.o mux.o\n' }])
    expect(judged(of)).toEqual({ changes: { patches: [], whole: null }, notRun: [], asked: [] })
  })

  it('leaves out of the whole what one patch brings and another takes away', () => {
    const { changes } = judged(
      through(
        { [makefile]: 'obj-$(CONFIG_CLK) += gate.o mux.o\n' },
        { 'drivers/clk/gate.c': 'int gate;\n' },
        { [makefile]: 'obj-$(CONFIG_CLK) += gate.o pll.o\n' },
      ),
    )
    const lines = changes.patches.map(({ patch, changes: [only] }) => [
      patch,
      only?.lines.map((line) => line.slice(0, 24)),
    ])
    expect(lines).toEqual([
      [1, ['new: drivers/clk/mux.o, ']],
      [3, ['new: drivers/clk/pll.o, ', 'gone: drivers/clk/mux.o,'].sort()],
    ])
    expect(changes.whole?.changes.map((each) => each.lines.map((line) => line.slice(0, 24)))).toEqual([
      ['new: drivers/clk/pll.o, '],
    ])
  })

  it('takes a new symbol for what the patch says that it is', () => {
    const { changes } = judged(
      through({
        'drivers/clk/Kconfig': 'config CLK\n\tbool "Clocks"\n\nconfig CLK_MUX\n\tbool "Muxes"\n',
        [makefile]: 'obj-$(CONFIG_CLK) += gate.o\nobj-$(CONFIG_CLK_MUX) += mux.o\n',
      }),
    )
    const [mux] = changes.whole?.changes[0]?.lines ?? []
    expect(mux).toMatch(/^new: drivers\/clk\/mux\.o, built-in, when CONFIG_CLK_MUX /)
  })
})

describe('the architectures', () => {
  it('are that of the directory below arch/, and no other, where a patch touches nothing else', () => {
    const { changes } = judged(through({ 'arch/arm64/mm/Makefile': 'obj-y += fault.o mmu.o\n' }))
    expect(changes.whole).toMatchObject({ archs: ['arm64'], changes: [{ archs: ['arm64'] }] })
  })

  it('are told together where the same changes for both', () => {
    const { changes } = judged(
      through({ 'arch/arm64/mm/Makefile': 'obj-y += fault.o mmu.o\n', [makefile]: 'obj-y += gate.o\n' }),
    )
    expect(changes.whole?.archs).toEqual(['x86_64', 'arm64'])
    expect(changes.whole?.changes).toEqual([
      { archs: ['x86_64', 'arm64'], lines: [expect.stringContaining('drivers/clk/gate.o') as unknown] },
      { archs: ['arm64'], lines: [expect.stringContaining('arch/arm64/mm/mmu.o') as unknown] },
    ])
  })

  it('are the usual one alone where a patch sweeps over many', () => {
    const { changes } = judged(
      through({
        'arch/arm64/mm/Makefile': '# swept\n',
        'arch/mips/Kbuild': '# swept\n',
        'arch/x86/Kbuild': '# swept\nobj-y += entry.o\n',
        'arch/sh/Makefile': '# new\n',
      }),
    )
    expect(changes.whole?.archs).toEqual(['x86_64', 'arm64', 'mips'])
    const swept = through({
      'arch/arm64/Makefile': '# swept\n',
      'arch/mips/Makefile': '# swept\n',
      'arch/x86/Makefile': '# swept\n',
      'arch/um/Makefile': '# new\n',
    })
    const [step] = swept.steps
    if (step === undefined) return expect.unreachable('there is a step')
    const before = { ...step.before, blob: (path: string) => step.before.blob(path) ?? step.after.blob(path) }
    expect(judged({ ...swept, steps: [{ ...step, before }] }).changes.whole?.archs).toEqual(['x86_64'])
  })
})

describe('what cannot be worked out', () => {
  /** Its functions call themselves for ever, in each of many variables. */
  const hostile = `f = $(call f)$(call f)\n${Array.from({ length: 400 }, (_, at) => `obj-$(CONFIG_CLK_${at}) += $(call f)\nclk-${at}-y = $(call f)\n`).join('')}`

  it('is named, in bounded time, and does not keep the rest from being judged', () => {
    const of = through({ [makefile]: hostile }, { 'drivers/Makefile': 'obj-y += clk/ mux/\n' })
    let result: JudgedChanges | null = null
    expect(cpuMs(() => (result = judged(of)))).toBeLessThan(10_000)
    expect(result).toMatchObject({
      changes: { patches: [], whole: null },
      notRun: [{ what: 'build changes of patch 1', why: '`drivers/clk/Makefile` takes too much work to evaluate' }],
    })
  })

  it('is named where a change is larger than people make them', () => {
    const list = Array.from({ length: 40_000 }, (_, at) => `clk-${at}.o`).join(' ')
    expect(judged(through({ [makefile]: `obj-y += ${list}\n` })).notRun).toEqual([
      {
        what: 'build changes of patch 1',
        why: expect.stringMatching(/^it adds \d+ characters to build files$/) as unknown,
      },
    ])
    const small = through({ [makefile]: 'obj-y += gate.o\n' })
    const [step] = small.steps
    const [file] = step?.patch.files ?? []
    if (step === undefined || file === undefined) return expect.unreachable('there is a patch of a file')
    const many = Array.from({ length: 1001 }, (_, at) => ({ ...file, newPath: `drivers/clk/d${at}/Makefile` }))
    const after = { ...step.after, blob: () => 'there' }
    expect(judged({ ...small, steps: [{ ...step, after, patch: { ...step.patch, files: many } }] }).notRun).toEqual([
      { what: 'build changes of patch 1', why: 'it brings 1001 build files and drops 0' },
    ])
  })

  it('is named where the model fails, as is what comes after', () => {
    const of = through({ [makefile]: 'obj-y += gate.o\n' }, { [makefile]: 'obj-y += mux.o\n' })
    const failing = () => {
      throw new Error('a bug')
    }
    expect(seriesChanges({ ...of, knowledge: { ...createFacts(), kernel: failing } })).toEqual({
      changes: { patches: [], whole: null },
      notRun: [{ what: 'build changes of patch 1', why: 'working them out failed: a bug' }],
    })
  })

  it('is nothing of what earlier patches have filled the conditions of the model with', () => {
    const facts = createFacts()
    const full = (): never => {
      throw new DiagramTooLarge('full')
    }
    const crowded: Knowledge['kernel'] = (tree, arch) => {
      const model = facts.kernel(tree, arch)
      const filled = { size: () => 2 ** 22, bounded: full, and: full, or: full }
      return model && { ...model, conditions: { ...model.conditions, ...filled } }
    }
    const of = through({ [makefile]: 'obj-y += gate.o\n' })
    expect(seriesChanges({ ...of, knowledge: { ...facts, kernel: crowded } })).toEqual(
      seriesChanges({ ...of, knowledge: createFacts() }),
    )
  })

  it('is not the series as a whole where a patch is missing', () => {
    const of = through({ [makefile]: 'obj-y += gate.o\n' })
    const { changes } = judged({ ...of, series: { ...of.series, missing: [2] } })
    expect(changes.patches).toHaveLength(1)
    expect(changes.whole).toBeNull()
  })
})
