import { describe, expect, it } from 'vitest'
import { createFacts } from '../../../src/review/facts.ts'
import { lintTree, type Lint } from '../../../src/review/lint-tree.ts'
import { reviewSeries } from '../../../src/review/review-series.ts'
import { ignoreCommentRule, suppressByPath } from '../../../src/review/suppression.ts'
import { wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'
import { treeOf } from '../../support/tree.ts'

const rules = [wordRule('gate', {}, { id: 'ms-one' }), wordRule('mux', {}, { id: 'ms-two' })]

function lint(text: string, path = 'drivers/clk/Makefile'): Lint {
  const known = ignoreCommentRule(rules.map(({ id }) => id))
  return lintTree({ tree: treeOf({ [path]: text }), rules: [...rules, known], facts: createFacts(), paths: [''] })
}

const told = ({ findings }: Lint): string[] => findings.map(({ rule, line }) => `${line} ${rule}`)
const kept = ({ suppressed }: Lint): string[] =>
  suppressed.map(({ finding: { rule, line } }) => `${line} ${rule}`).sort()

const makefile = `# kbuild-review: ignore ms-one: the board has no other
gate := 1 \\
  gate
gate.o: gate.c mux.h
	make gate
`

describe('a comment that ignores a rule', () => {
  it('is about the statement behind it, with all its lines', () => {
    const result = lint(makefile)
    expect(kept(result)).toEqual(['2 ms-one', '3 ms-one'])
    expect(told(result)).toEqual(['4 ms-one', '4 ms-one', '4 ms-two', '5 ms-one'])
    expect(result.suppressed[0]?.by).toEqual({ kind: 'comment', reason: 'the board has no other' })
  })

  it('before a rule is about its recipe too, and about the rules that it names alone', () => {
    const result = lint(
      `# kbuild-review: ignore ms-two, ms-one: tried\n\n# why\n${makefile.split('\n').slice(3).join('\n')}gate := 1\n`,
    )
    expect(kept(result)).toEqual(['4 ms-one', '4 ms-one', '4 ms-two', '5 ms-one'])
    expect(told(result)).toEqual(['6 ms-one'])
  })

  it('before a conditional is about its first line alone', () => {
    const result = lint('# kbuild-review: ignore ms-one: tried\nifdef gate\nobj-y += gate.o\nendif\n')
    expect(kept(result)).toEqual(['2 ms-one'])
    expect(told(result)).toEqual(['3 ms-one'])
  })

  it('is about the whole file where it says so', () => {
    const result = lint(`${makefile}\n# kbuild-review: ignore-file ms-one: generated\n`)
    expect(told(result)).toEqual(['4 ms-two'])
  })

  it('does not hide what somebody writes behind code or inside of a word', () => {
    expect(told(lint('gate := 1 # kbuild-review: ignore ms-one: no\n'))).toEqual(['1 ms-one'])
    expect(told(lint('# see kbuild-review: ignore ms-one: no\ngate := 1\n'))).toEqual(['2 ms-one'])
  })

  it.each([
    ['# kbuild-review: ignore ms-noe: why', 'there is no rule `ms-noe`'],
    ['# kbuild-review: ignore ms-one', '`# kbuild-review: ignore RULE: why` before'],
    ['# kbuild-review: ignore: why', '`# kbuild-review: ignore RULE: why` before'],
    ['# kbuild-review: skip ms-one: why', '`# kbuild-review: ignore RULE: why` before'],
  ])('that nobody can follow is an error: %s', (comment, message) => {
    const { findings } = lint(`obj-y += clock.o\n${comment}\nobj-y += led.o\n`)
    expect(findings.filter(({ rule }) => rule === 'kbuild-review')).toMatchObject([
      { severity: 'error', path: 'drivers/clk/Makefile', line: 2, message: expect.stringContaining(message) as string },
    ])
  })

  it('is an error where nothing stands behind it', () => {
    expect(told(lint('obj-y += clock.o\n# kbuild-review: ignore ms-one: why\n'))).toEqual(['2 kbuild-review'])
  })
})

describe('a comment in the Kconfig language', () => {
  // wordRule looks at makefiles alone; this one reports the type of every symbol.
  const types = wordRule('x', {}, { id: 'kcfg-type' })
  const rule = {
    ...types,
    scope: 'tree' as const,
    check: ({ kconfigs, report }: Parameters<Extract<typeof types, { scope: 'tree' }>['check']>[0]) => {
      for (const { path, syntax } of kconfigs)
        for (const statement of syntax.statements)
          if (statement.kind === 'config')
            for (const { start, end } of statement.properties)
              report({ at: { file: path, start, end }, message: 'seen' })
    },
  }
  const lines = ({ findings }: Lint): number[] => findings.map(({ line }) => line)
  const judge = (text: string): Lint =>
    lintTree({ tree: treeOf({ 'drivers/clk/Kconfig': text }), rules: [rule], facts: createFacts(), paths: [''] })

  it('is about the entry behind it, or about the line of an entry', () => {
    const comment = '# kbuild-review: ignore kcfg-type: why'
    expect(lines(judge(`${comment}\nconfig GATE\n\tbool\n\tdefault y\nconfig MUX\n\tbool\n`))).toEqual([6])
    expect(lines(judge(`config GATE\n\tbool\n\t${comment}\n\tdefault y\n\tdepends on MUX\n`))).toEqual([2, 5])
  })
})

describe('a series', () => {
  const path = 'drivers/clk/Makefile'
  const judge = (...texts: string[]) => {
    const { series, steps } = seriesThrough(texts.map((text) => ({ [path]: text })))
    return reviewSeries({ series, steps, rules, facts: createFacts() })
  }
  const ignore = '# kbuild-review: ignore ms-one: why\n'

  it('brings what its comments keep from being told, counted at its patch', () => {
    const { findings, suppressed } = judge('obj-y := clock.o\n', `obj-y := clock.o\n${ignore}obj-y += gate.o\n`)
    expect(findings).toEqual([])
    expect(suppressed.map(({ finding: { line, patch } }) => [line, patch])).toEqual([[3, 1]])
  })

  it('that takes a comment away brings what it hid', () => {
    const { findings, suppressed } = judge(`${ignore}obj-y += gate.o\n`, 'obj-y += gate.o\n')
    expect(findings.map(({ line }) => line)).toEqual([1])
    expect(suppressed).toEqual([])
  })
})

describe('suppressByPath', () => {
  it('takes the paths of a rule as MAINTAINERS writes them', () => {
    const { findings } = lint(makefile)
    const by = (patterns: readonly string[]) => suppressByPath(findings, { 'ms-one': patterns }).findings.length
    expect([by(['drivers/clk/']), by(['drivers/*/']), by(['drivers']), by(['arch/']), by([])]).toEqual([1, 1, 1, 4, 4])
    expect(suppressByPath(findings, { 'ms-two': ['drivers/'] }).suppressed).toMatchObject([
      { finding: { rule: 'ms-two' }, by: { kind: 'configuration' } },
    ])
  })
})
