import { describe, expect, it } from 'vitest'
import { parseDiff } from '../../../src/diff/parse-diff.ts'
import { placeAtEnd, placeOnPull } from '../../../src/outlets/github-place.ts'
import type { Placed } from '../../../src/review/finding.ts'
import { diffOf, seriesThrough } from '../../support/steps.ts'
import { treeOf, type TreeLiteral } from '../../support/tree.ts'

const lines = (...numbers: (number | string)[]): string =>
  numbers.map((number) => `obj-y += board${number}.o\n`).join('')
const many = Array.from({ length: 20 }, (_, at) => at + 1)

/** A series, and its whole diff. */
function pullThrough(...trees: TreeLiteral[]) {
  const [first = {}, last = {}] = [trees[0], trees.at(-1)]
  const { series } = seriesThrough(trees)
  return { patches: series.patches, files: parseDiff(diffOf(treeOf(first), treeOf(last))).files }
}

function findingAt(line: number, given: Partial<Placed> = {}): Placed {
  const path = 'drivers/Makefile'
  const at = { file: path, start: 0, end: 1 }
  const place = { path, line, column: 1, endLine: line, endColumn: 2, source: '' }
  return {
    ...place,
    at,
    rule: 'ko-missing-source',
    severity: 'error',
    message: '',
    key: 'k',
    patch: 1,
    placement: { kind: 'summary' },
    ...given,
  }
}

describe('the line of a pull request that a finding is told at', () => {
  it("is the finding's own, moved by what later patches add above it", () => {
    const pull = pullThrough(
      { 'drivers/Makefile': lines(...many) },
      { 'drivers/Makefile': lines(...many, 'new') },
      { 'drivers/Makefile': lines('first', ...many, 'new') },
    )
    expect(placeOnPull(findingAt(21), pull)).toEqual({ path: 'drivers/Makefile', line: 22, side: 'RIGHT', isOwn: true })
  })

  it('follows a file that a later patch renames', () => {
    const { patches } = pullThrough(
      { 'drivers/Makefile': lines(...many) },
      { 'drivers/Makefile': lines(...many, 'new') },
      { 'drivers/Kbuild': lines(...many, 'new') },
    )
    expect(placeAtEnd({ path: 'drivers/Makefile', line: 21 }, 1, patches)).toEqual({ path: 'drivers/Kbuild', line: 21 })
  })

  it('is none where a later patch takes the line away, and no diff shows it', () => {
    const pull = pullThrough(
      { 'drivers/Makefile': lines(...many) },
      { 'drivers/Makefile': lines(...many, 'new') },
      { 'drivers/Makefile': lines(...many) },
    )
    expect(placeOnPull(findingAt(21), pull)).toBeNull()
  })

  it('is none where the line is far from all hunks', () => {
    const pull = pullThrough({ 'drivers/Makefile': lines(...many) }, { 'drivers/Makefile': lines(...many, 'new') })
    expect(placeOnPull(findingAt(2), pull)).toBeNull()
  })

  it('is that of a place which explains it, where its own is not shown', () => {
    const pull = pullThrough({ 'drivers/Makefile': lines(...many) }, { 'drivers/Makefile': lines(...many, 'new') })
    const { at, path, line, column, endLine, endColumn, source } = findingAt(21)
    const related = [{ at, path, line, column, endLine, endColumn, source, message: 'here' }]
    expect(placeOnPull(findingAt(2, { related }), pull)).toMatchObject({ line: 21, isOwn: false })
  })

  it('is the deleted line, on the left, as it was before the series', () => {
    const pull = pullThrough(
      { 'drivers/Makefile': lines(...many), 'drivers/board3.c': 'int a;\nint b;\n' },
      { 'drivers/Makefile': lines('first', ...many), 'drivers/board3.c': 'int a;\nint b;\n' },
      { 'drivers/Makefile': lines('first', ...many) },
    )
    const mailLine = pull.patches[1]?.files[0]?.hunks[0]?.lines.find(({ oldLine }) => oldLine === 2)?.patchLine ?? 0
    const finding = findingAt(4, { path: 'elsewhere/Makefile', patch: 2, placement: { kind: 'hunk', mailLine } })
    expect(placeOnPull(finding, pull)).toEqual({ path: 'drivers/board3.c', line: 2, side: 'LEFT', isOwn: false })
  })
})
