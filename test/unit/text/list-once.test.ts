import { describe, expect, it } from 'vitest'
import { listOnce } from '../../../src/text/list-once.ts'
import { prefetchOnce } from '../../../src/text/prefetch-once.ts'
import { treeOf } from '../../support/tree.ts'

describe('listOnce', () => {
  it('asks a tree for each directory once, be it empty, and another tree again', () => {
    const listed: string[] = []
    const tree = () => {
      const plain = treeOf({ 'drivers/usb/hub.c': '' })
      const list = (directory: string) => {
        listed.push(directory)
        return plain.list(directory)
      }
      return { ...plain, list }
    }
    const first = tree()
    const names = (directory: string) => listOnce(first)(directory).map(({ name }) => name)
    expect([names('drivers/usb'), names('drivers/usb'), names('drivers/clk'), names('drivers/clk')]).toEqual([
      ['hub.c'],
      ['hub.c'],
      [],
      [],
    ])
    expect(listed).toEqual(['drivers/usb', 'drivers/clk'])
    listOnce(tree())('drivers/usb')
    expect(listed).toEqual(['drivers/usb', 'drivers/clk', 'drivers/usb'])
  })
})

describe('prefetchOnce', () => {
  it('tells a tree of each file once, and of none at all where all are known', () => {
    const asked: (readonly string[])[] = []
    const tree = { ...treeOf({}), prefetch: (paths: readonly string[]) => asked.push(paths) }
    prefetchOnce(tree)(['Makefile', 'Kbuild'])
    prefetchOnce(tree)(['Kbuild', 'drivers/Makefile'])
    prefetchOnce(tree)(['Makefile'])
    expect(asked).toEqual([['Makefile', 'Kbuild'], ['drivers/Makefile']])
  })
})
