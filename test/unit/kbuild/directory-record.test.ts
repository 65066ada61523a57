import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../../src/kbuild/configuration.ts'
import { directoryRecords } from '../../../src/kbuild/directory-record.ts'
import type { DirectoryRecord } from '../../../src/kbuild/directory-record.ts'
import { modelKernel } from '../../../src/kbuild/kernel-model.ts'
import { kernelWith } from './small-kernel.ts'

function recordsOf(config: string, changes: Readonly<Record<string, string>> = {}): Map<string, DirectoryRecord> {
  const tree = kernelWith(changes)
  const model = modelKernel(tree, { arch: 'x86', configuration: readConfiguration(config, tree) })
  return new Map(directoryRecords(model).map((record) => [record.dir, record]))
}

describe('directoryRecords', () => {
  const config = 'CONFIG_64BIT=y\nCONFIG_SERIAL=m\nCONFIG_UART_DMA=y\n# CONFIG_UART_PCI is not set\n'
  const records = recordsOf(config)

  it('puts no directory before the words of the top', () => {
    expect(records.get('.')).toMatchObject({
      'real-obj-y': ['arch/x86/built-in.a', 'arch/x86/lib/built-in.a', 'drivers/built-in.a'],
      'obj-m': ['arch/x86/lib/modules.order', 'arch/x86/modules.order', 'drivers/modules.order'],
      'subdir-ym': ['arch/x86', 'arch/x86/lib', 'drivers'],
      unknown: [],
    })
  })

  it('links a module from its parts', () => {
    expect(records.get('drivers/serial')).toMatchObject({
      'real-obj-y': [],
      'real-obj-m': ['drivers/serial/core.o', 'drivers/serial/dma.o'],
      'multi-obj-ym': ['uart.o'],
      'obj-m': ['drivers/serial/uart.o'],
    })
  })

  it('drops from obj-m and lib-y what obj-y has', () => {
    expect(records.get('drivers/clk')?.['obj-m']).toEqual(['drivers/clk/clk-test.o'])
    expect(records.get('arch/x86/lib')?.['lib-y']).toEqual(['arch/x86/lib/copy_64.o'])
  })

  it('has no archives of directories where need-builtin is not given', () => {
    expect(records.get('drivers/firmware')).toMatchObject({
      'real-obj-y': ['drivers/firmware/blob.o'],
      'obj-m': [],
      'subdir-ym': ['drivers/firmware/loader'],
    })
  })

  it('builds host programs of hostprogs-always-y always', () => {
    expect(records.get('drivers/clk')).toMatchObject({ 'always-y': ['drivers/clk/gen-clk'], hostprogs: ['gen-clk'] })
  })

  it('leaves out directories that the configuration does not reach', () => {
    expect(recordsOf('CONFIG_64BIT=y\n').has('drivers/serial')).toBe(false)
  })

  it('says what hangs on the output of a command', () => {
    const { unknown } = recordsOf('', { 'drivers/clk/Makefile': 'obj-y += $(shell ls)\n' }).get('drivers/clk') ?? {}
    expect(unknown).toEqual(['obj-y: `$(shell ls)`: a command is run'])
  })

  it('says what a test of something unknown decides', () => {
    const makefile = 'ifeq ($(shell uname),Linux)\nobj-y += host.o\nendif\n'
    const { unknown } = recordsOf('', { 'drivers/clk/Makefile': makefile }).get('drivers/clk') ?? {}
    expect(unknown).toContain('real-obj-y: `host.o`')
  })
})
