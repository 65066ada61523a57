import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { probeSandbox } from '../../src/build/sandbox-probe.ts'
import { createRepository, type FencedRepository } from '../support/git.ts'
import { commandLine } from '../support/command-line.ts'

const probe = await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory: tmpdir() })

/** A kernel that configures, and builds one module from one source. */
const makefile = `
allnoconfig:
	cp $(KCONFIG_ALLCONFIG) $(O)/.config
modules: $(O)/serial.ko
$(O)/serial.ko: /build/source/serial.c
	@grep -q speed $< || { echo 'serial.c:1:1: error: no speed' >&2; exit 1; }
	cp $< $@
slow:
	sleep 76543
`
const profile = `
name: serial
summary: a serial driver
configure: { fragments: [common] }
fragments: { common: CONFIG_MODULES=y }
arches:
  - { name: x86_64, arch: x86_64, directory: arch/x86, prefix: x-, package: gcc-x }
goals:
  - { id: modules, targets: [modules] }
`

let work = ''
let repository: FencedRepository

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-build-'))
  repository = createRepository()
  repository.commit('a kernel', { Makefile: makefile, 'arch/x86/Kconfig': '', 'serial.c': 'int speed;\n' })
  repository.commit('serial: rename speed', { 'serial.c': 'int rate;\n' })
  repository.commit('serial: rename it back', { 'serial.c': 'unsigned int speed;\n' })
  writeFileSync(join(work, 'serial.yaml'), profile)
  writeFileSync(join(work, 'slow.yaml'), profile.replace('targets: [modules]', 'targets: [slow]'))
})
afterAll(() => {
  repository.remove()
  removeDirectory(work)
})

const environment = () => ({
  ...repository.environment,
  PATH: process.env['PATH'] ?? '',
  XDG_CACHE_HOME: join(work, 'cache'),
})
const common = [...commandLine, 'build']
const given = () => ['--tree', repository.path, '--make-cross', '/usr/bin/make']

function build(...args: string[]) {
  return spawnSync(process.execPath, [...common, ...args], { cwd: work, env: environment(), encoding: 'utf8' })
}

describe.skipIf(probe.kind === 'missing')('kbuild-review build', () => {
  it('builds a commit, and exits 0 where it succeeds', () => {
    const { status, stdout, stderr } = build('build', '--profile', 'serial.yaml', ...given())
    expect(stderr).toBe('')
    expect(stdout).toMatch(
      /^base [\da-f]{12}, profile serial; bubblewrap .+; limits by \w+\n {2}x86_64 {3}configure \d+\.\d s, modules \d+\.\d s {2}\(.+\)\n$/,
    )
    expect(status).toBe(0)
  })

  it('builds after each patch, tells the one that breaks, and keeps logs and outputs', () => {
    const { status, stdout } = build(
      'build',
      '--profile',
      'serial.yaml',
      ...given(),
      '--range',
      'HEAD~2..HEAD',
      '--out',
      'out',
    )
    expect(status).toBe(1)
    expect(stdout).toContain('patch 1: serial: rename speed\n  x86_64   modules FAILED')
    expect(stdout).toContain('| serial.c:1:1: error: no speed')
    expect(stdout).toMatch(/patch 2: serial: rename it back\n {2}x86_64 {3}modules \d+\.\d s/)
    expect(readFileSync(join(work, 'out/1/x86_64/1-modules.log'), 'utf8')).toContain('no speed')
    expect(readFileSync(join(work, 'out/base/x86_64/output/serial.ko'), 'utf8')).toBe('int speed;\n')
    expect(existsSync(join(work, 'out/2/x86_64/output/serial.ko'))).toBe(true)
  })

  it('keeps what several series made apart', () => {
    const patch = repository.formatPatch('HEAD~1')
    writeFileSync(join(work, 'one.patch'), patch)
    writeFileSync(join(work, 'other.patch'), patch.replace(/^Subject: .*$/m, 'Subject: [PATCH] serial: another speed'))
    const out = ['--base', 'HEAD~2', '--out', 'each', 'one.patch', 'other.patch']
    const { status, stderr } = build('build', '--profile', 'serial.yaml', ...given(), ...out)
    expect(status, stderr).toBe(1)
    for (const series of ['series-1', 'series-2'])
      expect(readFileSync(join(work, 'each', series, '1/x86_64/1-modules.log'), 'utf8')).toContain('no speed')
  })

  it('takes patches from files, and prints JSON', () => {
    writeFileSync(join(work, 'speed.patch'), repository.formatPatch('HEAD~1'))
    const { status, stdout } = build(
      'build',
      '--profile',
      'serial.yaml',
      ...given(),
      '--base',
      'HEAD~2',
      '--format',
      'json',
      'speed.patch',
    )
    expect(status).toBe(1)
    const { schema, builds } = JSON.parse(stdout) as {
      schema: number
      builds: { after: { runs: { goals: object[] }[] }[] }[]
    }
    expect(schema).toBe(1)
    expect(builds[0]?.after[0]?.runs[0]?.goals).toMatchObject([{ goal: 'modules', status: 'failed', exitCode: 2 }])
  })

  it('configures alone, and forgets what it keeps', () => {
    const configured = build('configure', '--profile', 'serial.yaml', ...given())
    expect(configured.stdout).toMatch(/x86_64 {3}configure \d+\.\d s {2}\(/)
    expect(configured.status).toBe(0)
    expect(build('clean').stdout).toMatch(/^removed [3-9] trees and bases\n$/)
    expect(readdirSync(join(work, 'cache/kbuild-review/builds'))).toEqual([])
  })

  it('says what could not be built, and exits 3', () => {
    const { status, stdout } = build(
      'build',
      '--profile',
      'serial.yaml',
      '--tree',
      repository.path,
      '--cross-compile',
      'x-none-',
    )
    expect(stdout).toContain('not run: modules: no x-none-gcc')
    expect(status).toBe(3)
  })

  it('exits 2 for a slip of the one who calls', () => {
    const { status, stderr } = build('build', '--tree', repository.path, '--base', 'v9.9')
    expect(stderr).toBe('kbuild-review: --base: the tree has no commit `v9.9`\n')
    expect(status).toBe(2)
  })

  it('ends at Ctrl-C with 130, and leaves nothing that it started', async () => {
    const child = spawn(process.execPath, [...common, 'build', '--profile', 'slow.yaml', ...given()], {
      cwd: work,
      env: environment(),
      stdio: 'ignore',
    })
    const isRunning = () =>
      readdirSync('/proc').some((name) => {
        try {
          return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('sleep\u000076543')
        } catch {
          return false
        }
      })
    await expect.poll(isRunning, { timeout: 20_000 }).toBe(true)
    child.kill('SIGINT')
    const status = await new Promise((done) => child.once('exit', done))
    expect(status).toBe(130)
    expect(isRunning()).toBe(false)
  })
})
