import { describe, expect, it } from 'vitest'
import { createIgnoreMatcher } from '../../../src/review/gitignore.ts'
import { treeOf } from '../../support/tree.ts'

/** Whether a file is ignored, where the .gitignore at the top holds these lines. */
function isIgnored(path: string, lines: readonly string[], others: Readonly<Record<string, string>> = {}): boolean {
  return createIgnoreMatcher(treeOf({ '.gitignore': `${lines.join('\n')}\n`, ...others }))(path)
}

// Each as `git check-ignore --no-index` 2.39 has it.
describe('createIgnoreMatcher', () => {
  it.each([
    ['codec.o', ['*.o'], true],
    ['drivers/codec.o', ['*.o'], true],
    ['drivers/.codec.o', ['*.o'], true],
    ['drivers/codec.c', ['*.o'], false],
    ['vmlinux', ['/vmlinux'], true],
    ['drivers/vmlinux', ['/vmlinux'], false],
    ['drivers/boards/table.h', ['boards/table.h'], false],
    ['boards/table.h', ['boards/table.h'], true],
    ['drivers/boards/table.h', ['**/table.h'], true],
    ['drivers/boards/table.h', ['drivers/**/table.h'], true],
    ['drivers/table.h', ['drivers/**/table.h'], true],
    ['out/boards/table.h', ['out/**'], true],
    ['out/boards/table.h', ['out/'], true],
    ['out', ['out/'], false],
    ['keep.o', ['*.o', '!keep.o'], false],
    ['out/keep.o', ['out/', '!keep.o'], true],
    ['table.h', ['# table.h', '', 'table.h  '], true],
    ['#table', ['\\#table'], true],
    ['codec7', ['codec[0-9]'], true],
    ['codecs', ['codec[0-9]'], false],
    ['codec/7', ['codec?7'], false],
    ['codec.tar.gz', ['*.tar.gz'], true],
    ['codec.gz', ['*.tar.gz'], false],
    ['codec.o', ['codec.?'], true],
    ['codec.o', ['codec.[oa]'], true],
    ['codec.o', ['codec.\\o'], true],
    ['codec.o', ['codec.o*'], true],
    ['drivers.d/codec', ['codec'], true],
    ['drivers/codec.o', ['drivers/codec'], false],
  ])('says of %s with %j: %j', (path, lines, ignored) => {
    expect(isIgnored(path, lines)).toBe(ignored)
  })

  it('takes the nearest .gitignore that has a pattern for the file', () => {
    expect(isIgnored('drivers/keep.o', ['*.o'], { 'drivers/.gitignore': '!keep.o\n' })).toBe(false)
    expect(isIgnored('drivers/probe', [], { 'drivers/.gitignore': '/probe\n' })).toBe(true)
    expect(isIgnored('drivers/boards/probe', [], { 'drivers/.gitignore': '/probe\n' })).toBe(false)
  })

  it('does not take a directory that has files in the tree for ignored', () => {
    const others = { 'drivers/codec.c': '' }
    expect(isIgnored('drivers/probe', ['/*'], others)).toBe(false)
    expect(isIgnored('other/probe', ['/*'], others)).toBe(true)
  })
})
