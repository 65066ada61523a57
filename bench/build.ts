import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { removeDirectory } from '../src/processes/remove-directory.ts'
import { cloneKernel } from '../scripts/proof/builds/kernel-commits.ts'
import { readBuilds, runBuild } from '../scripts/proof/builds/run-build.ts'
import { readProfile } from '../src/app/build-profile.ts'
import { buildPaths, fragmentPath, requestedConfig } from '../src/build/goal-command.ts'
import type { Profile } from '../src/build/profile-schema.ts'
import type { Bench } from './run.ts'

const root = resolve(import.meta.dirname, '..')
const sample = 'samples/livepatch/livepatch-sample.c'

/**
 * Before and after a one-line change of a sample, on all architectures, with the base kept; beside the same commands of make on the
 * changed tree as cross-dev of klp-convert-tree runs them: one architecture after the other, from an empty output directory, without a sandbox.
 */
export const bench: Bench = async (reference, say) => {
  const work = mkdtempSync(join(tmpdir(), 'kbuild-review-bench-'))
  try {
    const profile = shippedProfile()
    const kernel = cloneKernel(reference.tree612, work)
    const commit = kernel.change('HEAD', sample, (text) => text.replace('has been live patched', 'was live patched'))
    const cache = join(work, 'cache')
    const args = ['build', 'build', '--tree', kernel.path, '--format', 'json']
    say('the base, once')
    const cold = await runBuild(args, { root, cache })
    say('before and after the change')
    const warm = await runBuild([...args, '--range', `${commit}~1..${commit}`], { root, cache })
    const runs = readBuilds(cold).builds[0]?.before ?? []
    say('the same commands without overlay and base')
    const plain = rebuild(runs, { profile, source: layOut(kernel.path, commit, work), work })
    const seconds = (ms: number, cpu: number): string => `${(ms / 1000).toFixed(1)} s (${cpu.toFixed(0)} CPU s)`
    return [
      `${runs.length} arches, one line of a sample: before/after ${seconds(warm.ms, warm.cpuSeconds)}, plain rebuild ${seconds(plain.ms, plain.cpuSeconds)}; ` +
        `ratio ${(warm.ms / plain.ms).toFixed(2)}, of CPU ${(warm.cpuSeconds / plain.cpuSeconds).toFixed(2)}; the base, once, ${seconds(cold.ms, cold.cpuSeconds)}`,
    ]
  } finally {
    removeDirectory(work)
  }
}

function shippedProfile(): Profile {
  const read = readProfile('livepatch', root)
  if (read.kind === 'bad') throw new Error(read.problems.join('\n'))
  return read.profile
}

/** The files of a commit, as a checkout has them. */
function layOut(repository: string, commit: string, work: string): string {
  const source = join(work, 'source')
  const { status } = spawnSync('git', ['-C', repository, 'worktree', 'add', '--quiet', '--detach', source, commit])
  if (status !== 0) throw new Error('the tree cannot be checked out')
  return source
}

type Place = { readonly profile: Profile; readonly source: string; readonly work: string }
type Built = ReturnType<typeof readBuilds>['builds'][number]['before']

/** The commands that a build ran, with paths of this machine; what they took, and the processor seconds of all that they started. */
function rebuild(runs: Built, { profile, source, work }: Place): { readonly ms: number; readonly cpuSeconds: number } {
  const started = performance.now()
  let cpuSeconds = 0
  for (const run of runs) {
    const arch = profile.arches.find(({ name }) => name === run.arch)
    const output = join(work, `output-${run.arch}`)
    const here = (text: string): string =>
      text.replaceAll(buildPaths.output, output).replaceAll(buildPaths.source, source)
    mkdirSync(dirname(here(fragmentPath)), { recursive: true })
    if (arch) writeFileSync(here(fragmentPath), requestedConfig(profile, arch))
    for (const { command, directory } of run.goals) {
      const words = command.map((word) => (/^-j\d+$/.test(word) ? `-j${availableParallelism()}` : here(word)))
      cpuSeconds += measure(words, here(directory))
    }
  }
  return { ms: performance.now() - started, cpuSeconds }
}

/** Runs a command that succeeded before; the processor seconds of its processes, as the shell tells them. */
function measure(words: readonly string[], cwd: string): number {
  const script = '"$@" >/dev/null 2>&1; status=$?; times >&2; exit $status'
  const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', ...words], { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status ?? 'a signal'}`)
  const children = stderr.trim().split('\n').at(-1) ?? ''
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  )
}
