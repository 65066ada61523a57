import { describe, expect, it } from 'vitest'
import { isOlder, minimumMake } from '../../../src/review/recipe-minimum-make.ts'
import { treeOf } from '../../support/tree.ts'

describe('minimumMake', () => {
  it('reads the check at the top of the top makefile first', () => {
    const makefile =
      '# SPDX\nifeq (a,b)\n$(error GNU Make >= 4.0 is required. Your Make version is $(MAKE_VERSION))\nendif\n'
    const changes = 'GNU make               3.82             make --version\n'
    const tree = treeOf({ Makefile: makefile, 'Documentation/process/changes.rst': changes })
    expect(minimumMake(tree)).toEqual({ version: '4.0', place: 'Makefile:3' })
  })

  it('reads the table of programs where the makefile does not check', () => {
    const changes = 'Program   Minimal version\nGNU make               3.82             make --version\n'
    const tree = treeOf({ Makefile: 'VERSION = 6\n', 'Documentation/process/changes.rst': changes })
    expect(minimumMake(tree)).toEqual({ version: '3.82', place: 'Documentation/process/changes.rst:2' })
  })

  it('knows nothing of a tree that does not say', () => {
    expect(minimumMake(treeOf({ Makefile: 'VERSION = 6\n' }))).toBeNull()
  })
})

describe('isOlder', () => {
  it('compares number by number', () => {
    expect(isOlder('3.82', '4.0')).toBe(true)
    expect(isOlder('4.0', '4')).toBe(false)
    expect(isOlder('4.10', '4.9')).toBe(false)
    expect(isOlder('4.2', '4.2.1')).toBe(true)
  })
})
