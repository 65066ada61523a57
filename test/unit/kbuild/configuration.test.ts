import { describe, expect, it } from 'vitest'
import { always, createConditions, never } from '../../../src/cond/conditions.ts'
import { concreteConditions, readConfiguration } from '../../../src/kbuild/configuration.ts'
import { kernelWith } from './small-kernel.ts'

describe('readConfiguration', () => {
  const text =
    'CONFIG_A=y\r\nCONFIG_B=m\n# CONFIG_C is not set\nCONFIG_D=y\nCONFIG_D=n\nCONFIG_S="a \\"b\\""\nCONFIG_N=0x10\n'

  it('takes texts without quotes, as auto.conf has them since 5.18', () => {
    expect([...readConfiguration(text, kernelWith({}))]).toEqual([
      ['A', 'y'],
      ['B', 'm'],
      ['S', 'a "b"'],
      ['N', '0x10'],
    ])
  })

  it('keeps the quotes for a kernel whose conf writes them', () => {
    const tree = kernelWith({ 'scripts/kconfig/confdata.c': 'int conf_write_autoconf(int overwrite)\n' })
    expect(readConfiguration(text, tree).get('S')).toBe('"a \\"b\\""')
  })
})

describe('concreteConditions', () => {
  const values = new Map([
    ['A', 'y'],
    ['B', 'm'],
    ['GCC_VERSION', '120200'],
    ['FRAME_WARN', '2048'],
  ])
  const conditions = concreteConditions(createConditions(), values)

  it('decides every symbol', () => {
    expect([conditions.isSet('A'), conditions.symbolIs('B', 'y'), conditions.symbolIs('C', 'n')]).toEqual([
      always,
      never,
      always,
    ])
  })

  it('chooses by what a symbol is, and by what is recorded of tools', () => {
    const parts = { low: conditions.atom({ kind: 'probe', key: 'low' }), module: always, yes: never }
    expect(conditions.choose({ kind: 'symbol', name: 'B', type: 'tristate' }, parts)).toBe(always)
    expect(conditions.choose({ kind: 'symbol', name: 'C', type: 'tristate' }, parts)).toBe(parts.low)
    const atom = { kind: 'probe', key: 'gcc-min-version(100000)' } as const
    expect(conditions.choose({ kind: 'atom', atom }, parts)).toBe(never)
  })

  it('answers what the configuration records of tools, and comparisons of numbers', () => {
    const ask = (key: string) => conditions.atom({ kind: 'probe', key })
    expect(ask('gcc-min-version(100000)')).toBe(always)
    expect(ask('gcc-min-version(130000)')).toBe(never)
    expect(ask('test-lt(1024, 2048)')).toBe(always)
    expect([always, never]).not.toContain(ask('cc-option(-Wall)'))
  })
})
