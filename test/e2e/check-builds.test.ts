import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
modules: $(O)/pump.ko
$(O)/pump.ko: /build/source/pump.c
	@echo '  CC [M]  pump.o'
	@grep -q speed $< || { echo "/build/source/pump.c:1:5: error: 'speed' undeclared here (by $(CC))" >&2; exit 1; }
	cp $< $@
`
const profile = `
name: pump
summary: a pump
configure: { fragments: [common] }
fragments: { common: CONFIG_MODULES=y }
arches:
  - { name: x86_64, arch: x86_64, directory: arch/x86, prefix: pump-, package: gcc-pump }
goals:
  - { id: modules, targets: [modules] }
`
/** The programs of a toolchain, as far as they are asked for their version. */
const tools = ['gcc', 'ld', 'ar', 'nm', 'objcopy', 'objdump', 'readelf', 'strip']

let work = ''
let repository: FencedRepository

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-check-builds-'))
  repository = createRepository()
  repository.commit('a kernel', { Makefile: makefile, 'arch/x86/Kconfig': '', 'pump.c': 'int speed;\n' })
  repository.commit('pump: rename speed', { 'pump.c': 'int rate;\n' })
  repository.commit('pump: rename it back', { 'pump.c': 'unsigned int speed;\n' })
  writeFileSync(join(work, 'pump.yaml'), profile)
  mkdirSync(join(work, 'bin'))
  for (const name of tools)
    writeFileSync(join(work, 'bin', `pump-${name}`), '#!/bin/sh\necho pump 1.0\n', { mode: 0o755 })
})
afterAll(() => {
  repository.remove()
  removeDirectory(work)
})

function check(...args: string[]) {
  const path = `${join(work, 'bin')}:${process.env['PATH'] ?? ''}`
  const all = [...commandLine, 'check', '--tree', repository.path, ...args]
  const env = { ...repository.environment, PATH: path, XDG_CACHE_HOME: join(work, 'cache') }
  return spawnSync(process.execPath, all, { cwd: work, env, encoding: 'utf8' })
}

type Document = {
  readonly verdict: string
  readonly findings: readonly { rule: string; path: string; line: number; patch: number; placement: { kind: string } }[]
  readonly builds: readonly { patch: number | null; goals: readonly { status: string; reproduce: string | null }[] }[]
}

describe.skipIf(probe.kind === 'missing')('check --build', () => {
  it('joins what builds say to the review, with what was built', () => {
    const { stdout, status } = check('--build', 'pump.yaml', '--range', 'HEAD~2..HEAD~1', '--format', 'json')
    const { findings, builds, verdict } = JSON.parse(stdout) as Document
    const told = findings.filter(({ rule }) => rule === 'build-error')
    expect(told).toMatchObject([{ path: 'pump.c', line: 1, patch: 1, placement: { kind: 'line' } }])
    expect(builds.map(({ patch, goals }) => [patch, goals.at(-1)?.status])).toEqual([
      [null, 'ok'],
      [1, 'failed'],
    ])
    expect(builds[1]?.goals[0]?.reproduce).toContain('git worktree add --detach "$source" ')
    expect(verdict).toBe('findings')
    expect(status).toBe(1)
  })

  it('tells a failure that the next patch mends as one of the order', () => {
    const { stdout } = check('--build', 'pump.yaml', '--range', 'HEAD~2..HEAD')
    expect(stdout).toMatch(
      /only patch 2 of the series mends this: .speed. undeclared here \(by cc\) \[pr-series-bisect\]/,
    )
    expect(stdout).not.toContain('[build-error]')
  })

  it('is in the log of SARIF', () => {
    const { stdout } = check('--build', 'pump.yaml', '--range', 'HEAD~2..HEAD~1', '--format', 'sarif')
    const { runs } = JSON.parse(stdout) as { runs: { results: { ruleId: string; level: string }[] }[] }
    expect(runs[0]?.results).toContainEqual(expect.objectContaining({ ruleId: 'build-error', level: 'error' }))
  })

  it('does not judge what it could not build, and says why', () => {
    rmSync(join(work, 'bin', 'pump-ld'))
    const { stdout, status } = check('--build', 'pump.yaml', '--range', 'HEAD~1..HEAD')
    writeFileSync(join(work, 'bin', 'pump-ld'), '#!/bin/sh\necho pump 1.0\n', { mode: 0o755 })
    expect(stdout).toContain('not judged: build of modules for x86_64: no pump-ld: apt-get install gcc-pump')
    expect(status).toBe(3)
  })

  it('compiles through ccache where it is told to', () => {
    const { stdout } = check('--build', 'pump.yaml', '--ccache', 'ccache', '--range', 'HEAD~2..HEAD~1')
    expect(stdout).toContain("'speed' undeclared here (by ccache pump-gcc)")
    const { status, stderr } = check('--ccache', 'ccache', '--range', 'HEAD~2..HEAD~1')
    expect(stderr).toContain('--arch, --tier and --ccache are for --build')
    expect(status).toBe(2)
  })

  it('builds nothing where nobody asks, and knows a profile that is none', () => {
    expect((JSON.parse(check('--range', 'HEAD~1..HEAD', '--format', 'json').stdout) as Document).builds).toEqual([])
    const { stderr, status } = check('--build', 'valve', '--range', 'HEAD~1..HEAD')
    expect(stderr).toContain('there is no profile `valve`')
    expect(status).toBe(2)
  })
})
