import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { openBuildCache } from '../../../src/build/build-cache.ts'
import type { ArchRun } from '../../../src/build/goal-run.ts'
import { parseProfile } from '../../../src/build/profile.ts'
import { probeSandbox } from '../../../src/build/sandbox-probe.ts'
import { buildSeries, type PatchedTree, type SeriesBuild } from '../../../src/build/series-build.ts'
import { openTreeArchives, type TreeArchives } from '../../../src/build/tree-archive.ts'
import { createRepository, type FencedRepository, type Files } from '../../support/git.ts'

const parent = mkdtempSync(join(tmpdir(), 'series-builds-'))
chmodSync(parent, 0o711)
const probe = await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory: parent })

/** A kernel in miniature: it configures, prepares, and builds one "module" from each source; s390 reads one more file. */
const top = `
source := /build/source
.config allnoconfig:
	cp $(KCONFIG_ALLCONFIG) $(O)/.config
	@grep -q LIVEPATCH $(source)/arch/$(ARCH)/Kconfig && echo CONFIG_HAVE_LIVEPATCH=y >> $(O)/.config || true
modules_prepare:
	@mkdir -p $(O)/samples
modules: $(O)/samples/livepatch-sample.ko
$(O)/samples/livepatch-sample.ko: $(source)/samples/livepatch-sample.c
	@echo '  CC [M]  samples/livepatch-sample.ko'
	@sh $(source)/arch/$(ARCH)/compile $< > $@
	@echo 'savedcmd_$@ := compile' > $(O)/samples/.livepatch-sample.ko.cmd
`
const compile = '#!/bin/sh\nif grep -n broken "$1" >&2; then exit 1; fi\ncat "$1"\n'
const files: Files = {
  Makefile: top,
  'arch/x86/Kconfig': 'config X86\n\tselect HAVE_LIVEPATCH\n',
  'arch/x86/compile': compile,
  'arch/s390/Kconfig': 'config S390\n',
  'arch/s390/compile': compile,
  'samples/livepatch-sample.c': 'patched\n',
  'samples/old.c': 'old\n',
}
const profileText = `name: miniature
summary: a kernel in miniature
limits: { seconds: 20, memory: 128M, processes: 64, disk: 16M, log: 64K }
configure: { fragments: [common] }
fragments: { common: CONFIG_MODULES=y }
arches:
  - { name: x86_64, arch: x86, directory: arch/x86, prefix: x-, package: gcc-x }
  - { name: s390, arch: s390, directory: arch/s390, prefix: s-, package: gcc-s }
  - { name: arm64, arch: arm64, directory: arch/arm64, prefix: a-, package: gcc-a }
goals:
  - { id: prepare, targets: [modules_prepare] }
  - { id: livepatch, targets: [modules], needs: [prepare], when: [{ config: HAVE_LIVEPATCH }], remake: [samples] }
  - { id: samples, targets: [modules], needs: [prepare], instead: livepatch, remake: [samples] }
`
const parsed = parseProfile(profileText, 'miniature.yaml')
if (parsed.kind === 'bad') throw new Error(parsed.problems.join('\n'))
const { profile } = parsed

let repository: FencedRepository
let archives: TreeArchives
let base: string

beforeAll(() => {
  repository = createRepository()
  base = repository.commit('a kernel', files)
  const env = { ...repository.environment, PATH: process.env['PATH'] ?? '' }
  archives = openTreeArchives({ gitDirectory: join(repository.path, '.git'), format: 'sha1', env }, parent)
})

afterAll(() => {
  archives.close()
  repository.remove()
  removeDirectory(parent)
})

const hasPathIn = (commit: string) => {
  const names = repository.git('ls-tree', '-r', '-t', '--name-only', commit).split('\n')
  return (path: string) => names.includes(path)
}

/** The tree after a patch that changes files of the base. */
function patched(patch: number, changed: Files): PatchedTree {
  repository.git('checkout', '--quiet', base)
  const id = repository.commit(`patch ${patch}`, changed)
  return { patch, id, hasPath: hasPathIn(id), changed: Object.keys(changed) }
}

async function build(trees: readonly PatchedTree[], options: Partial<SeriesBuild> = {}) {
  if (probe.kind === 'missing') throw new Error(probe.reason)
  const measure = () => Promise.resolve(1)
  const toolchain = {
    name: 'sh 1.0',
    id: 'a1',
    make: 'make',
    variables: {},
    environment: {},
    directories: [],
    tools: [],
  }
  const built = await buildSeries({
    profile,
    arches: profile.arches,
    tier: 'fast',
    until: 'end',
    base: { commit: base, hasPath: hasPathIn(base) },
    patched: trees,
    workshop: {
      cache: openBuildCache(join(parent, 'cache'), { maxBytes: 100, measure, clock: Date.now }),
      archives,
      support: probe.support,
    },
    toolchain: ({ name }) =>
      Promise.resolve(
        name === 'arm64'
          ? { kind: 'missing', programs: ['a-gcc'], advice: 'apt-get install gcc-a' }
          : { kind: 'found', toolchain },
      ),
    jobs: 2,
    evidenceDirectory: mkdtempSync(join(parent, 'evidence-')),
    ...options,
  })
  return built
}

/** Goals with how they ended: `livepatch ok`. */
const goalsOf = (run: ArchRun | undefined): readonly string[] =>
  run?.goals.map(({ goal, status }) => `${goal} ${status}`) ?? []

describe.skipIf(probe.kind === 'missing')('a series that is built', () => {
  it('is compared with its base, an architecture at a time; what does not apply is said', async () => {
    const { runs, release } = await build([])
    expect(runs.before.map((run) => [run.arch, ...goalsOf(run)])).toEqual([
      ['x86_64', 'configure ok', 'prepare ok', 'livepatch ok'],
      ['s390', 'configure ok', 'prepare ok', 'samples ok'],
      ['arm64'],
    ])
    expect(runs.before[2]?.notRun[0]).toEqual({
      arch: 'arm64',
      goal: 'prepare',
      kind: 'inapplicable',
      reason: 'the tree has no `arch/arm64`',
    })
    expect(runs.before[1]?.notRun).toEqual([
      {
        arch: 's390',
        goal: 'livepatch',
        kind: 'inapplicable',
        reason: 'the configuration that this tree makes has no CONFIG_HAVE_LIVEPATCH',
      },
    ])
    const livepatch = runs.before[0]?.goals[2]
    expect(livepatch).toMatchObject({ directory: '/build/source', exitCode: 0, reason: null, log: { droppedBytes: 0 } })
    expect(livepatch?.log.text).toContain('CC [M]  samples/livepatch-sample.ko')
    expect(readFileSync(join(livepatch?.outputDirectory ?? '', 'output/samples/livepatch-sample.ko'), 'utf8')).toBe(
      'patched\n',
    )
    release()
  })

  it('names the patch that breaks one architecture, though the next one mends it', async () => {
    const trees = [
      patched(1, { 'samples/livepatch-sample.c': 'patched better\n' }),
      patched(2, { 'samples/livepatch-sample.c': 'patched better\n', 'arch/s390/compile': 'exit 1\n' }),
      patched(3, {
        'samples/livepatch-sample.c': 'patched better\n',
        'arch/s390/Kconfig': 'config S390\n\tselect LIVEPATCH\n',
      }),
    ]
    const { runs, release } = await build(trees)
    expect(
      runs.after.map(({ patch, runs: arches }) => [patch, goalsOf(arches[0]).at(-1), goalsOf(arches[1]).at(-1)]),
    ).toEqual([
      [1, 'livepatch ok', 'samples ok'],
      [2, 'livepatch ok', 'samples failed'],
      [3, 'livepatch ok', 'livepatch ok'],
    ])
    release()
  })

  it('leaves the base as it was, and gives evidence of what a patch made', async () => {
    const trees = [patched(1, { 'samples/livepatch-sample.c': 'patched otherwise\n', 'samples/old.c': null })]
    const { runs, release } = await build(trees)
    const [before, after] = [runs.before[0]?.goals.at(-1), runs.after[0]?.runs[0]?.goals.at(-1)]
    const read = (directory: string | null | undefined) =>
      readFileSync(join(directory ?? '', 'output/samples/livepatch-sample.ko'), 'utf8')
    expect([read(before?.outputDirectory), read(after?.outputDirectory)]).toEqual(['patched\n', 'patched otherwise\n'])
    expect(readdirSync(join(after?.outputDirectory ?? '', 'output/samples')).sort()).toEqual([
      '.livepatch-sample.ko.cmd',
      'livepatch-sample.ko',
    ])
    release()
  })

  it('is rebuilt only where something changed, but wholly where a script did', async () => {
    const { runs, release } = await build([
      patched(1, { 'samples/old.c': 'young\n' }),
      patched(2, { 'scripts/compile.sh': 'true\n' }),
    ])
    const logs = runs.after.map(({ runs: arches }) => arches[0]?.goals.at(-1)?.log.text.includes('CC [M]'))
    expect(logs).toEqual([false, true])
    release()
  })

  it('fails where a source is gone that the makefile still asks for, whatever the base has made', async () => {
    const { runs, release } = await build([patched(1, { 'samples/livepatch-sample.c': null })], {
      arches: profile.arches.slice(0, 1),
    })
    const end = runs.after[0]?.runs[0]?.goals.at(-1)
    expect([end?.goal, end?.status]).toEqual(['livepatch', 'failed'])
    expect(end?.log.text).toContain("No rule to make target '/build/source/samples/livepatch-sample.c'")
    release()
  })

  it('is laid out as git has it, whatever its attributes say', async () => {
    const attributes = '*.c export-ignore export-subst text eol=crlf\n'
    const { runs, release } = await build([
      patched(1, { 'samples/livepatch-sample.c': '$Format:%H$\n', '.gitattributes': attributes }),
    ])
    const after = runs.after[0]?.runs[0]?.goals.at(-1)
    expect(readFileSync(join(after?.outputDirectory ?? '', 'output/samples/livepatch-sample.ko'), 'utf8')).toBe(
      '$Format:%H$\n',
    )
    release()
  })

  it('gives no evidence through links', async () => {
    const script =
      'rm -rf $(O)/samples; mkdir $(O)/samples; cat $< > $@; ln -s /etc/passwd $(O)/samples/a.ko; ln -s / $(O)/samples/root'
    const makefile = top.replace('@sh $(source)/arch/$(ARCH)/compile $< > $@', script)
    const { runs, release } = await build([patched(1, { Makefile: makefile })])
    const after = runs.after[0]?.runs[0]?.goals.at(-1)
    expect(after?.status).toBe('ok')
    expect(readdirSync(join(after?.outputDirectory ?? '', 'output/samples')).sort()).toEqual([
      '.livepatch-sample.ko.cmd',
      'livepatch-sample.ko',
    ])
    release()
  })

  it('tries a failure once more before it tells it', async () => {
    const goals: string[] = []
    const { release } = await build([patched(1, { 'samples/livepatch-sample.c': 'broken\n' })], {
      arches: profile.arches.slice(0, 1),
      onProgress: ({ step, goal }) => goals.push(`${step ?? 'base'} ${goal}`),
    })
    expect(goals.filter((goal) => goal === '1 livepatch')).toHaveLength(2)
    release()
  })

  it('may be configured alone', async () => {
    const { runs, release } = await build([], { until: 'configure' })
    expect(goalsOf(runs.before[0])).toEqual(['configure ok'])
    release()
  })

  it('is not built where the compiler is missing, and says what to install', async () => {
    const { runs, release } = await build([], {
      arches: profile.arches.slice(0, 1),
      toolchain: () => Promise.resolve({ kind: 'missing', programs: ['x-gcc'], advice: 'apt-get install gcc-x' }),
    })
    expect(runs.before[0]).toMatchObject({ toolchain: null, goals: [] })
    expect(runs.before[0]?.notRun[0]).toMatchObject({ kind: 'missing', reason: 'no x-gcc: apt-get install gcc-x' })
    release()
  })

  it('goes on a base that lacked something only until something is installed', async () => {
    if (probe.kind === 'missing') return
    const measure = () => Promise.resolve(1)
    const cache = openBuildCache(join(parent, 'lacking'), { maxBytes: 100, measure, clock: Date.now })
    const commit = repository.commit('a kernel that wants a program', {
      'samples/livepatch-sample.c': 'livepatch\n',
      'arch/x86/compile': '#!/bin/sh\necho "sh: 1: pumpctl: not found" >&2; exit 127\n',
    })
    const builds = async (state: string): Promise<number> => {
      let count = 0
      const { release } = await build([], {
        arches: profile.arches.slice(0, 1),
        base: { commit, hasPath: hasPathIn(commit) },
        workshop: { cache, archives, support: probe.support, machineState: () => state },
        onProgress: ({ goal }) => (count += goal === 'livepatch' ? 1 : 0),
      })
      release()
      return count
    }
    expect([await builds('before'), await builds('before')]).toEqual([2, 0])
    expect([await builds('after'), await builds('after')]).toEqual([2, 0])
  })

  it('is not built upon a base for which there was too little of something', async () => {
    const commit = repository.commit('a kernel on a full disk', {
      'arch/x86/compile': '#!/bin/sh\necho "sh: 1: cannot create pump.o: No space left on device" >&2; exit 2\n',
    })
    const { runs, release } = await build([], {
      arches: profile.arches.slice(0, 1),
      base: { commit, hasPath: hasPathIn(commit) },
    })
    expect(goalsOf(runs.before[0]).at(-1)).toBe('livepatch failed')
    const names = readdirSync(join(parent, 'cache')).filter((name) => name.startsWith('base-'))
    const kept = names.map((name) => readFileSync(join(parent, 'cache', name, 'run.json'), 'utf8'))
    expect(kept.filter((text) => text.includes('No space left'))).toEqual([])
    release()
  })

  it('can be interrupted, and leaves nothing half-made', async () => {
    const interruption = new AbortController()
    const fresh = join(parent, 'interrupted')
    const cache = openBuildCache(fresh, { maxBytes: 100, measure: () => Promise.resolve(1), clock: Date.now })
    if (probe.kind === 'missing') return
    const { runs, release } = await build([], {
      arches: profile.arches.slice(0, 1),
      workshop: { cache, archives, support: probe.support },
      onProgress: ({ goal }) => {
        if (goal === 'prepare') interruption.abort()
      },
      signal: interruption.signal,
    })
    expect(runs.before[0]?.goals.at(-1)).toMatchObject({ status: 'killed', reason: 'interrupted' })
    const [source = '', ...others] = readdirSync(fresh)
    expect([source.replace(/[\da-f]+$/, ''), others]).toEqual(['source-', []])
    expect(existsSync(join(fresh, source, 'layer/source/Makefile'))).toBe(true)
    release()
  })
})
