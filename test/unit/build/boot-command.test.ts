import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bootCommand } from '../../../src/build/boot-command.ts'
import { bootsOf } from '../../../src/build/plan.ts'
import { parseProfile } from '../../../src/build/profile.ts'

const path = resolve(import.meta.dirname, '../../../profiles/livepatch.yaml')
const parsed = parseProfile(readFileSync(path, 'utf8'), path)
if (parsed.kind === 'bad') throw new Error(parsed.problems.join('\n'))
const { profile } = parsed

/** The commands of what is booted for an architecture, by goal. */
function commandsFor(name: string, stage: 'boot' | 'test'): Readonly<Record<string, readonly string[]>> {
  const arch = profile.arches.find((each) => each.name === name)
  if (arch === undefined) throw new Error(`no architecture ${name}`)
  return Object.fromEntries(
    bootsOf(profile, arch, stage).map(({ id, boot }) => {
      if (boot === undefined || arch.qemu === undefined) throw new Error(`${id} does not boot`)
      return [id, bootCommand(boot, arch, arch.qemu).command]
    }),
  )
}

describe('the command that boots', () => {
  it('makes the first process with the compiler of the architecture, and starts its emulator', () => {
    const command = commandsFor('ppc64le', 'boot')['boot'] ?? []
    const split = command.indexOf('--')
    expect(command.slice(0, split)).toEqual([
      ...['sh', '/build/output/.kbuild-review-boot/boot.sh', '-d', '/build/output/.kbuild-review-boot'],
      ...['-c', 'powerpc64le-linux-gnu-gcc', '-m', 'samples/livepatch/livepatch-sample.ko'],
    ])
    expect(command.slice(split + 1, split + 6)).toEqual(['qemu-system-ppc64', '-accel', 'tcg', '-machine', 'pseries'])
    expect(command[command.indexOf('-kernel') + 1]).toBe('vmlinux')
  })

  it('gives the machine no network, and QEMU no right to start programs', () => {
    const words = commandsFor('x86_64', 'boot')['boot']?.join(' ')
    expect(words).toContain('-nic none')
    expect(words).toContain('-monitor none')
    expect(words).toContain('-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny')
  })

  it('asks the first process for the sample, or for the selftests', () => {
    const { boot = [], 'boot-selftests': selftests = [] } = commandsFor('x86_64', 'test')
    expect(boot.at(-1)).toMatch(/ -- shows=\/proc\/cmdline livepatch=\/boot\/livepatch-sample\.ko$/)
    expect(selftests.at(-1)).toMatch(/ -- kselftest=\/kselftest$/)
    expect(selftests.slice(0, selftests.indexOf('--'))).toContain('dmesg')
  })

  it('runs selftests where they are asked for, and boots only what has an emulator', () => {
    expect(Object.keys(commandsFor('x86_64', 'boot'))).toEqual(['boot'])
    expect(Object.keys(commandsFor('s390', 'test'))).toEqual(['boot'])
    expect(commandsFor('arm64', 'test')).toEqual({})
  })
})
