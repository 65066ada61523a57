import { describe, expect, it } from 'vitest'
import { symbolExpr } from '../../../src/kconfig/condition.ts'
import { linux612 } from '../../../src/kconfig/dialect.ts'
import { parseDotConfig } from '../../../src/kconfig/dot-config.ts'
import { evaluateConfig } from '../../../src/kconfig/evaluate.ts'
import type { ConfigMode, ConfigValues } from '../../../src/kconfig/evaluate.ts'
import { loadKconfig } from '../../../src/kconfig/load.ts'
import { treeOf } from '../../support/tree.ts'

// That values are conf's is shown by test/oracle/kconfig and test/real/kconfig*.test.ts; here is what these cannot show.

function evaluate(kconfig: string, config = '', mode: ConfigMode = 'olddefconfig'): ConfigValues {
  const model = loadKconfig(treeOf({ Kconfig: kconfig }), {
    env: new Map(),
    dialect: { ...linux612, transitional: true },
  })
  return evaluateConfig(model, { mode, assignments: parseDotConfig(config) })
}

const valuesOf = ({ symbols }: ConfigValues): string =>
  [...symbols].map(([name, { value }]) => `${name}=${value}`).join(' ')

describe('evaluateConfig', () => {
  it('hands a transitional symbol on to its successor, and does not write it', () => {
    const text =
      'config NEW\n\tbool "new"\n\tdefault OLD\n\nconfig OLD\n\tbool\n\ttransitional\n\nconfig NEW_SIZE\n\tint "size"\n\tdefault OLD_SIZE\n\nconfig OLD_SIZE\n\tint\n\ttransitional\n'
    const values = evaluate(text, 'CONFIG_OLD=y\nCONFIG_OLD_SIZE=42\n')
    expect(valuesOf(values)).toBe('NEW=y OLD=y NEW_SIZE=42 OLD_SIZE=42')
    expect(values.symbols.get('OLD')?.written).toBe(false)
    expect(valuesOf(evaluate(text, 'CONFIG_OLD=y\n# CONFIG_NEW is not set\n'))).toContain('NEW=n')
  })

  it('tests conditions on the values', () => {
    const values = evaluate('config BUS\n\tbool "bus"\n', 'CONFIG_BUS=y\n')
    expect(values.test(symbolExpr('BUS'))).toBe('y')
    expect(values.test({ kind: 'not', operand: symbolExpr('BUS') })).toBe('n')
    expect(values.test(symbolExpr('NOT_DEFINED'))).toBe('n')
    expect(values.test(null)).toBe('y')
  })

  it('ignores assignments that do not fit, and those to nothing', () => {
    const text =
      'config BUS\n\tbool "bus"\n\nconfig SIZE\n\tint "size"\n\nconfig NAME\n\tstring "name"\n\tdefault "none"\n'
    expect(valuesOf(evaluate(text, 'CONFIG_BUS=m\nCONFIG_SIZE=x\nCONFIG_NAME=bare\nCONFIG_GONE=y\n'))).toBe(
      'BUS=n SIZE=0 NAME=none',
    )
  })

  it('asks for what a member of a choice rests on behind the choice itself', () => {
    const text =
      'choice\n\tprompt "Governor"\n\tdefault UTIL\n\nconfig LOAD\n\tbool "load"\n\nconfig UTIL\n\tbool "util"\n\tdepends on CORES\n\nendchoice\n\nconfig CORES\n\tdef_bool y\n'
    for (const choices of ['calculated', 'recorded'] as const) {
      const model = loadKconfig(treeOf({ Kconfig: text }), { env: new Map(), dialect: { ...linux612, choices } })
      const values = evaluateConfig(model, { mode: 'allmodconfig', assignments: parseDotConfig('') })
      expect(valuesOf(values)).toBe('LOAD=n UTIL=y CORES=y')
    }
  })

  it('comes to an end where symbols depend on each other, and on long chains', () => {
    expect(
      valuesOf(
        evaluate(
          'config A\n\tbool "a"\n\tdepends on B\n\nconfig B\n\tbool "b"\n\tdepends on A\n',
          'CONFIG_A=y\nCONFIG_B=y\n',
        ),
      ),
    ).toBe('A=n B=n')
    const length = 20_000
    const chain = Array.from(
      { length },
      (_, i) => `config S${i}\n\tdef_bool ${i + 1 < length ? `S${i + 1}` : 'y'}\n`,
    ).join('\n')
    expect(evaluate(chain).symbols.get('S0')?.value).toBe('y')
  })

  it('takes a command that was not answered for n', () => {
    expect(valuesOf(evaluate('config CC_HAS_TUNE\n\tdef_bool $(shell,cc -mtune)\n'))).toBe('CC_HAS_TUNE=n')
  })

  it('answers the open questions of the modes, and no others', () => {
    const text =
      'config MODULES\n\tbool "modules"\n\tmodules\n\nconfig BUS\n\ttristate "bus"\n\nconfig CODEC\n\ttristate "codec"\n\nconfig HIDDEN\n\tbool\n'
    expect(valuesOf(evaluate(text, 'CONFIG_CODEC=y\n', 'allmodconfig'))).toBe('MODULES=y BUS=m CODEC=y HIDDEN=n')
    expect(valuesOf(evaluate(text, '# CONFIG_BUS is not set\n', 'allyesconfig'))).toBe(
      'MODULES=y BUS=n CODEC=y HIDDEN=n',
    )
    expect(valuesOf(evaluate(text, '', 'allnoconfig'))).toBe('MODULES=n BUS=n CODEC=n HIDDEN=n')
  })
})
