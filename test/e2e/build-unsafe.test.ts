import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { createRepository, type FencedRepository } from '../support/git.ts'
import { commandLine } from '../support/command-line.ts'

/** A kernel that builds one module from one source, says what it sees of the environment, and leaves a process behind. */
const makefile = `
allnoconfig:
	cp $(KCONFIG_ALLCONFIG) $(O)/.config
modules: $(O)/valve.ko
$(O)/valve.ko: $(CURDIR)/valve.c
	@echo "secret: $$VALVE_SECRET"
	@sleep 76544 >/dev/null &
	@grep -q speed $< || { echo "$<:1:5: error: 'speed' undeclared here" >&2; exit 1; }
	cp $< $@
	@echo 'savedcmd_$@ := cp $< $@' >$(O)/.valve.ko.cmd
`
const profile = `
name: valve
summary: a valve
limits: { seconds: 30, memory: 256M, processes: 256, disk: 16M, log: 64K }
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
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-unsafe-e2e-'))
  // Builds of root get another id, which must pass through.
  chmodSync(work, 0o711)
  repository = createRepository()
  repository.commit('a kernel', { Makefile: makefile, 'arch/x86/Kconfig': '', 'valve.c': 'int speed;\n' })
  repository.commit('valve: rename speed', { 'valve.c': 'int rate;\n' })
  repository.commit('valve: rename it back', { 'valve.c': 'unsigned int speed;\n' })
  writeFileSync(join(work, 'valve.yaml'), profile)
  layOutMachine(join(work, 'bin'))
})
afterAll(() => {
  repository.remove()
  removeDirectory(work)
})

/** The programs of this machine, but for bubblewrap. */
function layOutMachine(directory: string): void {
  mkdirSync(directory)
  for (const from of ['/usr/bin', '/usr/sbin'])
    for (const name of readdirSync(from))
      if (name !== 'bwrap' && !existsSync(join(directory, name))) symlinkSync(join(from, name), join(directory, name))
}

function run(...args: string[]) {
  const env = {
    ...repository.environment,
    PATH: join(work, 'bin'),
    TMPDIR: work,
    XDG_CACHE_HOME: join(work, 'cache'),
    VALVE_SECRET: 'hunter2',
  }
  const all = [...commandLine, ...args]
  return spawnSync(process.execPath, all, { cwd: work, env, encoding: 'utf8' })
}

const build = (...args: string[]) =>
  run('build', 'build', '--profile', 'valve.yaml', '--tree', repository.path, '--make-cross', '/usr/bin/make', ...args)

const isRunning = (command: string) =>
  readdirSync('/proc').some((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1') === command
    } catch {
      return false
    }
  })

describe('--unsafe-no-sandbox', { timeout: 120_000 }, () => {
  it('is what a machine without a sandbox must be told before it builds', () => {
    const { status, stdout, stderr } = build()
    expect(stderr).toContain('no sandbox to build in: no `bwrap`')
    expect(stdout).toBe('')
    expect(status).not.toBe(0)
  })

  it('builds before and after each patch, and says in each report what that means', () => {
    const { status, stdout, stderr } = build('--unsafe-no-sandbox', '--range', 'HEAD~2..HEAD', '--out', 'out')
    expect(stderr).toContain('no sandbox: what is built sees the files, processes and network of this machine')
    expect(stdout).toMatch(/^base [\da-f]{12}, profile valve; NO SANDBOX \(--unsafe-no-sandbox\): builds saw the files/)
    expect(stdout).toMatch(/patch 1: valve: rename speed\n {2}x86_64 {3}modules FAILED/)
    expect(stdout).toMatch(/patch 2: valve: rename it back\n {2}x86_64 {3}modules \d+\.\d s/)
    expect(stdout).toMatch(/^valve\.c:1:5: .*undeclared here/m)
    expect(status).toBe(1)
    expect(readFileSync(join(work, 'out/2/x86_64/output/valve.ko'), 'utf8')).toBe('unsigned int speed;\n')
  })

  it('gives builds nothing of the environment, names paths as a sandbox does, and leaves nothing behind', () => {
    const log = readFileSync(join(work, 'out/1/x86_64/1-modules.log'), 'utf8')
    expect(log).toContain('secret: \n')
    expect(log).toContain('/build/source/valve.c:1:5')
    expect(log).not.toContain(work)
    expect(isRunning('sleep\u000076544\u0000')).toBe(false)
    const [top = ''] = readdirSync(work).filter((name) => name.startsWith('kbuild-review-unsafe-'))
    expect(readdirSync(join(work, top))).toEqual([])
  })

  it('stands in the JSON too', () => {
    const { stdout } = build('--unsafe-no-sandbox', '--format', 'json')
    const { builds } = JSON.parse(stdout) as { builds: { sandbox: string }[] }
    expect(builds[0]?.sandbox).toMatch(/^NO SANDBOX \(--unsafe-no-sandbox\)/)
  })

  it('is not for reviews, and no configuration asks for it', () => {
    const { status, stderr } = run('check', '--tree', repository.path, '--unsafe-no-sandbox', '--range', 'HEAD~1..HEAD')
    expect(stderr).toContain("unknown option '--unsafe-no-sandbox'")
    expect(status).toBe(2)
    writeFileSync(join(work, 'unsafe.yaml'), 'build: { profile: livepatch, unsafe-no-sandbox: true }\n')
    const configured = run('check', '--tree', repository.path, '--config', 'unsafe.yaml', '--range', 'HEAD~1..HEAD')
    expect(configured.stderr).toContain('unsafe-no-sandbox')
    expect(configured.status).toBe(2)
  })
})
