import { describe, expect, it } from 'vitest'
import { createFacts } from '../../../src/review/facts.ts'
import { batchesBelow, countFiles, lintBatches, lintTree, type Lint } from '../../../src/review/lint-tree.ts'
import { defineRule, type Rule } from '../../../src/review/rule.ts'
import { wordRule } from '../../support/reviews.ts'
import { treeOf, type TreeLiteral } from '../../support/tree.ts'

const files = {
  Makefile: '# top\n',
  'drivers/clk/Makefile': 'obj-y += gate.o\nobj-m += gate.o\n',
  'drivers/clk/gate.c': 'gate.o',
  'drivers/reset/Makefile': 'obj-y += gate.o\n',
  'drivers/reset/Kconfig': 'config RESET\n',
}

function lint(
  paths: readonly string[],
  rules: readonly Rule[] = [wordRule('gate.o')],
  tree: TreeLiteral = files,
): Lint {
  return lintTree({ tree: treeOf(tree), rules, facts: createFacts(), paths })
}

const places = ({ findings }: Lint): string[] => findings.map(({ path, line }) => `${path}:${line}`)

describe('lintTree', () => {
  it('looks at every build file of a tree', () => {
    const all = lint([''])
    expect(places(all)).toEqual(['drivers/clk/Makefile:1', 'drivers/clk/Makefile:2', 'drivers/reset/Makefile:1'])
    expect(all.files).toBe(4)
    expect(new Set(all.findings.map(({ key }) => key)).size).toBe(3)
  })

  it('looks at a directory or a file of it', () => {
    expect(places(lint(['drivers/reset']))).toEqual(['drivers/reset/Makefile:1'])
    expect(lint(['drivers/clk/Makefile', 'drivers/clk']).files).toBe(1)
    expect(lint(['drivers/clk/gate.c', 'no/such/path'])).toMatchObject({ files: 0, findings: [] })
  })

  it('looks at files of architectures, of tools and of the rest, at makefiles and at Kconfig files in batches of their own', () => {
    const tree = treeOf({ ...files, 'arch/x86/Makefile': '\n', 'arch/sh/Kconfig': '\n', 'tools/Makefile': '\n' })
    const batches = batchesBelow(tree, [''])
    expect(batches).toEqual([
      ['Makefile', 'drivers/clk/Makefile', 'drivers/reset/Makefile'],
      ['arch/sh/Kconfig'],
      ['arch/x86/Makefile'],
      ['drivers/reset/Kconfig'],
      ['tools/Makefile'],
    ])
    expect(countFiles(batches)).toBe(7)
  })

  it('tells what it could not decide by place, whatever was looked at first', () => {
    const open = defineRule({
      id: 'open-word',
      severity: 'error',
      scope: 'tree',
      summary: 'A rule that decides nothing.',
      since: '0.1.0',
      check: ({ makefiles, unsure }) => {
        for (const { path } of makefiles.toReversed()) unsure({ file: path, start: 0, end: 1 }, 'it is open')
      },
    })
    const paths = lint([''], [open]).unsure.map(({ path }) => path)
    expect(paths).toEqual(['Makefile', 'drivers/clk/Makefile', 'drivers/reset/Makefile'])
  })

  it('tells how far it is, batch after batch, and a finding of two batches once', () => {
    const many = Object.fromEntries(
      Array.from({ length: 600 }, (_, at) => [`boards/${String(at).padStart(3, '0')}/Makefile`, '\n']),
    )
    const top = defineRule({
      id: 'top-word',
      severity: 'error',
      scope: 'tree',
      summary: 'A rule that reports in a file of no batch.',
      since: '0.1.0',
      check: ({ report }) => report({ at: { file: 'notes', start: 0, end: 3 }, message: 'seen' }),
    })
    const told: number[][] = []
    const tree = treeOf({ ...many, notes: 'top\n' })
    const batches = lintBatches({ tree, rules: [top], facts: createFacts(), paths: [''] })
    let step = batches.next()
    for (; step.done !== true; step = batches.next()) told.push([step.value.done, step.value.total])
    const result = step.value
    expect(told).toEqual([
      [256, 600],
      [512, 600],
      [600, 600],
    ])
    expect(places(result)).toEqual(['notes:1'])
  })

  it('names a rule that fails', () => {
    const broken = defineRule({
      id: 'broken',
      severity: 'error',
      scope: 'tree',
      summary: 'A rule with a bug.',
      since: '0.1.0',
      check: () => {
        throw new Error('a bug')
      },
    })
    expect(lint([''], [broken, wordRule('gate.o')])).toMatchObject({
      notRun: [{ what: 'rule broken', why: 'the rule failed: a bug' }],
      findings: [{}, {}, {}],
    })
  })
})
