import { describe, expect, it } from 'vitest'
import { createConditions } from '../../../src/cond/conditions.ts'
import { modelKernel, remodelKernel } from '../../../src/kbuild/kernel-model.ts'
import type { KernelModel } from '../../../src/kbuild/kernel-model.ts'
import { loadModel, modelOptions, storeModel } from '../../../src/kbuild/stored-model.ts'
import type { SymbolTypes } from '../../../src/kbuild/symbol-types.ts'
import { createTypeLedger } from '../../../src/kbuild/type-ledger.ts'
import type { Tree } from '../../../src/text/tree.ts'
import { modelText } from '../../support/model-text.ts'
import { kernelWith } from './small-kernel.ts'
import { fc } from '../../support/random.ts'

const arch = 'x86'
const types: SymbolTypes = {
  typeOf: (symbol) => (symbol === '64BIT' ? 'bool' : 'tristate'),
  symbolText: (symbol) => (symbol === 'BOARD' ? { kind: 'unknown' } : null),
}
/** Types that nobody may ask for. */
const untold: SymbolTypes = {
  typeOf: (symbol) => expect.fail(`asked for ${symbol}`),
  symbolText: (symbol) => expect.fail(`asked for ${symbol}`),
}

const tree = kernelWith({
  Kbuild: [
    'obj-y += arch/$(SRCARCH)/ drivers/ board-$(CONFIG_BOARD)/',
    'obj-$(shell echo y) += extra.o',
    'obj-y += $(ARCH_LIB) gone/',
    '',
  ].join('\n'),
  'drivers/clk/Makefile': [
    'obj-$(CONFIG_CLK) += clk.o',
    'clk-y := core.o',
    'clk-$(CONFIG_CLK_PLL) += pll.o $(wildcard drivers/clk/gate-*.o)',
    'ccflags-$(CONFIG_CLK_DEBUG) += -DDEBUG',
    'ifeq ($(call cc-option,-Wtrampolines),)',
    'obj-m += probe.o',
    'endif',
    'export CLK_FLAGS := $(if $(CONFIG_CLK),-DCLK)',
    '',
  ].join('\n'),
})

const cold = (of: Tree): KernelModel => modelKernel(of, modelOptions({ arch, ledger: createTypeLedger(types) }))
const load = (bytes: Uint8Array, of: Tree = tree): KernelModel | null => loadModel(bytes, of, { arch, types: untold })

/** All that models say, conditions as the same numbers for all. */
function saying(...models: readonly (KernelModel | null)[]): readonly (readonly string[])[] {
  const common = createConditions()
  return models.map((model) => (model === null ? [] : modelText(model, common, all)))
}
const all = { evaluated: () => true, printed: () => true }

const bytes = storeModel(cold(tree)) ?? new Uint8Array()

describe('a model that was stored', () => {
  it('says the same as the one that was made, without asking for the type of a symbol', () => {
    const [made, loaded] = saying(cold(tree), load(bytes))
    expect(made?.length).toBeGreaterThan(50)
    expect(loaded).toEqual(made)
  })

  it('has the same bytes when it is stored again', () => {
    const loaded = load(bytes)
    expect(loaded && storeModel(loaded)).toEqual(bytes)
  })

  it('is as good a start for a tree that differs as one that was made', () => {
    const changes = { 'drivers/clk/Makefile': 'obj-y += gate.o\n', 'drivers/serial/Kbuild': 'obj-m += uart.o\n' }
    const after = kernelWith({ Kbuild: tree.read('Kbuild'), ...changes })
    const loaded = load(bytes)
    const model = loaded && remodelKernel(loaded, after, Object.keys(changes))
    const [made, derived] = saying(cold(after), model)
    expect(derived).toEqual(made)
    const anew = [...(model?.parts ?? [])].filter(([path, parts]) => loaded?.parts.get(path) !== parts)
    expect(anew.map(([path]) => path).toSorted()).toEqual(['drivers/clk', 'drivers/serial'])
  })

  it('is none of one configuration, or of types that nobody remembers', () => {
    expect(storeModel(modelKernel(tree, { arch, configuration: new Map() }))).toBeNull()
    expect(storeModel(modelKernel(tree, { arch }))).toBeNull()
  })

  it('is none for another architecture', () => {
    expect(loadModel(bytes, tree, { arch: 'arm64', types })).toBeNull()
  })
})

describe('bytes that are no model', () => {
  it('are seen as such wherever they end', () => {
    for (let length = 0; length < bytes.length; length += 97) expect(load(bytes.subarray(0, length))).toBeNull()
  })

  it('never make it fail, whatever single bytes are', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const broken = Uint8Array.from(bytes)
        broken[at] = byte
        const loaded = load(broken)
        // A letter of a name can be another, and the model is none the worse for it.
        expect(loaded === null || loaded.directories.size > 0).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('never make it fail, whatever stands in the place of any part', () => {
    let seen = 0
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
    const text = new TextDecoder().decode(bytes.subarray(4, 4 + length))
    const stored: unknown = JSON.parse(text)
    const rest = bytes.subarray(Math.ceil((4 + length) / 4) * 4)
    for (const [path, broken] of damaged(stored)) {
      const json = new TextEncoder().encode(JSON.stringify(broken))
      const start = Math.ceil((4 + json.length) / 4) * 4
      const whole = new Uint8Array(start + rest.length)
      new DataView(whole.buffer).setUint32(0, json.length, true)
      whole.set(json, 4)
      whole.set(rest, start)
      // A model without its top Makefile, say, is one; whatever is taken for a model can be asked for all that it says.
      expect(() => saying(load(whole)), path).not.toThrow()
      seen += Number(load(whole) === null)
    }
    expect(seen).toBeGreaterThan(50)
  })
})

/** The same data with each of its parts in turn as something that it cannot be: an object where there is none. */
function* damaged(value: unknown, path = ''): Generator<readonly [path: string, value: unknown]> {
  if (value === null || path.split('.').length > 7) return
  yield [path, typeof value === 'object' && !Array.isArray(value) ? [] : { strange: true }]
  const entries = Object.entries(value as Readonly<Record<string, unknown>>)
  if (typeof value !== 'object') return
  for (const [name, inner] of entries.slice(0, 6)) {
    for (const [where, broken] of damaged(inner, `${path}.${name}`)) {
      yield [where, Array.isArray(value) ? value.with(Number(name), broken) : { ...value, [name]: broken }]
    }
  }
}
