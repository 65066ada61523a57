import { describe, expect, it } from 'vitest'
import { buildChanges, isBuildFile } from '../../../src/changes/build-changes.ts'
import { modelKernel } from '../../../src/kbuild/kernel-model.ts'
import { kernelWith } from '../kbuild/small-kernel.ts'

/** What a change of some files changes in the build of the small kernel. */
function changesOf(files: Readonly<Record<string, string | null>>, base: Readonly<Record<string, string>> = {}) {
  const touched = Object.keys(files)
  const modelOf = (tree: ReturnType<typeof kernelWith>) => modelKernel(tree, { arch: 'x86' })
  return buildChanges(kernelWith(base), kernelWith({ ...base, ...files }), { touched, modelOf }).lines
}

const serial = ['obj-$(CONFIG_SERIAL) += uart.o', 'uart-y := core.o', 'obj-$(CONFIG_UART_PCI) += pci.o', ''].join('\n')
const base = { 'drivers/serial/Makefile': serial }
const changed = (from: string, to: string) => changesOf({ 'drivers/serial/Makefile': serial.replace(from, to) }, base)

describe('buildChanges', () => {
  it('tells of a new object where it lands, when, and which line says so', () => {
    expect(changed('uart-y := core.o', 'uart-y := core.o\nuart-$(CONFIG_UART_IRQ) += irq.o')).toEqual([
      'new: drivers/serial/irq.o, uart.ko or built-in, when CONFIG_SERIAL && CONFIG_UART_IRQ && (CONFIG_SERIAL=m || CONFIG_UART_IRQ=y) (drivers/serial/Makefile:3)',
    ])
  })

  it('names the source that nothing builds any more', () => {
    expect(changed('uart-y := core.o', 'uart-y := port.o')).toEqual([
      'gone: drivers/serial/core.o, was built when CONFIG_SERIAL; nothing builds drivers/serial/core.c any more',
      'new: drivers/serial/port.o, uart.ko or built-in, when CONFIG_SERIAL (drivers/serial/Makefile:2)',
    ])
  })

  it('tells of another condition', () => {
    expect(changed('CONFIG_UART_PCI', 'CONFIG_PCI')).toEqual([
      'condition: drivers/serial/pci.o: CONFIG_UART_PCI -> CONFIG_PCI (drivers/serial/Makefile:3)',
    ])
  })

  it('tells of a module with another name once, not of each object in it', () => {
    expect(changed('obj-$(CONFIG_SERIAL) += uart.o\nuart-y', 'obj-$(CONFIG_SERIAL) += ports.o\nports-y')).toEqual([
      'renamed: module uart.ko -> ports.ko in drivers/serial, linked from 1 object',
    ])
  })

  it('tells of an object that is linked twice, with the condition under which it is', () => {
    // Not with the driver a module and CONFIG_UART_PCI=y: nothing of a directory in obj-m is built in.
    expect(changed('uart-y := core.o', 'uart-y := core.o pci.o')).toEqual([
      'condition: drivers/serial/pci.o: CONFIG_UART_PCI -> CONFIG_SERIAL || CONFIG_UART_PCI (drivers/serial/Makefile:2)',
      'twice: drivers/serial/pci.o is linked more than once: uart.ko and pci.ko and built-in, when CONFIG_SERIAL && CONFIG_UART_PCI && (CONFIG_SERIAL=y || CONFIG_UART_PCI=m) (drivers/serial/Makefile:2)',
    ])
  })

  it('tells of a directory once, not of each object in it', () => {
    const drivers = 'obj-$(CONFIG_SERIAL) += serial/\nobj-$(CONFIG_CLK) += clk/\n'
    expect(changesOf({ 'drivers/Makefile': drivers })).toEqual([
      'condition: drivers/clk/ with 2 objects: always -> CONFIG_CLK',
      'gone: drivers/firmware/ with 0 objects, was reached always',
    ])
  })

  it('tells of flags and for how many objects they count', () => {
    expect(changed('uart-y :=', 'ccflags-y += -DUART\nCFLAGS_pci.o += -Os\nuart-y :=')).toEqual([
      'flags: drivers/serial CFLAGS_pci.o for 1 object: + -Os',
      'flags: drivers/serial ccflags-y for 2 objects: + -DUART',
    ])
  })

  it('tells of symbols that come, go or change their type, and who still refers to them', () => {
    const before = 'config UART_PCI\n\ttristate "PCI"\nconfig UART_DMA\n\tbool\n'
    const after = 'config UART_ISA\n\ttristate "ISA"\nconfig UART_DMA\n\ttristate "DMA"\n'
    expect(changesOf({ 'drivers/Kconfig': after }, { 'drivers/Kconfig': before })).toEqual([
      'symbol: CONFIG_UART_DMA: bool -> tristate; has a prompt now, "DMA"',
      'symbol: CONFIG_UART_ISA is new (tristate)',
      'symbol: CONFIG_UART_PCI (tristate) is gone; drivers/serial/Makefile still refers to it',
    ])
  })

  it('says nothing of a makefile that is only written otherwise', () => {
    expect(changed('uart-y := core.o', 'uart-objs :=\t\\\n\tcore.o')).toEqual([])
  })

  it('tells no more than 15 lines', () => {
    const many = Array.from({ length: 20 }, (_, index) => `obj-y += port${index}.o\n`).join('')
    const lines = changed('uart-y :=', `${many}uart-y :=`)
    expect(lines).toHaveLength(15)
    expect(lines.at(-1)).toBe('... and 6 more')
  })

  it('models nothing for a patch of sources alone', () => {
    const modelOf = () => {
      throw new Error('modelled')
    }
    const tree = kernelWith({})
    expect(buildChanges(tree, tree, { touched: ['drivers/serial/core.c'], modelOf })).toEqual({
      lines: [],
      notes: [],
      model: null,
    })
    expect(isBuildFile('arch/x86/Makefile_32.cpu')).toBe(true)
  })
})
