import { describe, expect, it } from 'vitest'
import { entryKind, hasFile } from '../../../src/text/entry-kind.ts'
import { treeOf } from '../../support/tree.ts'

describe('entryKind', () => {
  it('tells directories from files, and what is not there', () => {
    const kindOf = entryKind(treeOf({ 'drivers/usb/hub.c': '' }))
    expect(
      ['drivers', 'drivers/usb', 'drivers/usb/hub.c', 'drivers/clk', 'drivers/usb/hub.c/port'].map(kindOf),
    ).toEqual([...['directory', 'directory', 'file'], ...[null, null]])
  })
})

describe('hasFile', () => {
  it('knows files at the top and below, and takes no directory for one', () => {
    const has = hasFile(treeOf({ Kbuild: '', 'drivers/usb/hub.c': '' }))
    expect(['Kbuild', 'drivers/usb/hub.c'].map(has)).toEqual([true, true])
    expect(['drivers/usb', 'drivers/usb/port.c', 'drivers/clk/hub.c'].map(has)).toEqual([false, false, false])
  })

  it('lists each directory once', () => {
    const listed: string[] = []
    const plain = treeOf({ 'drivers/usb/hub.c': '' })
    const list = (directory: string) => {
      listed.push(directory)
      return plain.list(directory)
    }
    const has = hasFile({ ...plain, list })
    for (const name of ['hub.c', 'port.c', 'hub.c']) has(`drivers/usb/${name}`)
    expect(listed).toEqual(['drivers/usb'])
  })
})
