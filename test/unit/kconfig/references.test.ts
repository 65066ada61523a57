import { describe, expect, it } from 'vitest'
import { parseKconfig } from '../../../src/kconfig/parse.ts'
import { definedNames, raisedNames, referencesIn, typeGiven } from '../../../src/kconfig/references.ts'

const file = parseKconfig(`config CODEC
	tristate "Codec" if EXPERT
	depends on BUS && !(SLOW = y)
	select REGMAP if RATE != 48000
	imply CLOCK
	select 8260
	default m if BUS
	help
	  depends on NOTHING

config RATE
	range 8000 MAX_RATE
	default 0x40

config NAME_$(arch)
	def_tristate MIXER || "quoted"

if FAST
menu "Menu"
	visible if SHOWN
endmenu
endif
`)

describe('referencesIn', () => {
  it('gives every name in the order of the text, with what it is used for, and numbers where they must be names', () => {
    expect(referencesIn(file).map(({ name, use }) => `${use} ${name}`)).toEqual([
      'condition EXPERT',
      'depends BUS',
      'depends SLOW',
      'select REGMAP',
      'condition RATE',
      'imply CLOCK',
      'select 8260',
      'condition BUS',
      'range MAX_RATE',
      'default MIXER',
      'depends FAST',
      'depends SHOWN',
    ])
  })

  it('says what a name is compared with', () => {
    const compared = referencesIn(file).filter(({ comparedWith }) => comparedWith !== null)
    expect(compared.map(({ name, comparedWith }) => [name, comparedWith?.text])).toEqual([
      ['SLOW', 'y'],
      ['RATE', '48000'],
    ])
  })
})

describe('raisedNames', () => {
  it('gives what is selected or implied, without what is made by macros', () => {
    const more = parseKconfig('config CODEC\n\tselect REGMAP\n\timply $(arch)_CLOCK\n')
    expect(raisedNames(file)).toEqual(['REGMAP', 'CLOCK', '8260'])
    expect(raisedNames(more)).toEqual(['REGMAP'])
  })
})

describe('definedNames', () => {
  it('gives the names of symbols, without those made by macros', () => {
    expect(definedNames(file)).toEqual(['CODEC', 'RATE'])
  })
})

describe('typeGiven', () => {
  it('is the type of the definition itself, from `def_tristate` too', () => {
    const types = file.statements.flatMap((each) => (each.kind === 'config' ? [typeGiven(each)] : []))
    expect(types).toEqual(['tristate', null, 'tristate'])
  })
})
