import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { builtObjects } from '../../../src/kbuild/built-objects.ts'
import { modelKernel } from '../../../src/kbuild/kernel-model.ts'
import type { KernelModel } from '../../../src/kbuild/kernel-model.ts'
import { countAnew, reuseModel } from '../../../src/kbuild/reuse-model.ts'
import { modelOptions } from '../../../src/kbuild/stored-model.ts'
import { typesOfTree } from '../../../src/kbuild/symbol-types.ts'
import type { SymbolTypes } from '../../../src/kbuild/symbol-types.ts'
import { createTypeLedger } from '../../../src/kbuild/type-ledger.ts'
import { loadKconfig } from '../../../src/kconfig/load.ts'
import type { Tree } from '../../../src/text/tree.ts'
import { kernelWith } from './small-kernel.ts'

const kconfig = 'config CLK\n\ttristate "Clocks"\nconfig CLK_PLL\n\tbool "PLL"\n'
const base = { Kconfig: kconfig, 'drivers/clk/Makefile': 'obj-$(CONFIG_CLK) += clk.o\n' }

/** The types of a tree, and how often its Kconfig files were loaded for them. */
function watchedTypes(tree: Tree): SymbolTypes & { readonly loads: () => number } {
  let loads = 0
  const load = () => {
    loads += 1
    return loadKconfig(tree, { env: new Map([['SRCARCH', 'x86']]) })
  }
  return { ...typesOfTree(tree, load), loads: () => loads }
}

function makeCold(tree: Tree): KernelModel {
  return modelKernel(tree, modelOptions({ arch: 'x86', ledger: createTypeLedger(watchedTypes(tree)) }))
}

/** Models a change of the base by way of the model of the base. */
function reuse(changes: Readonly<Record<string, string>>) {
  const known = makeCold(kernelWith(base))
  const tree = kernelWith({ ...base, ...changes })
  const types = watchedTypes(tree)
  const model = reuseModel(known, tree, { changed: Object.keys(changes), types })
  return { model, loads: types.loads(), anew: model && countAnew(model, known) }
}

function conditionOf(model: KernelModel | null, object: string): string {
  const [place] = (model && builtObjects(model).get(object)) ?? []
  return model && place ? printCond(model.conditions, place.own) : 'not built'
}

describe('reuseModel', () => {
  it('evaluates what changed, and loads no Kconfig file where none did', () => {
    const { model, loads, anew } = reuse({ 'drivers/clk/Makefile': 'obj-$(CONFIG_CLK) += clk.o gate.o\n' })
    expect(conditionOf(model, 'drivers/clk/gate.o')).toBe('CONFIG_CLK=y')
    expect([loads, anew]).toEqual([0, 1])
  })

  it('knows the type of a symbol that is new', () => {
    const { model } = reuse({
      Kconfig: `${kconfig}config CLK_GATE\n\tbool "Gate"\n`,
      'drivers/clk/Makefile': 'obj-$(CONFIG_CLK_GATE) += gate.o\n',
    })
    // A tristate would be `CONFIG_CLK_GATE=y` here, and =m in a second place.
    expect(conditionOf(model, 'drivers/clk/gate.o')).toBe('CONFIG_CLK_GATE')
  })

  it('is no way where a symbol that was asked for has another type', () => {
    expect(reuse({ Kconfig: kconfig.replace('tristate', 'bool') }).model).toBeNull()
    expect(reuse({ Kconfig: kconfig.replace('tristate', 'string') }).model).toBeNull()
  })

  it('is one where the type of a symbol that no makefile has asked for is another', () => {
    const { model, loads } = reuse({ Kconfig: kconfig.replace('bool', 'tristate') })
    expect(conditionOf(model, 'drivers/clk/clk.o')).toBe('CONFIG_CLK=y')
    expect(loads).toBe(0)
  })

  it('asks for all types where it cannot be told which are others', () => {
    const { model, loads } = reuse({ Kconfig: `${kconfig}source "drivers/Kconfig"\n`, 'drivers/Kconfig': '' })
    expect([model === null, loads]).toEqual([false, 1])
    const retyping = { Kconfig: `source "drivers/Kconfig"\n${kconfig}`, 'drivers/Kconfig': 'config CLK\n\tbool\n' }
    expect(reuse(retyping).model).toBeNull()
  })

  it('is no way from a model that did not remember what it asked', () => {
    const tree = kernelWith(base)
    const known = modelKernel(tree, { arch: 'x86' })
    expect(reuseModel(known, tree, { changed: [], types: watchedTypes(tree) })).toBeNull()
  })
})
