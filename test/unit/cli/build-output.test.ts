import { describe, expect, it } from 'vitest'
import type { ArchRun, GoalRun } from '../../../src/build/goal-run.ts'
import { renderBuilds } from '../../../src/cli/build-output.ts'
import { printable } from '../../../src/review/printable.ts'

const title = '\u001B]0;taken\u0007'

/** A goal that could not be run, for a reason that whoever builds had a hand in. */
const unjudged: GoalRun = {
  arch: 'x86_64',
  goal: 'livepatch',
  command: ['make', `M=${title}`],
  directory: '/build/source',
  paths: { source: '/build/source', output: '/build/output' },
  status: 'environment',
  exitCode: null,
  seconds: 1,
  log: { text: title, droppedBytes: 0 },
  reason: `the sandbox did not start: ${title}`,
  outputDirectory: null,
}

describe('builds for people', () => {
  it('have no control characters of what was built in them', () => {
    const skipped = { arch: 'x86_64', goal: 'boot', kind: 'missing', reason: `needs ${title}` } as const
    const run: ArchRun = { arch: 'x86_64', toolchain: 'gcc', tree: 'tree', goals: [unjudged], notRun: [skipped] }
    const runs = { profile: 'livepatch', before: [run], after: [] }
    const built = { results: [], findings: [], notRun: [], isComplete: false }
    const report = { base: '0'.repeat(40), titles: new Map<number, string>(), runs, built, sandbox: 'cgroup2' }
    const text = renderBuilds(report, { colour: false })
    expect(text).toContain(String.raw`the sandbox did not start: \x1b]0;taken\x07`)
    expect(text).toContain(String.raw`not run: boot: needs \x1b]0;taken\x07`)
    expect(text.split('\n').filter((line) => printable(line) !== line)).toEqual([])
  })
})
