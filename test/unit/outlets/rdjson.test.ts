import { describe, expect, it } from 'vitest'
import { renderRdjson } from '../../../src/outlets/rdjson.ts'
import { patchTextPath, type Finding } from '../../../src/review/finding.ts'
import { openRdjsonSchema } from '../../support/published-formats.ts'
import { reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

const problems = openRdjsonSchema()

/** The document, once the schema has nothing against it. */
function valid(output: string): unknown {
  expect(problems(output)).toEqual([])
  return JSON.parse(output)
}

const path = 'drivers/clk/Makefile'
const through = seriesThrough([{ [path]: '# clocks\n' }, { [path]: '# clocks\nobj-y += gate.o\n' }])
const at = { file: path, start: 0, end: 8 }

function findingOf(): Finding {
  const rule = wordRule('gate.o', {
    evidence: ['tried gate.c'],
    suggestion: { message: 'name it', edits: [{ at, text: '# gates' }] },
  })
  const [finding] = reviewOf(through, [rule]).findings
  if (finding === undefined) throw new Error('the rule finds nothing')
  return finding
}

describe('renderRdjson', () => {
  it('tells findings with their places, rules and suggestions, as the schema has it', () => {
    expect(valid(renderRdjson([findingOf()]))).toMatchObject({
      source: { name: 'kbuild-review' },
      diagnostics: [
        {
          location: { path, range: { start: { line: 2, column: 10 }, end: { line: 2, column: 16 } } },
          suggestions: [{ text: '# gates', range: { start: { line: 1, column: 1 }, end: { line: 1, column: 9 } } }],
        },
      ],
    })
  })

  it('counts columns in bytes of UTF-8', () => {
    const finding = { ...findingOf(), source: 'grün-y += gate.o', column: 11, endColumn: 17 }
    expect(valid(renderRdjson([finding]))).toMatchObject({
      diagnostics: [{ location: { range: { start: { column: 12 }, end: { column: 18 } } } }],
    })
  })

  it('gives no place to what is wrong with the text of a patch, and no edit for another file', () => {
    const finding = findingOf()
    expect(JSON.stringify(valid(renderRdjson([{ ...finding, path: patchTextPath }])))).not.toMatch(
      /location|suggestions/,
    )
  })

  it('is held against a schema that refuses', () => {
    expect(problems(JSON.stringify({ diagnostics: [{ message: 'x', location: { range: {} } }] }))).not.toEqual([])
  })
})
