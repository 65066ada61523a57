import { describe, expect, it } from 'vitest'
import { readMailHint } from '../../../src/series/base-hint.ts'

const commit = 'a'.repeat(40)

describe('readMailHint', () => {
  it('reads what git format-patch --base writes below the diff', () => {
    const text = [
      '+obj-y += divider.o',
      '',
      `base-commit: ${commit}`,
      `prerequisite-patch-id: ${'1'.repeat(40)}`,
      `prerequisite-patch-id: ${'2'.repeat(40)}`,
      '-- ',
      '2.43.0',
    ]
    expect(readMailHint(text.join('\n'))).toEqual({
      commit,
      changeId: null,
      prerequisitePatchIds: ['1'.repeat(40), '2'.repeat(40)],
      prerequisites: [],
    })
  })

  it('reads what b4 writes', () => {
    const text = [
      '---',
      `base-commit: ${commit}`,
      'change-id: 20250106-divider-1a2b3c',
      'prerequisite-change-id: 20250101-mux-4d5e6f:v2',
      'prerequisite-message-id: <mux@example.org>',
    ]
    expect(readMailHint(text.join('\n'))).toEqual({
      commit,
      changeId: '20250106-divider-1a2b3c',
      prerequisitePatchIds: [],
      prerequisites: ['20250101-mux-4d5e6f:v2', 'mux@example.org'],
    })
  })

  it.each([
    ['Depends-on: <mux@example.org>', ['mux@example.org']],
    ['Depends-on: mux@example.org', ['mux@example.org']],
    ['Depends-On: https://lore.kernel.org/all/mux@example.org/', ['mux@example.org']],
    ['Depends-on: https://lore.kernel.org/r/mux%40example.org/T/#u', ['mux@example.org']],
    ['Depends-on: [PATCH v2 0/3] <https://lore.kernel.org/r/mux@example.org>', ['mux@example.org']],
    ['Depends-on: <a@example.org>, <b@example.org>', ['a@example.org', 'b@example.org']],
    ['Depends-on: the series of last week', []],
  ])('reads %j', (line, expected) => {
    expect(readMailHint(line).prerequisites).toEqual(expected)
  })

  it('takes the first commit, abbreviated or not, and nothing that is none', () => {
    expect(readMailHint(`base-commit: next-20250106\nbase-commit: 1a2b3c4d5e6f\nbase-commit: ${commit}`).commit).toBe(
      '1a2b3c4d5e6f',
    )
  })

  it('takes nothing quoted, of a diff, or of Gerrit', () => {
    const text = [
      `> base-commit: ${commit}`,
      `+base-commit: ${commit}`,
      ` change-id: x`,
      `Change-Id: I${'a'.repeat(40)}`,
      `change-id: I${'a'.repeat(40)}`,
    ]
    expect(readMailHint(text.join('\n'))).toEqual({
      commit: null,
      changeId: null,
      prerequisitePatchIds: [],
      prerequisites: [],
    })
  })
})
