import type { Outcome, ProofContext } from '../check.ts'
import { keptCache, withKernel } from './kept.ts'
import { judgeTime, readBuilds, runBuild } from './run-build.ts'

const limitSeconds = 60
const sample = 'samples/livepatch/livepatch-sample.c'

/** Before and after a one-line change of a sample, on five architectures, where the base is kept. */
export function proveWarm(context: ProofContext): Promise<Outcome> {
  return withKernel(context, async (kernel) => {
    const { root, say } = context
    const cache = keptCache(root)
    say('the base, where it is not kept yet')
    await runBuild(['build', 'build', '--tree', kernel.path, '--format', 'json'], { root, cache })
    const commit = kernel.change('HEAD', sample, (text) =>
      text.replace('this has been live patched', 'this is live patched'),
    )
    const args = ['build', 'build', '--tree', kernel.path, '--range', `${commit}~1..${commit}`, '--format', 'json']
    const ran = await runBuild(args, { root, cache })
    const [built] = readBuilds(ran).builds
    const runs = built?.after[0]?.runs ?? []
    const failed = runs.flatMap(({ arch, goals }) =>
      goals.flatMap(({ goal, status }) => (status === 'ok' ? [] : [`${arch} ${goal} ${status}`])),
    )
    const isBuilt = runs.length === 5 && runs.every(({ goals }) => goals.length > 0)
    const time = judgeTime(ran, limitSeconds)
    const figure =
      failed.length > 0 ? failed.join(', ') : `${runs.length} arches after a one-line change: ${time.figure}`
    return { ok: isBuilt && failed.length === 0 && built?.findings.length === 0 && time.ok, figure }
  })
}
