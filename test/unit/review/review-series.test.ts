import { describe, expect, it } from 'vitest'
import { createFacts } from '../../../src/review/facts.ts'
import { patchTextPath } from '../../../src/review/finding.ts'
import { reviewSeries, type Judgement } from '../../../src/review/review-series.ts'
import { defineRule, type Rule, type TreeContext } from '../../../src/review/rule.ts'
import { seriesThrough } from '../../support/steps.ts'
import type { TreeLiteral } from '../../support/tree.ts'

/** Reports every `NAME.o` of a makefile that has no `NAME.c` beside it. */
const missingSource = defineRule({
  id: 'missing-source',
  severity: 'error',
  scope: 'tree',
  summary: 'An object has no source.',
  since: '0.1.0',
  check({ tree, makefiles, report, unsure }) {
    for (const { path, text } of makefiles) {
      const directory = path.slice(0, path.lastIndexOf('/') + 1)
      for (const match of text.matchAll(/[$()\w-]+\.o\b/g)) {
        const at = { file: path, start: match.index, end: match.index + match[0].length }
        if (match[0].includes('$')) unsure(at, 'a computed name')
        else if (tree.read(`${directory}${match[0].replace(/o$/, 'c')}`) === null)
          report({ at, message: `no source makes \`${match[0]}\`` })
      }
    }
  },
})

/** Reports the first line of a patch's log. */
const logRule = defineRule({
  id: 'vague-log',
  severity: 'warning',
  scope: 'change',
  summary: 'The log does not say which board.',
  since: '0.1.0',
  check({ at, report, patch }) {
    if (patch.log.includes('The board')) report({ at: at(1), message: 'the log does not say which board' })
  },
})

function fail(message: string): never {
  throw new Error(message)
}

function review(literals: readonly TreeLiteral[], rules: readonly Rule[] = [missingSource]): Judgement {
  return reviewSeries({ ...seriesThrough(literals), rules, facts: createFacts() })
}

/** `patch path:line:column source` of every finding. */
function told({ findings }: Judgement): string[] {
  return findings.map((each) => `${each.patch} ${each.path}:${each.line}:${each.column} ${each.source}`)
}

const makefile = 'drivers/clk/Makefile'
const source = { 'drivers/clk/clock.c': '', 'drivers/clk/reset.c': '' }

describe('reviewSeries', () => {
  it('tells rules about a patch what it brings and a later patch takes away again', () => {
    const passingRule = defineRule({
      id: 'wrong-order',
      severity: 'warning',
      scope: 'change',
      summary: 'The order is wrong.',
      since: '0.1.0',
      check({ passing, report }) {
        for (const { finding, goneIn } of passing)
          report({ at: finding.at, message: `${finding.source}, until patch ${goneIn ?? 0}` })
      },
    })
    const { findings } = review(
      [
        { [makefile]: '' },
        { [makefile]: 'obj-y += gate.o\n' },
        { [makefile]: 'obj-y += gate.o\n', 'drivers/clk/gate.c': '' },
      ],
      [missingSource, passingRule],
    )
    expect(findings.map(({ patch, rule, message }) => [patch, rule, message])).toEqual([
      [1, 'wrong-order', 'obj-y += gate.o, until patch 2'],
    ])
  })

  it('reports what a patch brings, where it is after the patch', () => {
    const judgement = review([
      { ...source, [makefile]: '# clocks\nobj-y += clock.o\n' },
      { ...source, [makefile]: '# clocks\nobj-y += clock.o gate.o\n' },
    ])
    expect(told(judgement)).toEqual(['1 drivers/clk/Makefile:2:18 obj-y += clock.o gate.o'])
    expect(judgement.findings[0]?.placement).toMatchObject({ kind: 'line' })
  })

  it('is silent about what was there before, wherever it has moved to', () => {
    const before = '# clocks\nobj-y += clock.o\nobj-y += gate.o\n'
    const after = '# clocks\n# and resets\nobj-y += reset.o\nobj-y += gate.o\nobj-y += clock.o\n'
    expect(
      told(
        review([
          { ...source, [makefile]: before },
          { ...source, [makefile]: after },
        ]),
      ),
    ).toEqual([])
  })

  it('is silent about what was there before in a file that is renamed', () => {
    const text = '# clocks of many boards\nobj-y += gate.o\n# and nothing else\n'
    const judgement = review([{ 'drivers/clk/Makefile': text }, { 'drivers/clk/Kbuild': `${text}# renamed\n` }])
    expect(told(judgement)).toEqual([])
  })

  it('is silent about a statement that moves to another file as it was', () => {
    const judgement = review([
      { 'drivers/clk/Makefile': '# clocks\nobj-y += gate.o\n', 'drivers/clk/Makefile.gates': '# gates\n' },
      { 'drivers/clk/Makefile': '# clocks\n', 'drivers/clk/Makefile.gates': '# gates\nobj-y += gate.o\n' },
    ])
    expect(told(judgement)).toEqual([])
  })

  it('sees that deleting a source breaks an untouched line, and places it in the summary', () => {
    const text = '# clocks\nobj-y += clock.o\n'
    const judgement = review([
      { ...source, [makefile]: text },
      { 'drivers/clk/reset.c': '', [makefile]: text },
    ])
    expect(told(judgement)).toEqual(['1 drivers/clk/Makefile:2:10 obj-y += clock.o'])
    expect(judgement.findings[0]?.placement).toEqual({ kind: 'summary' })
  })

  it('tells one more of the same as one, on the line that is added', () => {
    const judgement = review([
      { [makefile]: 'obj-y += gate.o\n\nobj-m += gate.o\n' },
      { [makefile]: 'obj-y += gate.o\nlib-y += gate.o\n\nobj-m += gate.o\n' },
    ])
    expect(told(judgement)).toEqual(['1 drivers/clk/Makefile:2:10 lib-y += gate.o'])
  })

  it('gives each finding to the patch that brings it, each with its own key', () => {
    const judgement = review([
      { [makefile]: '# clocks\n' },
      { [makefile]: '# clocks\nobj-y += gate.o\n' },
      { [makefile]: '# clocks\nobj-m += gate.o\nobj-y += gate.o\n' },
    ])
    expect(told(judgement)).toEqual([
      '1 drivers/clk/Makefile:2:10 obj-y += gate.o',
      '2 drivers/clk/Makefile:2:10 obj-m += gate.o',
    ])
    expect(new Set(judgement.findings.map(({ key }) => key)).size).toBe(2)
  })

  it('is silent about what a later patch mends, also without touching the makefile', () => {
    const judgement = review([
      { ...source, [makefile]: '# clocks\n' },
      { ...source, [makefile]: '# clocks\nobj-y += gate.o\n' },
      { ...source, [makefile]: '# clocks\nobj-y += gate.o\n', 'drivers/clk/mux.c': '' },
      { ...source, [makefile]: '# clocks\nobj-y += gate.o\n', 'drivers/clk/mux.c': '', 'drivers/clk/gate.c': '' },
    ])
    expect(told(judgement)).toEqual([])
    expect(judgement.transient).toMatchObject([{ finding: { patch: 1 }, goneIn: 3 }])
  })

  it('is silent about what a later patch mends from afar', () => {
    const boards = defineRule({
      ...missingSource,
      check(context: TreeContext) {
        if (context.tree.read('boards/list') === null) missingSource.check(context)
      },
    })
    const judgement = review(
      [
        { [makefile]: '# clocks\n' },
        { [makefile]: 'obj-y += gate.o\n' },
        { [makefile]: 'obj-y += gate.o\n', 'boards/list': 'gate\n' },
      ],
      [boards],
    )
    expect(told(judgement)).toEqual([])
    expect(judgement.transient).toMatchObject([{ finding: { patch: 1 }, goneIn: null }])
  })

  it('follows a finding through a rename by a later patch', () => {
    const text = '# clocks of many boards\nobj-y += gate.o\n# and nothing else\n'
    const judgement = review([
      { 'drivers/clk/Makefile': '# clocks of many boards\n# and nothing else\n' },
      { 'drivers/clk/Makefile': text },
      { 'drivers/clk/Kbuild': text },
      { 'drivers/clk/Kbuild': '# clocks of many boards\n# and nothing else\n' },
    ])
    expect(told(judgement)).toEqual([])
    expect(judgement.transient).toMatchObject([{ finding: { patch: 1 }, goneIn: 3 }])
  })

  it('is silent about what one patch takes away and a later one puts back', () => {
    const judgement = review([
      { [makefile]: '# clocks\nobj-y += gate.o\n' },
      { [makefile]: '# clocks\n' },
      { [makefile]: '# clocks\nobj-y += gate.o\n' },
    ])
    expect(told(judgement)).toEqual([])
  })

  it('asks the tree before the last patch only where a rule says something of the tree after it', () => {
    const asked: boolean[] = []
    const counting: Rule = defineRule({
      ...missingSource,
      check(context: TreeContext) {
        asked.push(context.tree.read('drivers/clk/gate.c') !== null)
        missingSource.check(context)
      },
    })
    const before = { [makefile]: 'obj-y += gate.o\n' }
    expect(told(review([before, { ...before, 'drivers/clk/gate.c': '' }], [counting]))).toEqual([])
    expect(asked).toEqual([true])
    review([before, { [makefile]: 'obj-y += gate.o timer.o\n' }], [counting])
    expect(asked).toEqual([true, false, false, false])
  })

  it('counts what a patch makes undecidable, and not what already was', () => {
    const judgement = review([
      { [makefile]: '# clocks\nobj-y += $(board).o\n' },
      { [makefile]: '# clocks\n\nobj-y += $(board).o\nobj-y += $(gate).o\n' },
    ])
    expect(judgement.unsure).toMatchObject([{ rule: 'missing-source', patch: 1, path: makefile, line: 4 }])
  })

  it('runs the rules of a change once a patch, with places in the text of the patch', () => {
    const judgement = review([{ 'a.c': '' }, { 'a.c': '1\n' }, { 'a.c': '2\n' }], [logRule])
    expect(judgement.findings).toMatchObject([
      { patch: 1, path: patchTextPath, line: 1, source: 'The board needs its driver.' },
      { patch: 2, path: patchTextPath, line: 1, source: 'The board needs its driver.' },
    ])
    expect(new Set(judgement.findings.map(({ key }) => key)).size).toBe(2)
    expect(judgement.findings[0]?.placement).toEqual({ kind: 'line', mailLine: 1 })
  })

  it('leaves open what a patch that was not judged may bring', () => {
    const { series, steps } = seriesThrough([
      { [makefile]: '# clocks\n' },
      { [makefile]: 'obj-y += gate.o\n' },
      { [makefile]: 'obj-y += gate.o\n', 'drivers/clk/gate.c': '' },
    ])
    const absent = defineRule({ ...missingSource, absence: true })
    const judge = (rule: Rule, until: number) =>
      reviewSeries({ series, steps: steps.slice(0, until), rules: [rule], facts: createFacts() })
    const cut = judge(absent, 1)
    expect(cut.findings).toEqual([])
    expect(cut.unsure).toMatchObject([{ rule: 'missing-source', patch: 1, path: makefile, line: 1 }])
    expect(cut.unsure[0]?.because).toBe('1 of 2 patches were not judged, and may bring it')
    expect(told(judge(missingSource, 1))).toHaveLength(1)
    expect(judge(absent, 2).unsure).toEqual([])
  })

  it('names a rule that throws and goes on with the others', () => {
    const broken = defineRule({ ...missingSource, id: 'broken', check: () => fail('a bug') })
    const judgement = review(
      [{ [makefile]: '# clocks\n' }, { [makefile]: 'obj-y += gate.o\n' }],
      [broken, missingSource],
    )
    expect(judgement.notRun).toEqual([{ what: 'rule broken on patch 1', why: 'the rule failed: a bug' }])
    expect(told(judgement)).toHaveLength(1)
  })

  it('reports nothing of a rule that throws on one side of a patch only', () => {
    const fragile = defineRule({
      ...missingSource,
      check(context: TreeContext) {
        if (context.makefiles.some(({ text }) => text.includes('# old'))) throw new Error('old files')
        missingSource.check(context)
      },
    })
    const judgement = review(
      [{ [makefile]: '# old\nobj-y += gate.o\n' }, { [makefile]: 'obj-y += gate.o\n' }],
      [fragile],
    )
    expect(told(judgement)).toEqual([])
    expect(judgement.notRun).toHaveLength(1)
  })

  it('judges no patch whose diff cannot be trusted', () => {
    const { series, steps } = seriesThrough([{ [makefile]: '# clocks\n' }, { [makefile]: 'obj-y += gate.o\n' }])
    const cut = steps.map((step) => ({
      ...step,
      patch: { ...step.patch, problems: [{ line: 9, message: 'the hunk is cut short' }] },
    }))
    const judgement = reviewSeries({ series, steps: cut, rules: [missingSource, logRule], facts: createFacts() })
    expect(judgement.findings).toEqual([])
    expect(judgement.unjudged).toEqual([
      { what: 'patch 1', why: 'its diff cannot be trusted: line 9: the hunk is cut short' },
    ])
  })
})

describe('the key of a finding', () => {
  const keyAfter = (before: string, after: string): string | undefined =>
    review([{ [makefile]: before }, { [makefile]: after }]).findings[0]?.key
  const key = keyAfter('# clocks\n', '# clocks\nobj-y += gate.o\n')

  it('is the same when the lines above it move', () => {
    expect(key).toBeDefined()
    expect(keyAfter('# clocks\n', '# clocks\n# of boards\n# and modules\n\nobj-y += gate.o\n')).toBe(key)
  })

  it('is the same on a base with unrelated edits', () => {
    expect(keyAfter('obj-y += mux.o\n', 'obj-y += mux.o\nobj-y  +=   gate.o\n')).toBe(key)
  })

  it('is another one in another file', () => {
    const other = review([{ 'drivers/reset/Makefile': '# r\n' }, { 'drivers/reset/Makefile': 'obj-y += gate.o\n' }])
    expect(other.findings[0]?.key).not.toBe(key)
  })
})
