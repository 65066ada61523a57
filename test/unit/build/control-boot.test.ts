import { describe, expect, it } from 'vitest'
import { confirmBoot } from '../../../src/build/control-boot.ts'
import type { GoalRun, GoalStatus } from '../../../src/build/goal-run.ts'

function boot(status: GoalStatus, seconds: number): GoalRun {
  return {
    arch: 's390',
    goal: 'boot',
    command: ['sh', 'boot.sh'],
    directory: '/build/output',
    paths: { source: '/build/source', output: '/build/output' },
    status,
    exitCode: status === 'ok' ? 0 : null,
    seconds,
    log: { text: '', droppedBytes: 0 },
    reason: status === 'timeout' ? 'took longer than 300 s' : null,
    outputDirectory: null,
    tests: [],
  }
}

describe('a boot that fails after a patch', () => {
  it('is a failure where the base passes beside it', () => {
    expect(confirmBoot(boot('failed', 2), boot('ok', 2)).status).toBe('failed')
  })

  it('says nothing where the base does not pass beside it either, or was not booted', () => {
    expect(confirmBoot(boot('failed', 2), boot('failed', 2)).status).toBe('environment')
    expect(confirmBoot(boot('timeout', 300), boot('timeout', 300)).status).toBe('environment')
    expect(confirmBoot(boot('failed', 2), undefined).status).toBe('environment')
  })

  it('hangs where it does not end in many times what the base takes', () => {
    const { status, tests, reason } = confirmBoot(boot('timeout', 300), boot('ok', 3))
    expect(status).toBe('failed')
    expect(reason).toBeNull()
    expect(tests?.at(-1)).toEqual({
      outcome: 'fail',
      name: 'kernel: comes to its end',
      remark: 'it hangs: no end in 300 s, where the base ends in 3 s',
    })
  })

  it('is not judged where the base takes nearly as long', () => {
    expect(confirmBoot(boot('timeout', 300), boot('ok', 120)).status).toBe('timeout')
  })
})
