import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ArchBuild } from '../../../src/build/arch-build.ts'
import { bootArch } from '../../../src/build/boot-arch.ts'
import { bootsIn } from '../../../src/build/base-boots.ts'
import type { ArchRun, GoalRun, GoalStatus } from '../../../src/build/goal-run.ts'
import { bootsOf } from '../../../src/build/plan.ts'
import { parseProfile } from '../../../src/build/profile.ts'
import type { CommandEnd, Sandbox } from '../../../src/build/sandbox-model.ts'

const path = resolve(import.meta.dirname, '../../../profiles/livepatch.yaml')
const parsed = parseProfile(readFileSync(path, 'utf8'), path)
if (parsed.kind === 'bad') throw new Error(parsed.problems.join('\n'))
const { profile } = parsed
const consoleOf = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, 'consoles', `${name}.log`), 'utf8')

/** Stands for a sandbox in which a kernel was built: it has a configuration, and the emulator says what a real one said. */
function sandboxSaying(log: string, exitCode: number): Sandbox & { readonly commands: string[] } {
  const commands: string[] = []
  const end = (text: string, code: number): CommandEnd => ({
    status: code === 0 ? 'ok' : 'failed',
    exitCode: code,
    seconds: 1,
    log: { text, droppedBytes: 0 },
    reason: null,
  })
  return {
    commands,
    root: '',
    limitedBy: 'prlimit',
    run: ({ command }) => {
      commands.push(command.join(' '))
      if (command[0] === 'cat') return Promise.resolve(end('CONFIG_LIVEPATCH=y\nCONFIG_SAMPLE_LIVEPATCH=m\n', 0))
      return Promise.resolve(command.includes('--') && command[0] === 'sh' ? end(log, exitCode) : end('', 0))
    },
    keep: () => Promise.resolve('nothing is kept'),
    close: () => Promise.resolve(),
  }
}

function archNamed(name: string) {
  const arch = profile.arches.find((each) => each.name === name)
  if (arch === undefined) throw new Error(`no architecture ${name}`)
  return arch
}

function buildOf(name: string): ArchBuild {
  const arch = archNamed(name)
  return {
    profile,
    arch,
    tier: 'full',
    until: 'end',
    jobs: 1,
    toolchain: { name: 'gcc', id: '00', make: 'make', variables: {}, environment: {}, directories: [], tools: [] },
    boots: { goals: bootsOf(profile, arch, 'test'), guest: { 'init.c': 'init', 'boot.sh': 'boot' } },
  }
}

function builtRun(name: string, goals: Readonly<Record<string, GoalStatus>>): ArchRun {
  const runs = Object.entries(goals).map(([goal, status]): GoalRun => ({
    arch: name,
    goal,
    command: ['make', goal],
    directory: '/build/source',
    paths: { source: '/build/source', output: '/build/output' },
    status,
    exitCode: status === 'ok' ? 0 : 2,
    seconds: 1,
    log: { text: '', droppedBytes: 0 },
    reason: null,
    outputDirectory: null,
  }))
  return { arch: name, toolchain: 'gcc', tree: 'tree', goals: runs, notRun: [] }
}

const whole = { vmlinux: 'ok', linked: 'ok', image: 'ok', 'installed-selftests': 'ok' } as const
const hasPath = (): boolean => true

describe('booting what was built', () => {
  it('comes after what was made, with the steps that were tried, and leaves nothing of its own', async () => {
    const sandbox = sandboxSaying(consoleOf('s390-sample'), 0)
    const run = await bootArch(buildOf('s390'), sandbox, { run: builtRun('s390', whole), hasPath })
    expect(run.goals.map(({ goal, status }) => `${goal} ${status}`).slice(-2)).toEqual([
      'installed-selftests ok',
      'boot ok',
    ])
    expect(bootsIn(run)[0]?.tests).toHaveLength(8)
    expect(sandbox.commands.at(-1)).toBe('rm -rf -- /build/output/.kbuild-review-boot')
  })

  it('tells what is missing with the package that has it', async () => {
    const sandbox = sandboxSaying(
      'boot: no `qemu-system-s390x` (Debian package qemu-system of the architecture)\n',
      125,
    )
    const run = await bootArch(buildOf('s390'), sandbox, { run: builtRun('s390', whole), hasPath })
    expect(bootsIn(run).map(({ status, reason }) => [status, reason])).toEqual([
      [
        'environment',
        'no `qemu-system-s390x` (Debian package qemu-system of the architecture); apt-get install qemu-system-misc',
      ],
    ])
  })

  it('waits for a kernel that was not built, and says so', async () => {
    const sandbox = sandboxSaying(consoleOf('s390-sample'), 0)
    const built = builtRun('x86_64', { ...whole, image: 'failed' })
    const run = await bootArch(buildOf('x86_64'), sandbox, { run: built, hasPath })
    const blocked = { arch: 'x86_64', kind: 'blocked', reason: 'needs `image`, which was not built' }
    expect(bootsIn(run)).toEqual([])
    expect(run.notRun).toEqual([
      { ...blocked, goal: 'boot' },
      { ...blocked, goal: 'boot-selftests' },
    ])
  })

  it('waits for no goal that the architecture does not have', async () => {
    const built = builtRun('ppc64le', { vmlinux: 'ok', linked: 'ok' })
    const run = await bootArch(buildOf('ppc64le'), sandboxSaying(consoleOf('s390-sample'), 0), { run: built, hasPath })
    expect(bootsIn(run).map(({ goal, status }) => `${goal} ${status}`)).toEqual(['boot ok'])
  })

  it('does not apply to a tree without the sample', async () => {
    const run = await bootArch(buildOf('s390'), sandboxSaying('', 0), {
      run: builtRun('s390', whole),
      hasPath: (wanted) => wanted !== 'samples/livepatch/livepatch-sample.c',
    })
    expect(run.notRun).toEqual([
      {
        arch: 's390',
        goal: 'boot',
        kind: 'inapplicable',
        reason: 'the tree has no `samples/livepatch/livepatch-sample.c`',
      },
    ])
  })

  it('is left out where nothing was built', async () => {
    const sandbox = sandboxSaying('', 0)
    const run = await bootArch(buildOf('s390'), sandbox, { run: builtRun('s390', {}), hasPath })
    expect(run.goals).toEqual([])
    expect(sandbox.commands).toEqual([])
  })
})
