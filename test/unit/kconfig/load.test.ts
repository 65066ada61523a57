import { describe, expect, it } from 'vitest'
import { printCondition } from '../../../src/kconfig/condition.ts'
import { linux612 } from '../../../src/kconfig/dialect.ts'
import type { KconfigDialect } from '../../../src/kconfig/dialect.ts'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import type { KconfigModel, KconfigSymbol, MenuNode } from '../../../src/kconfig/model.ts'
import { treeOf } from '../../support/tree.ts'
import type { TreeLiteral } from '../../support/tree.ts'

const load = (files: TreeLiteral | string, dialect: KconfigDialect = linux612): KconfigModel =>
  loadKconfig(treeOf(typeof files === 'string' ? { Kconfig: files } : files), {
    env: kernelEnvironment('arm64', 'arm64'),
    dialect,
  })

function symbol(model: KconfigModel, name: string): KconfigSymbol {
  const found = model.symbols.get(name)
  if (!found) throw new Error(`no symbol ${name}`)
  return found
}

const outline = (node: MenuNode): string =>
  node.children
    .map((child) => `${child.name ?? child.kind}${child.children.length > 0 ? `(${outline(child)})` : ''}`)
    .join(' ')

describe('loadKconfig', () => {
  it('gives every line of a symbol the conditions of all that encloses it', () => {
    const model = load(`menu "Serial"
	depends on TTY
	visible if EXPERT

if SERIAL_CORE

config SERIAL_8250
	tristate "8250" if !PPC
	depends on HAS_IOPORT || HAS_IOMEM
	default SERIAL_CORE if X86
	select SERIAL_MCTRL if GPIOLIB

endif
endmenu

config SERIAL_MCTRL
	tristate
`)
    const serial = symbol(model, 'SERIAL_8250')
    const enclosing = 'TTY && SERIAL_CORE && (HAS_IOPORT || HAS_IOMEM)'
    expect(printCondition(serial.dependency)).toBe(enclosing)
    expect(serial.prompts.map(({ condition }) => printCondition(condition))).toEqual([`${enclosing} && !PPC && EXPERT`])
    expect(serial.defaults.map(({ condition, own }) => [printCondition(condition), printCondition(own)])).toEqual([
      [`${enclosing} && X86`, 'X86'],
    ])
    expect(symbol(model, 'SERIAL_MCTRL').selectedBy).toEqual(serial.selects)
    expect(printCondition(serial.selects[0]?.condition ?? null)).toBe(`${enclosing} && GPIOLIB`)
    expect(outline(model.root)).toBe('menu(if(SERIAL_8250)) SERIAL_MCTRL')
  })

  it('makes m in conditions m && MODULES, wherever modules are defined, and leaves values alone', () => {
    const model = load(
      'config CODEC\n\ttristate "codec"\n\tdepends on m\n\tdefault m\n\nconfig MODULES\n\tbool "modules"\n\tmodules\n',
    )
    const codec = symbol(model, 'CODEC')
    expect(model.modules).toBe('MODULES')
    expect(printCondition(codec.dependency)).toBe('m && MODULES')
    expect(printCondition(codec.defaults[0]?.value ?? null)).toBe('m')
  })

  it('reads files in the order of their sources, and keeps who brings them in', () => {
    const model = load({
      Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\nsource "lib/Kconfig"\n',
      'arch/arm64/Kconfig': 'config ARM64\n\tdef_bool y\n\nsource "lib/Kconfig"\n',
      'lib/Kconfig': 'config CRC\n\tbool\n',
    })
    expect([...model.files]).toMatchObject([
      ['Kconfig', []],
      ['arch/arm64/Kconfig', [{ file: 'Kconfig' }]],
      ['lib/Kconfig', [{ file: 'arch/arm64/Kconfig' }, { file: 'Kconfig' }]],
    ])
    expect(symbol(model, 'CRC').definitions).toHaveLength(2)
  })

  it('takes the first type, and ORs the dependencies of several definitions', () => {
    const model = load('config CODEC\n\tbool\n\tdepends on SPI\n\nconfig CODEC\n\ttristate "codec"\n\tdepends on I2C\n')
    expect(symbol(model, 'CODEC').type).toBe('bool')
    expect(printCondition(symbol(model, 'CODEC').dependency)).toBe('SPI || I2C')
  })

  it('reports what conf would stop at, with its place, and reads on', () => {
    const text =
      'source "nothing/Kconfig"\nsource "Kconfig"\nsource "$(shell,pwd)/Kconfig"\nconfig CODEC\n\tdepends on (\n\tbool\n'
    const model = load(text)
    expect(model.problems.map(({ code, at }) => [code, text.slice(at.start, at.end)])).toEqual([
      ['syntax', ''],
      ['missing-file', 'source "nothing/Kconfig"'],
      ['recursive-source', 'source "Kconfig"'],
      ['unknown-path', 'source "$(shell,pwd)/Kconfig"'],
    ])
    expect(symbol(model, 'CODEC').type).toBe('bool')
  })

  it('makes `depends on X if Y` X or Y = n', () => {
    const model = load('config CODEC\n\tbool\n\tdepends on BUS if SPI && !I2C\n')
    expect(printCondition(symbol(model, 'CODEC').dependency)).toBe('BUS || SPI = n || I2C != n')
  })

  it('finds the members of a choice, also below ifs', () => {
    const text =
      'choice\n\tprompt "Console"\nconfig UART\n\tbool "UART"\nif NET\nconfig NETCON\n\tbool "Net"\nendif\nendchoice\n'
    const model = load(text)
    const [choice] = model.choices.values()
    expect(choice).toMatchObject({ type: 'bool', members: ['UART', 'NETCON'] })
    expect(symbol(model, 'NETCON').choice).toBe(choice?.name)
  })

  it('takes the choice of a file that is read twice for two', () => {
    const model = load({
      Kconfig: 'source "lib/Kconfig"\nsource "lib/Kconfig"\n',
      'lib/Kconfig': 'choice\n\tprompt "CRC"\nconfig CRC\n\tbool "CRC"\nendchoice\n',
    })
    expect([...model.choices.values()].map(({ members }) => members)).toEqual([['CRC'], []])
    expect(symbol(model, 'CRC').definitions).toHaveLength(2)
  })
})

describe('loadKconfig of kernels before 6.11', () => {
  const recorded: KconfigDialect = { ...linux612, choices: 'recorded' }

  it('takes what depends on the member before it for an option of that member', () => {
    const model = load(
      `choice
	prompt "Gadget"
config ETHERNET
	tristate "Ethernet"
config ETHERNET_FAST
	bool "Fast"
	depends on ETHERNET
config ETHERNET_WIDE
	bool "Wide" if ETHERNET_FAST || EXPERT
	depends on ETHERNET != n && ETHERNET_FAST
config SERIAL
	bool "Serial"
config SERIAL_OR_ETHERNET
	bool "Either" if SERIAL || ETHERNET
endchoice
`,
      recorded,
    )
    const [choice] = model.choices.values()
    expect(choice).toMatchObject({ type: 'tristate', members: ['ETHERNET', 'SERIAL'] })
  })

  it('lets members depend on their choice, and bool ones on a tristate choice being y', () => {
    const model = load(
      'choice\n\ttristate "Gadget"\nconfig ETHERNET\n\ttristate "Ethernet"\nconfig SERIAL\n\tbool "Serial"\nendchoice\n',
      recorded,
    )
    expect(printCondition(symbol(model, 'ETHERNET').dependency)).toBe('<choice Kconfig 1>')
    expect(printCondition(symbol(model, 'SERIAL').prompts[0]?.condition ?? null)).toBe(
      '<choice Kconfig 1> = y && <choice Kconfig 1>',
    )
  })
})
