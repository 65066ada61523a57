import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readMessage } from '../../src/mail/read.ts'
import { createFacts } from '../../src/review/facts.ts'
import { patchTextPath, type Finding } from '../../src/review/finding.ts'
import { reviewSeries, type Judgement } from '../../src/review/review-series.ts'
import type { Rule } from '../../src/review/rule.ts'
import type { Step } from '../../src/review/step.ts'
import { readPosted } from '../../src/series/posted.ts'
import type { Patch } from '../../src/series/series.ts'
import { seriesOf } from './steps.ts'
import { patchTree, readTreeLiteral, treeOf } from './tree.ts'

/** The directory of the rules. */
export const rulesDirectory = resolve(import.meta.dirname, '..', '..', 'rules')

/** A case of a rule: a small tree, patches for it, and the findings expected of them. */
export type RuleCase = { readonly rule: string; readonly name: string; readonly directory: string }

/** The cases of a rule, sorted. */
export function casesOf(rule: string): readonly RuleCase[] {
  const directory = join(rulesDirectory, rule, 'cases')
  if (!existsSync(directory)) return []
  const names = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return names
    .map(({ name }) => ({ rule, name, directory: join(directory, name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The steps of a case: its patches, in the order of their file names, applied to its tree one after the other. */
export async function stepsOf({ directory }: RuleCase): Promise<readonly Step[]> {
  const patches = await readPatches(directory)
  let after = treeOf(readTreeLiteral(join(directory, 'tree')))
  return patches.map((patch) => {
    const before = after
    after = patchTree(before, patch.files)
    return { patch, before, after }
  })
}

/** The mails of a case, with the date that they were sent on as now. */
async function readPatches(directory: string): Promise<readonly Patch[]> {
  const names = readdirSync(directory).filter((name) => name.endsWith('.patch'))
  return Promise.all(
    names.sort().map(async (name, at) => {
      const path = join(directory, name)
      const origin = { kind: 'file', path: name, line: 1 } as const
      const read = await readMessage(readFileSync(path), { now: Date.UTC(2030, 0), origin })
      if (read.kind === 'refused') throw new Error(`${path}: ${read.reason}`)
      const posted = readPosted(read.message)
      const [only] = posted.kind === 'patches' ? posted.patches : []
      if (!only) throw new Error(`${path} is no patch`)
      const { index, total } = only.subject
      return { ...only.patch, index: index ?? at + 1, total: total ?? names.length }
    }),
  )
}

/** What rules find in a case. Throws where a rule does, or a patch cannot be judged: a case is always judged whole. */
export async function judgeCase(ruleCase: RuleCase, rules: readonly Rule[]): Promise<Judgement> {
  const steps = await stepsOf(ruleCase)
  const series = seriesOf(steps.map(({ patch }) => patch))
  const judgement = reviewSeries({ series, steps, rules, facts: createFacts() })
  const skipped = [...judgement.unjudged, ...judgement.notRun].map(({ what, why }) => `${what}: ${why}`)
  if (skipped.length > 0) throw new Error(`${ruleCase.directory}: ${skipped.join('; ')}`)
  return judgement
}

/** The lines of an expected.txt: `patch 1 drivers/clk/Makefile:3:1 missing-source: no source makes ...`. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      const { patch, path, line, column, rule, message } = finding
      const where = path === patchTextPath ? `mail:${line}` : `${path}:${line}:${column}`
      return `patch ${patch ?? 0} ${where} ${rule}: ${message}\n`
    })
    .join('')
}
