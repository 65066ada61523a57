import { describe, expect, it } from 'vitest'
import { linux612, readDialect, unsupportedSyntax } from '../../../src/kconfig/dialect.ts'
import type { KconfigDialect } from '../../../src/kconfig/dialect.ts'
import { parseKconfig } from '../../../src/kconfig/parse.ts'
import { treeOf } from '../../support/tree.ts'

const refusedBy = (dialect: KconfigDialect, text: string): string[] =>
  unsupportedSyntax(parseKconfig(text), dialect).map(
    ({ message, start, end }) => `${text.slice(start, end)}: ${message}`,
  )

describe('readDialect', () => {
  it('is that of Linux 6.12 for a tree without scripts/kconfig', () => {
    expect(readDialect(treeOf({ Kconfig: '' }))).toBe(linux612)
  })

  it('reads from the parser what it accepts', () => {
    const dialect = readDialect(
      treeOf({
        'scripts/kconfig/symbol.c': 'struct menu *sym_get_choice_menu(void);',
        'scripts/kconfig/parser.y': '%token T_TRANSITIONAL\ndepends: T_DEPENDS T_ON expr if_expr T_EOL',
      }),
    )
    expect(dialect).toMatchObject({
      choices: 'calculated',
      transitional: true,
      conditionalDepends: true,
      namedChoice: false,
    })
  })
})

describe('unsupportedSyntax', () => {
  const text = `choice BOARD
	tristate "Board"
	optional
endchoice
config CODEC
	bool
	transitional
	depends on BUS if SPI
	option modules
orsource "more/Kconfig"
`

  it('names what a kernel refuses', () => {
    expect(refusedBy(linux612, text)).toEqual([
      'choice BOARD\n\ttristate "Board"\n\toptional: a choice has no name',
      'tristate "Board": a choice is bool, and has a prompt',
      'optional: `optional` is not known to this kernel',
      'transitional: `transitional` is not known to this kernel',
      'depends on BUS if SPI: `depends on` takes no `if` in this kernel',
      'option modules: `option` is not known to this kernel',
      'orsource "more/Kconfig": the kernel knows `source` alone',
    ])
  })

  it('is silent on what a kernel accepts', () => {
    const generous: KconfigDialect = {
      ...linux612,
      choices: 'recorded',
      optionalChoice: true,
      tristateChoice: true,
      namedChoice: true,
      transitional: true,
      conditionalDepends: true,
      options: true,
    }
    expect(refusedBy(generous, text.replace('orsource', 'source'))).toEqual([])
  })
})
