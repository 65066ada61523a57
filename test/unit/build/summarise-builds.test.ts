import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ArchRun, GoalNotRun, GoalRun, GoalStatus, SeriesRuns } from '../../../src/build/goal-run.ts'
import type { Profile } from '../../../src/build/profile-schema.ts'
import { summariseBuilds } from '../../../src/build/summarise-builds.ts'
import { exitOfBuilds } from '../../../src/cli/build-output.ts'
import { exitCodes } from '../../../src/cli/exit.ts'
import { stepsOf } from '../../support/cases.ts'

/**
 * A case is a directory of logs before (0) and after the only patch (1), `GOAL.PATCH.HOW.log`: how the goal ended, or why it was not run.
 * All are about the same patch.
 */
const cases = resolve(import.meta.dirname, 'completeness')
const subject = resolve(import.meta.dirname, 'comparisons', 'export-removed')
const paths = { source: '/build/source', output: '/build/output' }
const arch = 'x86_64'

function archRun(directory: string, patch: number): ArchRun {
  const logs = readdirSync(directory)
    .map((name) => ({ name, parts: name.split('.') }))
    .filter(({ parts }) => Number(parts[1]) === patch)
  const goals: GoalRun[] = []
  const notRun: GoalNotRun[] = []
  for (const { name, parts } of logs) {
    const [goal = '', , how] = parts
    if (how === 'inapplicable' || how === 'missing') notRun.push({ arch, goal, kind: how, reason: `it is ${how}` })
    else goals.push(runOf(goal, how as GoalStatus, readFileSync(join(directory, name), 'utf8'))) // the name says one
  }
  return { arch, toolchain: 'gcc', tree: String(patch), goals, notRun }
}

function runOf(goal: string, status: GoalStatus, text: string): GoalRun {
  const exitCode = status === 'ok' ? 0 : status === 'failed' ? 2 : null
  const made = { exitCode, seconds: 1, log: { text, droppedBytes: 0 }, reason: null, outputDirectory: null }
  return { arch, goal, command: ['make', goal], directory: paths.source, paths, status, ...made }
}

const profile: Profile = {
  name: 'livepatch',
  summary: 'livepatch modules',
  configure: { target: 'allnoconfig', fragments: [] },
  fragments: {},
  variables: {},
  arches: [],
  goals: [],
  checks: [],
  limits: { seconds: 60, memory: 2 ** 30, processes: 64, disk: 2 ** 30, log: 2 ** 20 },
}

describe('whether all of a series was built and judged', () => {
  const { clean, notJudged } = exitCodes
  const expected: Readonly<Record<string, number>> = {
    'builds-as-before': clean,
    'fails-before': notJudged,
    'goal-does-not-apply': clean,
    'header-of-the-machine-missing': notJudged,
    killed: notJudged,
    'new-goal-fails': notJudged,
    'new-goal-succeeds': clean,
    'toolchain-missing': notJudged,
  }

  it('has an exit status for each case', () => {
    expect(readdirSync(cases).sort()).toEqual(Object.keys(expected))
  })

  it.each(Object.entries(expected))('%s ends with status %i', async (name, code) => {
    const steps = await stepsOf({ rule: 'build', name, directory: subject })
    const directory = join(cases, name)
    const after = [{ patch: 1, runs: [archRun(directory, 1)] }]
    const runs: SeriesRuns = { profile: 'livepatch', before: [archRun(directory, 0)], after }
    const sources = steps.map(() => ({ kind: 'message', id: '20240902120000.1-1-dana@boards.example' }) as const)
    const built = summariseBuilds(runs, { profile, base: '0'.repeat(40), steps, sources })
    expect(built.findings).toEqual([])
    expect(exitOfBuilds(runs, built)).toBe(code)
  })
})
