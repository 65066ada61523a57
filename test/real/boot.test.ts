import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { buildProfile, defaultCacheBytes, readProfile, type BuildRequest } from '../../src/app/build-profile.ts'
import { unbrokenSteps } from '../../src/app/judge-series.ts'
import { cacheDirectory } from '../../src/cli/cache.ts'
import { judgeBuilds } from '../../src/build/judge-builds.ts'
import type { ArchRun } from '../../src/build/goal-run.ts'
import { findTool } from '../../src/build/tools.ts'
import { readRange } from '../../src/git/range.ts'
import { openRepository, resolveCommit, type Repository } from '../../src/git/repository.ts'
import { KernelClone } from './kernel-clone.ts'
import { describeReal } from './support.ts'

const read = readProfile('livepatch', '/')
if (read.kind === 'bad') throw new Error(read.problems.join('\n'))
const { profile } = read
/** The one that boots fastest: in a second. */
const arches = profile.arches.filter(({ name }) => name === 's390')
const emulator = await findTool('qemu-system-s390x')

const builds = join(cacheDirectory(process.env), 'builds')
const isAnyKept = existsSync(builds) && readdirSync(builds).some((name) => name.startsWith('base-'))
const notKept = 'no whole kernel of this tree is kept: `kbuild-review build boot --arch s390 --tree TREE` makes one'

const bootsOf = (runs: readonly ArchRun[]) =>
  runs.flatMap(({ goals }) => goals.filter(({ tests }) => tests !== undefined))

describe.skipIf(emulator.version === null)('booting (skipped without qemu-system-s390x)', () => {
  describeReal('Linux 6.12 for s390', ['KBUILD_REVIEW_TREE_6_12'], (kernel = '') => {
    const parent = mkdtempSync(join(tmpdir(), 'real-boot-'))
    let repository: Repository

    beforeAll(async () => {
      const clone = new KernelClone(kernel, parent)
      const sample = 'samples/livepatch/livepatch-sample.c'
      clone.commit('samples/livepatch: say it otherwise', sample, (text) =>
        text.replaceAll('this has been live patched', 'this was live patched'),
      )
      clone.commit('samples/livepatch: patch what is not there', sample, (text) =>
        text.replace('"cmdline_proc_show"', '"cmdline_is_shown"'),
      )
      const opened = await openRepository(clone.path, { environment: process.env })
      if (opened.kind === 'none') throw new Error(opened.reason)
      repository = opened.repository
    })
    afterAll(async () => {
      await repository.close()
      removeDirectory(parent)
    })

    // A whole kernel takes longer than a test may: it is built once by `build boot --arch s390`, and kept.
    it('tells the patch after which the sample does not load', async (context) => {
      if (!isAnyKept) context.skip(notKept)
      const range = await readRange(repository, 'HEAD~2..HEAD', {})
      const base = await resolveCommit(repository, 'HEAD~2')
      if (range.kind === 'none' || base === null) throw new Error('no range')
      const abort = new AbortController()
      const request: BuildRequest = {
        repository,
        profile,
        arches,
        tier: 'full',
        until: 'end',
        boot: 'boot',
        base,
        steps: range.applied.steps,
        toolchain: { kind: 'debian' },
        jobs: 2,
        maxCacheBytes: defaultCacheBytes,
        evidenceDirectory: join(parent, 'evidence'),
        surroundings: { env: process.env, cacheDirectory: cacheDirectory(process.env), clock: Date.now },
        onProgress: ({ step, goal }) => {
          if (step === null && goal !== 'boot') abort.abort()
        },
        signal: abort.signal,
      }
      const outcome = await buildProfile(request).catch((error: unknown) => {
        if (!abort.signal.aborted) throw error
        return null
      })
      if (outcome === null || abort.signal.aborted) {
        context.skip(notKept)
        return
      }
      if (outcome.kind === 'refused') throw new Error(outcome.reason)
      const { before, after } = outcome.runs
      expect(bootsOf(before).map(({ status }) => status)).toEqual(['ok'])
      expect(after.map(({ runs }) => bootsOf(runs).map(({ status }) => status))).toEqual([['ok'], ['failed']])
      const { findings } = judgeBuilds(outcome.runs, unbrokenSteps(range.series, range.applied))
      expect(findings.map(({ patch, rule, message }) => [patch, rule, message])).toEqual([
        [2, 'build-test', 'test `livepatch-sample.ko: loads` fails in the booted kernel: Invalid argument'],
      ])
      outcome.release()
    })
  })
})
