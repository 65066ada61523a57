import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { buildProfile, defaultCacheBytes, readProfile, type BuildRequest } from '../../src/app/build-profile.ts'
import { judgeBuilds } from '../../src/build/judge-builds.ts'
import type { ArchRun } from '../../src/build/goal-run.ts'
import type { Profile } from '../../src/build/profile-schema.ts'
import { probeSandbox } from '../../src/build/sandbox-probe.ts'
import { findToolchain } from '../../src/build/toolchains.ts'
import { unbrokenSteps } from '../../src/app/judge-series.ts'
import { readRange } from '../../src/git/range.ts'
import { openRepository, resolveCommit, type Repository } from '../../src/git/repository.ts'
import { KernelClone } from './kernel-clone.ts'
import { describeReal } from './support.ts'

const read = readProfile('livepatch', '/')
if (read.kind === 'bad') throw new Error(read.problems.join('\n'))
const profile: Profile = read.profile
/** x86_64 has livepatch, arm64 of 6.12 has not, s390 is what a patch breaks. */
const arches = profile.arches.filter(({ name }) => ['x86_64', 'arm64', 's390'].includes(name))
const found = await Promise.all(arches.map((arch) => findToolchain(arch, { kind: 'debian' })))
const probe = await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory: tmpdir() })
const isReady = probe.kind === 'ready' && found.every(({ kind }) => kind === 'found')

const statuses = (runs: readonly ArchRun[] | undefined) =>
  Object.fromEntries(
    (runs ?? []).map(({ arch, goals }) => [arch, goals.map(({ goal, status }) => `${goal} ${status}`)]),
  )

describe.skipIf(!isReady)(
  'builds (skipped without bubblewrap and the compilers of scripts/install-build-tools.sh)',
  () => {
    describeReal('of Linux 6.12, fast tier', ['KBUILD_REVIEW_TREE_6_12'], (kernel = '') => {
      const parent = mkdtempSync(join(tmpdir(), 'real-builds-'))
      let repository: Repository
      let clone: KernelClone

      beforeAll(async () => {
        clone = new KernelClone(kernel, parent)
        const shadow = 'samples/livepatch/livepatch-shadow-mod.c'
        const s390 = '#ifdef CONFIG_S390\n#error "no s390"\n#endif\n'
        clone.commit('samples/livepatch: say it otherwise', 'samples/livepatch/livepatch-sample.c', (text) =>
          text.replaceAll('this has been live patched', 'this was live patched'),
        )
        clone.commit('samples/livepatch: more for shadow variables', shadow, (text) => text + s390)
        clone.commit('samples/livepatch: mend it', shadow, (text) => text.replace(s390, ''))
        const opened = await openRepository(clone.path, { environment: process.env })
        if (opened.kind === 'none') throw new Error(opened.reason)
        repository = opened.repository
      })
      afterAll(async () => {
        await repository.close()
        removeDirectory(parent)
      })

      const request = (base: string): BuildRequest => ({
        repository,
        profile,
        arches,
        tier: 'fast',
        until: 'end',
        base,
        steps: [],
        toolchain: { kind: 'debian' },
        jobs: 2,
        maxCacheBytes: defaultCacheBytes,
        evidenceDirectory: join(parent, 'evidence'),
        surroundings: { env: process.env, cacheDirectory: join(parent, 'cache'), clock: Date.now },
      })

      it('name the patch of a series that breaks one architecture, though the next one mends it', async () => {
        const range = await readRange(repository, 'HEAD~3..HEAD', {})
        const base = await resolveCommit(repository, 'HEAD~3')
        if (range.kind === 'none' || base === null) throw new Error('no range')
        const outcome = await buildProfile({ ...request(base), steps: range.applied.steps })
        if (outcome.kind === 'refused') throw new Error(outcome.reason)
        const { before, after } = outcome.runs
        const all = ['prepare ok', 'livepatch ok', 'selftests ok']
        const native = [...all, 'kselftest ok']
        const others = ['prepare ok', 'samples ok']
        expect(statuses(before)).toEqual({
          // The makefiles of all selftests are gone through where a patch touches one of them.
          x86_64: ['configure ok', ...native, 'selftests-all ok'],
          arm64: ['configure ok', ...others],
          s390: ['configure ok', ...all],
        })
        expect(before.find(({ arch }) => arch === 'arm64')?.notRun[0]).toEqual({
          arch: 'arm64',
          goal: 'livepatch',
          kind: 'inapplicable',
          reason: 'the configuration that this tree makes has no CONFIG_HAVE_LIVEPATCH',
        })
        expect(after.map(({ runs }) => statuses(runs))).toEqual([
          { x86_64: native, arm64: others, s390: all },
          { x86_64: native, arm64: others, s390: ['prepare ok', 'livepatch failed'] },
          { x86_64: native, arm64: others, s390: all },
        ])
        const sample = after[0]?.runs[0]?.goals.find(({ goal }) => goal === 'livepatch')
        expect(sample?.log.text.match(/CC \[M\].*/g)).toEqual(['CC [M]  samples/livepatch/livepatch-sample.o'])
        const module = readFileSync(join(sample?.outputDirectory ?? '', 'output/samples/livepatch/livepatch-sample.ko'))
        expect(module.includes('this was live patched')).toBe(true)
        const { findings } = judgeBuilds(outcome.runs, unbrokenSteps(range.series, range.applied))
        expect(findings.map(({ patch, path }) => [patch, path])).toEqual([
          [2, 'samples/livepatch/livepatch-shadow-mod.c'],
        ])
        outcome.release()
      })
    })
  },
)
