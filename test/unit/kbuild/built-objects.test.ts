import { describe, expect, it } from 'vitest'
import { printCond } from '../../../src/cond/print.ts'
import { builtObjects, objectFrom, sourceOf } from '../../../src/kbuild/built-objects.ts'
import { modelKernel } from '../../../src/kbuild/kernel-model.ts'
import { flagsOf } from '../../../src/kbuild/object-flags.ts'
import { objectLines, printObjectLines } from '../../../src/kbuild/print-objects.ts'
import { kernelWith } from './small-kernel.ts'

const model = modelKernel(kernelWith({}), { arch: 'x86' })
const objects = builtObjects(model)

function describeObject(path: string): string[] {
  return (objects.get(path) ?? []).map(({ place, composite, when }) => {
    const where = place.kind === 'builtin' ? 'built-in' : place.path
    return `${where} ${composite ?? '-'} ${printCond(model.conditions, when)}`
  })
}

describe('builtObjects', () => {
  it('says into what a part is linked, when it is built in and when it is a module', () => {
    expect(describeObject('drivers/serial/dma.o')).toEqual([
      'built-in drivers/serial/uart.o CONFIG_SERIAL=y && CONFIG_UART_DMA=y',
      'drivers/serial/uart drivers/serial/uart.o CONFIG_SERIAL=m && CONFIG_UART_DMA',
    ])
  })

  it('joins the condition of the directory with that of the object', () => {
    expect(describeObject('drivers/serial/pci.o')).toEqual([
      'built-in - CONFIG_SERIAL=y && CONFIG_UART_PCI=y',
      'drivers/serial/pci - CONFIG_SERIAL && CONFIG_UART_PCI=m',
    ])
  })

  it('has no composite as an object of its own', () => {
    expect(objects.has('drivers/serial/uart.o')).toBe(false)
  })

  it('leaves out objects of obj-y where nobody needs the archive', () => {
    expect(objects.has('drivers/firmware/load.o')).toBe(false)
  })

  it('puts libraries into lib.a', () => {
    expect(describeObject('arch/x86/lib/copy_64.o')).toEqual(['arch/x86/lib/lib.a - CONFIG_64BIT'])
  })
})

describe('sources', () => {
  it('are found by the endings that Kbuild has rules for', () => {
    expect(sourceOf(model.tree, 'drivers/serial/core.o')).toBe('drivers/serial/core.c')
    expect(sourceOf(model.tree, 'drivers/serial/dma.o')).toBeNull()
    expect(objectFrom('kernel/head.S')).toBe('kernel/head.o')
    expect(objectFrom('kernel/head.h')).toBeNull()
  })
})

describe('objectLines', () => {
  it('puts all places of an object into one line, with the line that lists it', () => {
    const lines = objectLines(model, [objects.get('drivers/serial/dma.o') ?? []])
    expect(printObjectLines(lines)).toBe(
      'drivers/serial/dma.o  CONFIG_SERIAL && CONFIG_UART_DMA && (CONFIG_SERIAL=m || CONFIG_UART_DMA=y)  uart.ko or built-in  drivers/serial/Makefile:3\n',
    )
  })
})

describe('flagsOf', () => {
  it('lists the flags of the directory, the object, and what is taken away', () => {
    const directory = model.directories.get('drivers/serial')
    if (directory === undefined) throw new Error('no such directory')
    const { flags } = flagsOf(model, { directory, word: 'core.o' }, 'c')
    expect(flags.map(({ effect, variable, flag }) => `${effect} ${variable} ${flag.text}`)).toEqual([
      'add ccflags-y -DUART',
      'add CFLAGS_core.o -DCORE',
      'remove CFLAGS_REMOVE_core.o -pg',
    ])
  })
})
