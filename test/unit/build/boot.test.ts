import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { judgeBoot } from '../../../src/build/boot.ts'
import { cleanConsole } from '../../../src/build/console-text.ts'
import type { CommandEnd } from '../../../src/build/sandbox-model.ts'

function endOf(text: string, end: Partial<CommandEnd> = {}): CommandEnd {
  return { status: 'ok', exitCode: 0, seconds: 3, log: { text, droppedBytes: 0 }, reason: null, ...end }
}

const consoleOf = (name: string): string =>
  cleanConsole(readFileSync(resolve(import.meta.dirname, 'consoles', `${name}.log`), 'utf8'))

describe('a boot', () => {
  it('is well where the kernel comes to its end and every step passes', () => {
    const { status, tests } = judgeBoot(endOf(consoleOf('s390-sample')))
    expect(status).toBe('ok')
    expect(tests).toHaveLength(8)
  })

  it('fails where a step does, whatever the emulator ends with', () => {
    expect(judgeBoot(endOf(consoleOf('s390-not-loaded'))).status).toBe('failed')
    expect(judgeBoot(endOf(consoleOf('s390-not-loaded'), { status: 'failed', exitCode: 1 })).status).toBe('failed')
  })

  it('fails with the words of the panic where the kernel does not come to its end', () => {
    const { status, tests } = judgeBoot(endOf(consoleOf('s390-panic'), { status: 'failed', exitCode: 1 }))
    expect(status).toBe('failed')
    expect(tests).toHaveLength(1)
    expect(tests[0]?.name).toBe('kernel: comes to its end')
    expect(tests[0]?.remark).toMatch(/^Kernel panic - not syncing: No working init found\./)
  })

  it('says nothing of the kernel where the machine lacks a program', () => {
    const text = 'boot: no `qemu-system-s390x` (Debian package qemu-system of the architecture)\n'
    const { status, reason, tests } = judgeBoot(endOf(text, { status: 'failed', exitCode: 125 }))
    expect(status).toBe('environment')
    expect(reason).toBe('no `qemu-system-s390x` (Debian package qemu-system of the architecture)')
    expect(tests).toEqual([])
  })

  it('says nothing of the kernel where the emulator finds no memory', () => {
    const text =
      "qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory\nboot: the kernel did not come to its end\n"
    expect(judgeBoot(endOf(text, { status: 'failed', exitCode: 1 })).status).toBe('environment')
  })

  it('is no failure where it takes too long or is ended by a limit', () => {
    const reason = 'took longer than 300 s'
    expect(judgeBoot(endOf('', { status: 'timeout', exitCode: null, reason }))).toMatchObject({
      status: 'timeout',
      reason,
    })
    expect(judgeBoot(endOf('', { status: 'killed', exitCode: null, reason: 'x' })).status).toBe('killed')
  })
})
