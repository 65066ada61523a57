import { describe, expect, it } from 'vitest'
import { createFacts } from '../../../src/review/facts.ts'
import { runKept } from '../../../src/review/kept-runs.ts'
import { defineRule, type TreeRule } from '../../../src/review/rule.ts'
import { treeOf } from '../../support/tree.ts'

const tree = {
  ...treeOf({ 'drivers/clk/Makefile': 'obj-y += gate.o\n', Kbuild: 'obj-y += drivers/\n' }),
  id: '1'.repeat(40),
}

/** Reports the start of each makefile, and counts how often it is run. */
function counting(id: string): { readonly rule: TreeRule; readonly runs: () => number } {
  let runs = 0
  const rule = defineRule({
    id,
    severity: 'error',
    scope: 'tree',
    summary: 'A makefile is there.',
    since: '0.1.0',
    check({ makefiles, report }) {
      runs += 1
      for (const { path } of makefiles) report({ at: { file: path, start: 0, end: 3 }, message: 'seen' })
    },
  })
  return { rule, runs: () => runs }
}

describe('runKept', () => {
  it('runs rules once for the same files of a tree, in whatever order they are named', () => {
    const { rule, runs } = counting('seen-makefile')
    const facts = createFacts()
    const first = runKept([rule], { tree, paths: ['Kbuild', 'drivers/clk/Makefile'], facts })
    const again = runKept([rule], { tree: { ...tree }, paths: ['drivers/clk/Makefile', 'Kbuild', 'Kbuild'], facts })
    expect(first.findings.map(({ path }) => path)).toEqual(['Kbuild', 'drivers/clk/Makefile'])
    expect(again).toEqual(first)
    expect(runs()).toBe(1)
  })

  it('runs them anew for other files, trees and facts, and other rules besides', () => {
    const { rule, runs } = counting('seen-makefile')
    const other = counting('seen-again')
    const facts = createFacts()
    runKept([rule], { tree, paths: ['Kbuild'], facts })
    runKept([rule], { tree, paths: ['drivers/clk/Makefile'], facts })
    runKept([rule, other.rule], { tree, paths: ['Kbuild'], facts })
    runKept([rule], { tree: { ...tree, id: '2'.repeat(40) }, paths: ['Kbuild'], facts })
    runKept([rule], { tree, paths: ['Kbuild'], facts: createFacts() })
    expect(runs()).toBe(4)
    expect(other.runs()).toBe(1)
  })

  it('says what the rules say that are asked for, and not what others said before', () => {
    const [one, other] = [counting('seen-makefile'), counting('seen-again')]
    const facts = createFacts()
    runKept([one.rule], { tree, paths: ['Kbuild'], facts })
    const { findings } = runKept([other.rule], { tree, paths: ['Kbuild'], facts })
    expect(findings.map(({ rule }) => rule)).toEqual(['seen-again'])
  })

  it('keeps nothing of a tree without an id, which may change', () => {
    const { rule, runs } = counting('seen-makefile')
    const facts = createFacts()
    for (let round = 0; round < 2; round++) runKept([rule], { tree: { ...tree, id: null }, paths: ['Kbuild'], facts })
    expect(runs()).toBe(2)
  })
})
