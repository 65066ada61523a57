import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rules } from '../rules/index.ts'
import { withRule } from '../scripts/new-rule.ts'
import { frontLines, headings, rulesTable, withExample, withFront, withTable } from '../scripts/rule-pages.ts'
import { renderFindings } from '../src/outlets/terminal.ts'
import { applyEdits, suggestedEdits } from '../src/review/apply-edits.ts'
import { createFacts } from '../src/review/facts.ts'
import type { Finding } from '../src/review/finding.ts'
import { lintTree } from '../src/review/lint-tree.ts'
import type { Tree } from '../src/text/tree.ts'
import { casesOf, describeFindings, judgeCase, rulesDirectory, stepsOf, type RuleCase } from './support/cases.ts'
import { applyWithGit } from './support/apply-with-git.ts'
import { allFiles, treeOf } from './support/tree.ts'

/** `UPDATE=1 npx vitest run test/rules.test.ts` writes what is generated; look at the difference before committing it. */
const update = process.env['UPDATE'] === '1'

/** A reply indents evidence by two; it keeps to 72 columns in all. */
const maxEvidenceColumns = 70

const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** Expects a file to hold a text, or writes it there. */
function expectFile(path: string, text: string): void {
  if (update && read(path) !== text) writeFileSync(path, text)
  expect(read(path)).toBe(text)
}

/** Text and executable bit of every file of a tree. */
function literalOf(tree: Tree): Record<string, unknown> {
  return Object.fromEntries(allFiles(tree).map((path) => [path, [tree.read(path), tree.isExecutable(path)]]))
}

/** The diff of the patches of a case, without their mails. */
function diffsOf({ directory }: RuleCase): string {
  const names = readdirSync(directory).filter((name) => name.endsWith('.patch'))
  return names
    .sort()
    .map((name) => read(join(directory, name)).replace(/^[^]*?(?=^diff --git )/m, ''))
    .map((diff) => diff.replace(/^-- \n[^]*$/m, ''))
    .join('')
}

type Named = Pick<Finding, 'rule' | 'path' | 'message'>

const nameOf = ({ rule, path, message }: Named): string => `${rule} ${path}: ${message}`
const countOf = (names: readonly string[], name: string): number => names.filter((each) => each === name).length

/** What all rules find in a whole tree. */
function lintedIn(tree: Tree): string[] {
  return lintTree({ tree, rules, facts: createFacts(), paths: [''] }).findings.map(nameOf)
}

/** A tree in which the suggestion of a finding was followed. */
function mended(tree: Tree, finding: Finding): Tree {
  const edits = suggestedEdits([finding])
  const files = allFiles(tree).map((path) => {
    const text = applyEdits(tree.read(path) ?? '', edits.get(path) ?? [])
    return [path, { text: text ?? expect.unreachable(path), executable: tree.isExecutable(path) }] as const
  })
  return treeOf(Object.fromEntries(files))
}

describe('the list of rules', () => {
  it('is written as `npm run new-rule` writes it', () => {
    const index = read(join(rulesDirectory, 'index.ts'))
    for (const { id } of rules) expect(withRule(index, id)).toBe(index)
    expect(withRule(index, 'zz-last-rule')).toContain("import zzLastRule from './zz-last-rule/rule.ts'\n\n")
  })

  it('has rules, sorted and each once', () => {
    const ids = rules.map(({ id }) => id)
    expect(ids.length).toBeGreaterThan(0)
    expect(ids).toEqual([...new Set(ids)].sort())
  })

  it('is the list of directories', () => {
    const directories = readdirSync(rulesDirectory, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(rules.map(({ id }) => id)).toEqual(directories.map(({ name }) => name).sort())
  })

  it('is the table of rules/README.md', () => {
    const path = join(rulesDirectory, 'README.md')
    expectFile(path, withTable(read(path), rulesTable(rules)))
  })
})

describe.each(rules)('$id', (rule) => {
  const cases = casesOf(rule.id)
  const page = join(rulesDirectory, rule.id, 'README.md')

  it.each(cases)('has patches for $name that git takes as we do', async (ruleCase) => {
    const steps = await stepsOf(ruleCase)
    expect(literalOf(applyWithGit(ruleCase))).toEqual(literalOf(steps.at(-1)?.after ?? treeOf({})))
  })

  it.each(cases)('finds what is expected of $name, and no other rule finds more', async (ruleCase) => {
    const { findings } = await judgeCase(ruleCase, rules)
    const described = describeFindings(findings)
    expectFile(join(ruleCase.directory, 'expected.txt'), described)
    expect(ruleCase.name.startsWith('ok-')).toBe(described === '')
  })

  it.each(cases)('suggests for $name what mends the finding, and brings no other', async (ruleCase) => {
    const steps = await stepsOf(ruleCase)
    const { findings } = await judgeCase(ruleCase, [rule])
    for (const finding of findings) {
      const after = steps.find(({ patch }) => patch.index === finding.patch)?.after
      if (after === undefined || suggestedEdits([finding]).size === 0) continue
      const [old, young] = [lintedIn(after), lintedIn(mended(after, finding))]
      const name = nameOf(finding)
      expect(countOf(young, name), `${ruleCase.name}: ${name}`).toBeLessThan(countOf(old, name))
      expect(young.filter((each) => countOf(young, each) > countOf(old, each))).toEqual([])
    }
  })

  it('says its evidence in lines that fit in a mail, which does not wrap them', async () => {
    const judged = await Promise.all(cases.map((ruleCase) => judgeCase(ruleCase, [rule])))
    const lines = judged.flatMap(({ findings }) => findings.flatMap(({ evidence = [] }) => evidence))
    expect(lines.filter((line) => line.length > maxEvidenceColumns)).toEqual([])
  })

  it('has a case that reports and one that is silent', () => {
    const own = (name: string): boolean =>
      read(join(rulesDirectory, rule.id, 'cases', name, 'expected.txt')).includes(` ${rule.id}: `)
    expect(cases.filter(({ name }) => own(name)).length).toBeGreaterThan(0)
    expect(cases.filter(({ name }) => name.startsWith('ok-')).length).toBeGreaterThan(0)
  })

  it('has a page with its front lines and the headings of every page', () => {
    expectFile(page, withFront(read(page), frontLines(rule)))
    expect([...read(page).matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual(headings)
    for (const section of read(page)
      .split(/^## .*$/m)
      .slice(1))
      expect(section.trim()).not.toBe('')
  })

  it('shows on its page what it really says of a case', async () => {
    const name = /<!-- case: ([\w-]+) -->/.exec(read(page))?.[1]
    const shown = cases.find((ruleCase) => ruleCase.name === name)
    if (!shown) return expect.unreachable(`the Example of ${rule.id} names no case`)
    const { findings } = await judgeCase(shown, rules)
    const output = renderFindings(findings, { colour: false })
    expectFile(page, withExample(read(page), { diff: diffsOf(shown), output }))
  })
})
