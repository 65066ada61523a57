import { describe, expect, it } from 'vitest'
import { resolveSource } from '../../../src/kconfig/resolve-source.ts'
import { treeOf } from '../../support/tree.ts'

const tree = treeOf({
  Kconfig: '',
  'drivers/tty/Kconfig': '',
  'drivers/tty/serial/Kconfig': '',
  'drivers/usb/Kconfig.gadget': '',
  'drivers/usb/Kconfig.host': '',
})
const resolve = (path: string, from: string | null = null): readonly string[] =>
  resolveSource(tree, { path, from, srctree: '/src' })

describe('resolveSource', () => {
  it('finds files from the top of the tree, which $(srctree) may spell out', () => {
    expect(resolve('drivers/tty/Kconfig')).toEqual(['drivers/tty/Kconfig'])
    expect(resolve('./drivers/usb/../tty/Kconfig')).toEqual(['drivers/tty/Kconfig'])
    expect(resolve('/src/drivers/tty/Kconfig')).toEqual(['drivers/tty/Kconfig'])
  })

  it('finds files relative to another', () => {
    expect(resolve('serial/Kconfig', 'drivers/tty/Kconfig')).toEqual(['drivers/tty/serial/Kconfig'])
    expect(resolve('Kconfig', 'Kconfig')).toEqual(['Kconfig'])
  })

  it('takes what is no file for a pattern', () => {
    expect(resolve('drivers/*/Kconfig')).toEqual(['drivers/tty/Kconfig'])
    expect(resolve('drivers/usb/Kconfig.[gh]*')).toEqual(['drivers/usb/Kconfig.gadget', 'drivers/usb/Kconfig.host'])
    expect(resolve('drivers/usb/Kconfig.[!a-g]???')).toEqual(['drivers/usb/Kconfig.host'])
    expect(resolve('drivers/t?y/*/Kconfig')).toEqual(['drivers/tty/serial/Kconfig'])
  })

  it('finds nothing outside of the tree, and no directories', () => {
    expect(resolve('../etc/passwd')).toEqual([])
    expect(resolve('drivers')).toEqual([])
    expect(resolve('drivers/net/Kconfig')).toEqual([])
  })
})
