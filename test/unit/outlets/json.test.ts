import { describe, expect, it } from 'vitest'
import { renderJson, renderLintJson } from '../../../src/outlets/json.ts'
import { createFacts } from '../../../src/review/facts.ts'
import { lintTree } from '../../../src/review/lint-tree.ts'
import { namedBase, reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'
import { treeOf } from '../../support/tree.ts'

const path = 'drivers/clk/Makefile'
const through = seriesThrough([{ [path]: '# clocks\n' }, { [path]: '# clocks\nobj-y += gate.o\n' }])
const at = { file: path, start: 0, end: 8 }
const rule = wordRule('gate.o', {
  evidence: ['tried gate.c'],
  related: [{ at, message: 'the clocks' }],
  suggestion: { message: 'name it', edits: [{ at, text: '# gates' }] },
})
const review = reviewOf(through, [rule])

describe('renderJson', () => {
  it('has the fields of the stable form', () => {
    const [finding] = review.findings
    const place = { path, line: 1, column: 1, endLine: 1, endColumn: 9 }
    expect(JSON.parse(renderJson({ ...review, timing: { apply: 4 } }))).toEqual({
      schema: 1,
      series: {
        id: '20240902120000.1-1-dana@boards.example',
        version: 1,
        subject: 'boards: step 1',
        patches: [
          {
            index: 1,
            messageId: '20240902120000.1-1-dana@boards.example',
            subject: 'boards: step 1',
            commit: '1'.repeat(40),
            how: 'clean',
            detail: '',
          },
        ],
        missing: [],
        inferred: [],
      },
      base: namedBase,
      applied: true,
      verdict: 'findings',
      findings: [
        {
          rule: 'told-word',
          severity: 'error',
          message: '`gate.o` is written',
          path,
          line: 2,
          column: 10,
          endLine: 2,
          endColumn: 16,
          patch: 1,
          introducedBy: '20240902120000.1-1-dana@boards.example',
          source: 'obj-y += gate.o',
          evidence: ['tried gate.c'],
          related: [{ message: 'the clocks', ...place }],
          suggestion: { message: 'name it', edits: [{ ...place, text: '# gates' }] },
          reproduce: [],
          key: finding?.key,
          placement: { kind: 'line', mailLine: 12 },
        },
      ],
      unsure: [],
      changes: { patches: [], whole: null },
      builds: [],
      notRun: [],
      timing: { apply: 4 },
    })
  })

  it('names the patch, the files and the log where a series does not apply', () => {
    const hunk = { number: 2, header: '@@ -1,2 +1,3 @@', reason: 'the context is not there' }
    const files = [{ path, hunks: [hunk], reason: '1 of 2 hunks failed' }]
    const first = { index: 1, kind: 'refused', files, log: 'error: patch failed' } as const
    const conflict = { kind: 'conflict', base: namedBase, patches: [first], first } as const
    const document: unknown = JSON.parse(renderJson({ ...review, application: conflict, findings: [] }))
    expect(document).toMatchObject({
      applied: { patch: 1, files, log: 'error: patch failed' },
      series: { patches: [{ index: 1, how: 'refused', files }] },
    })
  })

  it('has no base where none was found', () => {
    const application = { kind: 'no-base', reason: 'base-commit 123 is not in the tree' } as const
    const document: unknown = JSON.parse(renderJson({ ...review, application, findings: [] }))
    expect(document).toMatchObject({ base: null, applied: { patch: null, log: 'base-commit 123 is not in the tree' } })
  })
})

describe('renderLintJson', () => {
  it('tells findings of a tree without patch and placement', () => {
    const lint = lintTree({
      tree: treeOf({ [path]: 'obj-y += gate.o\n' }),
      rules: [wordRule('gate.o')],
      facts: createFacts(),
      paths: [''],
    })
    const document: unknown = JSON.parse(renderLintJson(lint))
    expect(document).toMatchObject({ schema: 1, files: 1, findings: [{ path, line: 1, patch: null }], notRun: [] })
    expect(document).not.toHaveProperty(['findings', 0, 'placement'])
  })
})
