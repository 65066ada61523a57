import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { probeSandbox } from '../../src/build/sandbox-probe.ts'
import { openScene, type Scene } from '../support/github/scene.ts'
import { smallKernel } from '../support/github/small-kernel.ts'
import { commandLine, homeIn } from '../support/command-line.ts'

const probe = await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory: tmpdir() })

/** A kernel that configures, and builds one module from one source. */
const makefile = `
allnoconfig:
	cp $(KCONFIG_ALLCONFIG) $(O)/.config
modules: $(O)/core.ko
$(O)/core.ko: /build/source/drivers/core.c
	@grep -q boards $< || { echo "/build/source/drivers/core.c:1:5: error: 'boards' undeclared here" >&2; exit 1; }
	cp $< $@
`
const profile = `
name: boards
summary: the boards
configure: { fragments: [common] }
fragments: { common: CONFIG_MODULES=y }
arches:
  - { name: x86_64, arch: x86_64, directory: arch/x86, prefix: boards-, package: gcc-boards }
goals:
  - { id: modules, targets: [modules] }
`
const tools = ['gcc', 'ld', 'ar', 'nm', 'objcopy', 'objdump', 'readelf', 'strip']

let scene: Scene
let work: string
let child: ChildProcessWithoutNullStreams | null = null

beforeAll(async () => {
  scene = await openScene({ ...smallKernel, Makefile: makefile, 'arch/x86/Kconfig': '' })
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-serve-builds-'))
  writeFileSync(join(work, 'boards.yaml'), profile)
  mkdirSync(join(work, 'bin'))
  for (const name of tools)
    writeFileSync(join(work, 'bin', `boards-${name}`), '#!/bin/sh\necho boards 1.0\n', { mode: 0o755 })
  writeFileSync(
    join(work, 'config.yaml'),
    `github: { base-url: ${scene.github.api}, post: true, repositories: [boards/linux] }
build: { profile: ${join(work, 'boards.yaml')}, jobs: 2, cache-size: 1G }
`,
  )
})
afterAll(async () => {
  child?.kill('SIGKILL')
  await scene.close()
  removeDirectory(work)
})

/** Starts the daemon beside the fake; comes back when it said what is wanted. */
function serveUntil(wanted: RegExp): Promise<string> {
  const args = ['serve', '--tree', scene.tree.gitDirectory, '--config', join(work, 'config.yaml'), '--interval', '3600']
  const env = {
    ...homeIn(work),
    PATH: `${join(work, 'bin')}:${process.env['PATH'] ?? ''}`,
    GH_ENTERPRISE_TOKEN: 'app-token',
  }
  const started = spawn(process.execPath, [...commandLine, ...args], { env })
  child = started
  return new Promise((found, failed) => {
    let said = ''
    started.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
      if (wanted.test(said)) found(said)
    })
    started.on('exit', () => failed(new Error(said)))
  })
}

describe.skipIf(probe.kind === 'missing')('a server that builds', { timeout: 120_000 }, () => {
  it('tells what the build of a pull request says, in a check for the architecture', async () => {
    const { head } = scene.branch('topic', [['boards: rename them', { 'drivers/core.c': '/* plates */\n' }]])
    const number = scene.github.openPull({ head, title: 'Plates' })
    await serveUntil(/#1 posted/)
    const checks = scene.github.world.checks.map(({ name, conclusion }) => [name, conclusion])
    expect(checks).toContainEqual(['kbuild-review / boards (x86_64)', 'failure'])
    const [thread] = scene.github.pull(number).threads
    expect(JSON.stringify(thread)).toContain("'boards' undeclared here")
    expect(scene.github.problems).toEqual([])
  })
})
