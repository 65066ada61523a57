import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { probeSandbox } from '../../src/build/sandbox-probe.ts'
import { createRepository, type FencedRepository } from '../support/git.ts'
import { writeMail } from '../support/mails.ts'
import { addToMirror } from '../support/mirror.ts'
import { commandLine } from '../support/command-line.ts'

const probe = await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory: tmpdir() })

/** A kernel that configures, and builds one module from one source. */
const makefile = `
allnoconfig:
	cp $(KCONFIG_ALLCONFIG) $(O)/.config
modules: $(O)/gauge.ko
$(O)/gauge.ko: /build/source/gauge.c
	@echo '  CC [M]  gauge.o'
	@grep -q speed $< || { echo "/build/source/gauge.c:1:5: error: 'speed' undeclared here" >&2; exit 1; }
	cp $< $@
`
const profile = `
name: gauge
summary: a gauge
configure: { fragments: [common] }
fragments: { common: CONFIG_MODULES=y }
arches:
  - { name: x86_64, arch: x86_64, directory: arch/x86, prefix: gauge-, package: gcc-gauge }
goals:
  - { id: modules, targets: [modules] }
`
/** The programs of a toolchain, as far as they are asked for their version. */
const tools = ['gcc', 'ld', 'ar', 'nm', 'objcopy', 'objdump', 'readelf', 'strip']

let top: string
let tree: FencedRepository

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'kbuild-review-bot-builds-'))
  tree = createRepository()
  const base = tree.commit('a kernel', { Makefile: makefile, 'arch/x86/Kconfig': '', 'gauge.c': 'int speed;\n' })
  const commit = tree.commit('gauge: rename speed', { 'gauge.c': 'int rate;\n' })
  const diff = tree.git('show', '--format=', commit)
  tree.git('reset', '--quiet', '--hard', base)
  const now = Date.now() - 3_600_000
  const body = `A better name.\n\nSigned-off-by: Ada Byron <ada@example.org>\n---\n${diff}--\n2.40\n\nbase-commit: ${base}\n`
  const headers = ['To: gauges@lists.example.org']
  const mail = writeMail({ id: 'v1@x', subject: '[PATCH] gauge: rename speed', date: now, headers, body })
  addToMirror(join(top, 'gauges'), 0, [{ kind: 'mail', mail, postedAt: now }])
  writeFileSync(join(top, 'gauge.yaml'), profile)
  mkdirSync(join(top, 'bin'))
  for (const name of tools)
    writeFileSync(join(top, 'bin', `gauge-${name}`), '#!/bin/sh\necho gauge 1.0\n', { mode: 0o755 })
})
afterAll(() => {
  tree.remove()
  removeDirectory(top)
})

/** A configuration of its own, with its own state. */
function configure(name: string): string {
  const path = join(top, `${name}.yaml`)
  writeFileSync(
    path,
    `tree: ${tree.path}
reply: { from: Kbuild review <review@example.org> }
build: { profile: ${join(top, 'gauge.yaml')}, jobs: 2, cache-size: 1G }
bot:
  state: ${join(top, name, 'state.sqlite')}
  drafts: ${join(top, name, 'drafts')}
  lists:
    gauges@lists.example.org: { archive: ${join(top, 'gauges')} }
`,
  )
  return path
}

const once = (config: string, ...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((done) => {
    const env = {
      ...tree.environment,
      PATH: `${join(top, 'bin')}:${process.env['PATH'] ?? ''}`,
      XDG_CACHE_HOME: join(top, 'cache'),
    }
    execFile(
      process.execPath,
      [...commandLine, 'bot', 'once', '--config', config, ...args],
      { env, cwd: top },
      (error, out, err) => done({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })

describe.skipIf(probe.kind === 'missing')('a bot that builds', { timeout: 120_000 }, () => {
  it('drafts what the build of a mailed patch says, below the line that did it', async () => {
    const { code, out, err } = await once(configure('preview'), '--preview')
    expect({ code, out }).toEqual({ code: 0, out: '1 mails read, 1 series judged, 1 replies laid out, 0 sent\n' })
    expect(err).toMatch(/event=series-judged series=v1@x version=1 verdict=findings findings=[1-9]/)
    const [name = ''] = readdirSync(join(top, 'preview/drafts/new'))
    const reply = readFileSync(join(top, 'preview/drafts/new', name), 'utf8')
    expect(reply).toMatch(/^> \+int rate;\n[^>]*'speed' undeclared here/m)
    expect(reply).toMatch(/x86_64/)
  })

  it('mails nothing of builds where nobody asked for what is not measured yet', async () => {
    const { code, out, err } = await once(configure('plain'))
    expect({ code, out }).toEqual({ code: 0, out: '1 mails read, 1 series judged, 0 replies laid out, 0 sent\n' })
    expect(err).toMatch(/verdict=findings findings=[1-9]/)
  })
})
