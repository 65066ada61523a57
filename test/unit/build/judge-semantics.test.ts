import { describe, expect, it } from 'vitest'
import type { SemanticGap, SemanticItems, SemanticResult } from '../../../src/build/build-semantics.ts'
import type { ArchRun, GoalRun, GoalStatus, SeriesRuns } from '../../../src/build/goal-run.ts'
import { judgeSemantics } from '../../../src/build/judge-semantics.ts'
import { seriesThrough } from '../../support/steps.ts'

const paths = { source: '/build/source', output: '/build/output' }
const makefile = 'obj-m += pump.o\n'
const rule = `${makefile}$(obj)/limits.h:\n\ttouch $@\n`

/** Four trees: patch 1 brings a rule, patch 2 has git ignore what it makes, patch 3 takes that back. */
const { steps } = seriesThrough([
  { '.gitignore': '*.o\n', 'drivers/plant/Makefile': makefile },
  { '.gitignore': '*.o\n', 'drivers/plant/Makefile': rule },
  { '.gitignore': '*.o\nlimits.h\n', 'drivers/plant/Makefile': rule },
  { '.gitignore': '*.o\n', 'drivers/plant/Makefile': rule },
])

function goalRun(arch: string, goal: string, status: GoalStatus): GoalRun {
  return {
    arch,
    goal,
    command: ['make', goal],
    directory: paths.source,
    paths,
    status,
    exitCode: status === 'ok' ? 0 : 2,
    seconds: 1,
    log: { text: '', droppedBytes: 0 },
    reason: null,
    outputDirectory: null,
  }
}

type Over = { readonly arch?: string; readonly modules?: GoalStatus }

function archRun(semantics: readonly SemanticResult[], { arch = 's390', modules = 'ok' }: Over = {}): ArchRun {
  const goals = [goalRun(arch, 'prepare', 'ok'), goalRun(arch, 'modules', modules)]
  return { arch, toolchain: 'gcc', tree: 't', goals, notRun: [], semantics }
}

/** The first is the base, each further one is after the next patch. */
function judgeAll([base, ...after]: readonly (readonly ArchRun[])[]): ReturnType<typeof judgeSemantics> {
  const runs: SeriesRuns = {
    profile: 'plant',
    before: base ?? [],
    after: after.map((each, at) => ({ patch: at + 1, runs: each })),
  }
  return judgeSemantics(runs, steps, new Set())
}

function judge(runs: readonly (readonly ArchRun[])[]): readonly string[] {
  return judgeAll(runs).findings.map(
    ({ patch, message, evidence = [] }) => `${patch ?? 0} ${message} (${evidence[0] ?? ''})`,
  )
}

const second = (...items: readonly string[]): SemanticItems => ({ check: 'second-make', items })
const clean = (...items: readonly string[]): SemanticItems => ({ check: 'clean', items })
const limits = 'GEN drivers/plant/limits.h'
const toldOnce = [`1 \`${limits}\` is made again by a second make (built modules for s390)`]

describe('what a check finds', () => {
  it('is told of the patch that brings it, once for all architectures', () => {
    const both = (...items: readonly string[]) => [
      archRun([second(...items)]),
      archRun([second(...items)], { arch: 'x86_64' }),
    ]
    const once = [`1 \`${limits}\` is made again by a second make (built modules for s390, x86_64)`]
    expect(judge([both('CALL checksyscalls.sh'), both('CALL checksyscalls.sh', limits), both(limits)])).toEqual(once)
  })

  it('is not told where a later patch mends it', () => {
    expect(judge([[archRun([second()])], [archRun([second(limits)])], [archRun([second()])]])).toEqual([])
  })

  it('is not told where git ignores it after a later patch, and told of the one that takes that back', () => {
    const left = [archRun([clean('drivers/plant/limits.h')])]
    expect(judge([[archRun([clean()])], left, left])).toEqual([])
    const [again] = judge([[archRun([clean()])], left, left, left])
    expect(again).toMatch(/^3 `drivers\/plant\/limits\.h` is left by make clean/)
  })

  it('is told where the check was not made again, or over fewer goals', () => {
    expect(judge([[archRun([second()])], [archRun([second(limits)])], [archRun([])]])).toEqual(toldOnce)
    const failed = [archRun([second()], { modules: 'failed' })]
    expect(judge([[archRun([second()])], [archRun([second(limits)])], failed])).toEqual(toldOnce)
  })
})

describe('a check that comes to no end', () => {
  const gap = (kind: SemanticGap['gap']): ArchRun => {
    const lines = ['rm: cannot remove limits: Is a directory', 'make: *** [Makefile:3: clean] Error 1']
    return archRun([{ check: 'clean', gap: kind, why: 'modules: exit status 2', lines }])
  }
  const good = archRun([clean()])

  it('is an error of the patch where make fails, which succeeded before', () => {
    const { findings, notRun } = judgeAll([[good], [gap('failed')], [gap('failed')]])
    expect(findings).toMatchObject([
      {
        patch: 1,
        severity: 'error',
        rule: 'build-error',
        message: 'make clean fails (modules: exit status 2)',
        evidence: [
          'built modules for s390',
          'rm: cannot remove limits: Is a directory',
          'make: *** [Makefile:3: clean] Error 1',
        ],
      },
    ])
    expect(notRun).toEqual([])
  })

  it('is not told where a later patch mends it', () => {
    expect(judgeAll([[good], [gap('failed')], [good]])).toEqual({ findings: [], notRun: [] })
  })

  it('is not run, and no finding, where it failed before or was ended', () => {
    const failed = { what: 'check clean for s390 before the series', why: 'it fails already (modules: exit status 2)' }
    expect(judgeAll([[gap('failed')], [gap('failed')], [good]])).toEqual({ findings: [], notRun: [failed] })
    const ended = { what: 'check clean for s390 after patch 1', why: 'modules: exit status 2' }
    expect(judgeAll([[good], [gap('unjudged')], [good]])).toEqual({ findings: [], notRun: [ended] })
    const why = 'there is none of it before the series to compare it with'
    expect(judgeAll([[archRun([])], [good]])).toEqual({ findings: [], notRun: [{ what: ended.what, why }] })
  })
})
