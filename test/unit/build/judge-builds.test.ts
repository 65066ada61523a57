import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ArchRun, GoalRun, GoalStatus, SeriesRuns } from '../../../src/build/goal-run.ts'
import { judgeBuilds, type BuildJudgement } from '../../../src/build/judge-builds.ts'
import { patchTextPath, type Placed } from '../../../src/review/finding.ts'
import type { Step } from '../../../src/review/step.ts'
import { stepsOf } from '../../support/cases.ts'

/**
 * A case is a directory: the tree before, patches for it, and for each architecture the logs before (0) and after each patch, as the tools
 * printed them: `logs/s390/2.failed.log` is what was printed after patch 2, which ended as failed. With several goals it is
 * `2.linked.failed.log`; one without a log was left out after that patch.
 */
const cases = resolve(import.meta.dirname, 'comparisons')
const paths = { source: '/build/source', output: '/build/output' }

type Named = { readonly goal: string; readonly status: GoalStatus }

function runOf(arch: string, { goal, status }: Named, text: string): GoalRun {
  const isJudged = status === 'ok' || status === 'failed'
  return {
    arch,
    goal,
    command: ['make', '-j2', 'O=/build/output', goal],
    directory: paths.source,
    paths,
    status,
    exitCode: status === 'ok' ? 0 : status === 'failed' ? 2 : null,
    seconds: 1,
    log: { text, droppedBytes: 0 },
    reason: isJudged ? null : `it was ended: ${status}`,
    outputDirectory: null,
  }
}

function archRun(directory: string, arch: string, patch: number): ArchRun {
  const names = readdirSync(join(directory, 'logs', arch)).filter((each) => each.startsWith(`${patch}.`))
  if (names.length === 0) throw new Error(`${directory} has no log of patch ${patch} for ${arch}`)
  const goals = names.sort().map((name) => {
    const words = name.split('.')
    const goal = words.length > 3 ? (words[1] ?? '') : 'modules'
    const status = words.at(-2) as GoalStatus // the fixture's file name says one of them
    return runOf(arch, { goal, status }, readFileSync(join(directory, 'logs', arch, name), 'utf8'))
  })
  return { arch, toolchain: 'gcc', tree: String(patch), goals, notRun: [] }
}

function runsOf(directory: string, steps: readonly Step[]): SeriesRuns {
  const arches = readdirSync(join(directory, 'logs')).sort()
  const after = steps.map(({ patch }) => ({
    patch: patch.index,
    runs: arches.map((arch) => archRun(directory, arch, patch.index)),
  }))
  return { profile: 'livepatch', before: arches.map((arch) => archRun(directory, arch, 0)), after }
}

function printFinding({ patch, path, line, column, rule, severity, message, source, ...rest }: Placed): string[] {
  const where = path === patchTextPath ? `mail:${line}` : `${path}:${line}:${column}`
  const { evidence = [], related = [], placement } = rest
  return [
    `patch ${patch ?? 0} ${where} ${severity} ${rule}: ${message}`,
    `  told at ${placement.kind}${placement.kind === 'summary' ? '' : ` ${placement.mailLine}`}: ${source.trim()}`,
    ...evidence.map((each) => `  = ${each}`),
    ...related.map((each) => `  ${each.path}:${each.line}: ${each.message}`),
  ]
}

function printJudgement({ findings, notRun }: BuildJudgement): string {
  const lines = [...findings.flatMap(printFinding), ...notRun.map(({ what, why }) => `not run: ${what}: ${why}`)]
  return lines.map((line) => `${line}\n`).join('')
}

describe('comparing builds', () => {
  const names = readdirSync(cases).sort()

  it('has cases', () => {
    expect(names.length).toBeGreaterThan(8)
  })

  it.each(names)('judges %s', async (name) => {
    const directory = join(cases, name)
    const steps = await stepsOf({ rule: 'build', name, directory })
    const printed = printJudgement(judgeBuilds(runsOf(directory, steps), steps))
    const expected = join(directory, 'expected.txt')
    if (process.env['UPDATE'] === '1') writeFileSync(expected, printed)
    expect(printed).toBe(readFileSync(expected, 'utf8'))
    if (name.startsWith('ok-')) expect(printed).toBe('')
  })
})
