import { describe, expect, it } from 'vitest'
import { globTree, matchName } from '../../../src/make/glob.ts'
import { treeOf } from '../../support/tree.ts'
import { fc } from '../../support/random.ts'

const tree = treeOf({
  'drivers/usb/hub.c': '',
  'drivers/usb/port.c': '',
  'drivers/usb/.hidden.c': '',
  'drivers/usb/core/usb.c': '',
  'drivers/pci/pci.c': '',
  Makefile: '',
})

describe('a pattern of paths', () => {
  it('finds files and directories, sorted, and leaves out names that begin with a dot', () => {
    expect(globTree(tree, 'drivers/usb/*.c')).toEqual(['drivers/usb/hub.c', 'drivers/usb/port.c'])
    expect(globTree(tree, 'drivers/*/*')).toEqual([
      'drivers/pci/pci.c',
      'drivers/usb/core',
      'drivers/usb/hub.c',
      'drivers/usb/port.c',
    ])
    expect(globTree(tree, 'drivers/usb/.*.c')).toEqual(['drivers/usb/.hidden.c'])
  })

  it('without wildcards asks whether a path exists', () => {
    expect(globTree(tree, 'Makefile')).toEqual(['Makefile'])
    expect(globTree(tree, 'drivers/usb/missing.c')).toEqual([])
    expect(globTree(tree, 'Makefile/x')).toEqual([])
  })

  it('with a slash at the end finds directories alone, and keeps the slash', () => {
    expect(globTree(tree, 'drivers/*/')).toEqual(['drivers/pci/', 'drivers/usb/'])
    expect(globTree(tree, 'Make*/')).toEqual([])
  })

  it('keeps the spelling that the pattern has', () => {
    expect(globTree(tree, './drivers/usb/../pci/*.c')).toEqual(['./drivers/usb/../pci/pci.c'])
  })

  it('is not answered outside the tree', () => {
    expect(globTree(tree, '/etc/*')).toBeNull()
    expect(globTree(tree, '../*')).toBeNull()
    expect(globTree(tree, 'drivers/../../x')).toBeNull()
  })
})

describe('a pattern of a name', () => {
  it.each([
    ['hub.c', '*.c', true],
    ['hub.c', 'h?b.?', true],
    ['hub.c', '[a-h]ub.c', true],
    ['hub.c', '[!a-h]ub.c', false],
    ['a]b', 'a[]]b', true],
    ['a-b', 'a[x-]b', true],
    ['a*b', 'a\\*b', true],
    ['aXb', 'a\\*b', false],
    ['a[b', 'a[b', true],
    ['', '*', true],
    ['.git', '*', false],
    ['hub', 'hub*', true],
    ['hub', '', false],
  ])('%s and %s: %s', (name, pattern, expected) => {
    expect(matchName(name, pattern)).toBe(expected)
  })

  it('takes no more than quadratic time', () => {
    expect(matchName('a'.repeat(5000), `${'*a'.repeat(50)}b`)).toBe(false)
  })

  it('that is a plain name matches that name alone', () => {
    const name = fc.stringMatching(/^[a-z.]{1,8}$/)
    fc.assert(fc.property(name, name, (one, other) => matchName(one, other) === (one === other)))
  })
})
