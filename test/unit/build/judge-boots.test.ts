import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanConsole } from '../../../src/build/console-text.ts'
import { judgeBoot } from '../../../src/build/boot.ts'
import type { ArchRun, GoalStatus, SeriesRuns } from '../../../src/build/goal-run.ts'
import { judgeBuilds } from '../../../src/build/judge-builds.ts'
import { readBoot } from '../../../src/build/read-boot.ts'
import { stepsOf } from '../../support/cases.ts'

const consoles = resolve(import.meta.dirname, 'consoles')
const directory = resolve(import.meta.dirname, 'comparisons', 'export-removed')
const steps = await stepsOf({ rule: '', name: '', directory })

const consoleOf = (name: string): string => cleanConsole(readFileSync(join(consoles, `${name}.log`), 'utf8'))

/** An architecture that booted as a console says, or that could not be judged. */
function booted(name: string, unjudged: GoalStatus | null = null): ArchRun {
  const end = {
    status: 'ok',
    exitCode: 0,
    seconds: 1,
    reason: null,
    log: { text: consoleOf(name), droppedBytes: 0 },
  } as const
  const run = {
    arch: 's390',
    goal: 'boot',
    command: ['sh', 'boot.sh'],
    directory: '/build/output',
    paths: { source: '/build/source', output: '/build/output' },
    outputDirectory: null,
    ...judgeBoot(end),
  }
  const goal = unjudged === null ? run : { ...run, status: unjudged, reason: 'took longer than 300 s' }
  return { arch: 's390', toolchain: 'gcc', tree: 'tree', goals: [goal], notRun: [] }
}

function judge(before: ArchRun, after: ArchRun): ReturnType<typeof judgeBuilds> {
  const runs: SeriesRuns = { profile: 'livepatch', before: [before], after: [{ patch: 1, runs: [after] }] }
  return judgeBuilds(runs, steps)
}

describe('boots before and after a patch', () => {
  it('say nothing where both pass', () => {
    expect(judge(booted('s390-sample'), booted('s390-times'))).toEqual({ findings: [], notRun: [] })
  })

  it('tell a step that fails after the patch alone, with what the kernel said', () => {
    const { findings } = judge(booted('s390-sample'), booted('s390-not-loaded'))
    expect(findings.map(({ rule, severity, message, patch }) => [rule, severity, message, patch])).toEqual([
      ['build-test', 'error', 'test `livepatch-sample.ko: loads` fails in the booted kernel: Invalid argument', 1],
    ])
    expect(findings[0]?.evidence).toEqual([
      'built boot for s390',
      "livepatch: symbol 'cmdline_is_shown_' not found in symbol table",
    ])
  })

  it('tell a kernel that panics, with the panic', () => {
    const { findings } = judge(booted('s390-sample'), booted('s390-panic'))
    expect(findings).toHaveLength(1)
    expect(findings[0]?.message).toMatch(/^the booted kernel does not come to its end: Kernel panic - not syncing/)
    expect(findings[0]?.evidence?.[1]).toMatch(/^Kernel panic - not syncing: No working init found\./)
  })

  it('tell a selftest that fails, with what it expected and what it found', () => {
    const { findings } = judge(booted('s390-sample'), booted('x86_64-selftest-fails'))
    expect(findings.map(({ message, evidence }) => [message, ...(evidence ?? [])])).toEqual([
      [
        'test `selftests: livepatch: test-ftrace.sh` fails in the booted kernel: exit=1',
        'built boot for s390',
        '# TEST: livepatch interaction with ftrace_enabled sysctl ... not ok',
        "# -livepatch: enabled patch 'test_klp_livepatch'",
        "# +livepatch: enabling patch 'test_klp_livepatch'",
        "# -livepatch: enabled patch 'test_klp_livepatch'",
        "# +livepatch: enabling patch 'test_klp_livepatch'",
        '# ERROR: livepatch kselftest(s) failed',
      ],
    ])
  })

  it('say nothing where the kernel fails before the patch as well', () => {
    const { findings, notRun } = judge(booted('s390-panic'), booted('s390-not-loaded'))
    expect(findings).toEqual([])
    expect(notRun).toEqual([
      { what: 'build of boot for s390 with the series', why: 'it fails already without this patch' },
    ])
  })

  it('are not judged where one took too long', () => {
    const { findings, notRun } = judge(booted('s390-sample'), booted('s390-panic', 'timeout'))
    expect(findings).toEqual([])
    expect(notRun).toEqual([{ what: 'build of boot for s390 after patch 1', why: 'took longer than 300 s' }])
  })
})

describe('a reading of a boot', () => {
  it('shows what a kernel said last that hangs', () => {
    const hang = { outcome: 'fail', name: 'kernel: comes to its end', remark: 'it hangs' } as const
    const start = { outcome: 'pass', name: 'kernel: starts its first process', remark: '' } as const
    const { diagnostics } = readBoot('random: crng init done\nok 1 - kernel: starts its first process\n', [start, hang])
    expect(diagnostics.map(({ lines }) => lines)).toEqual([['ok 1 - kernel: starts its first process']])
  })

  it('begins where an oops begins, not with what was said long before', () => {
    const text = [
      'ok 1 - kernel: starts its first process',
      ...Array.from({ length: 60 }, (_, index) => `random: line ${index}`),
      '------------[ cut here ]------------',
      'WARNING: CPU: 0 PID: 1 at kernel/livepatch/core.c:42 klp_enable_patch',
      'not ok 2 - kernel: neither warns nor dies # tainted, it warned',
      '1..2',
    ].join('\n')
    const { diagnostics, passed } = readBoot(text, [
      { outcome: 'pass', name: 'kernel: starts its first process', remark: '' },
      { outcome: 'fail', name: 'kernel: neither warns nor dies', remark: 'tainted, it warned' },
    ])
    expect(diagnostics.map(({ lines }) => lines)).toEqual([
      ['------------[ cut here ]------------', 'WARNING: CPU: 0 PID: 1 at kernel/livepatch/core.c:42 klp_enable_patch'],
    ])
    expect([...passed]).toEqual(['kernel: starts its first process'])
  })
})
