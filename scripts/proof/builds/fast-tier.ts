import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { judgeTime, readBuilds, runBuild, type Run } from './run-build.ts'

const limitSeconds = 240

/** What each architecture builds of Linux 6.12 in the fast tier, all of it with success. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['configure', 'prepare', 'livepatch', 'selftests', 'kselftest', 'selftests-all'],
  arm64: ['configure', 'prepare', 'samples'],
  ppc64le: ['configure', 'prepare', 'livepatch', 'selftests'],
  ppc32: ['configure', 'prepare', 'crtsavres', 'livepatch', 'selftests'],
  s390: ['configure', 'prepare', 'livepatch', 'selftests'],
}

/** Five architectures from nothing: what is built of each, that arm64 of 6.12 has no livepatch, and the time. */
export async function proveFastTier({ root, reference }: ProofContext): Promise<Outcome> {
  const cache = mkdtempSync(join(tmpdir(), 'kbuild-review-proof-cold-'))
  try {
    const args = ['build', 'build', '--profile', 'livepatch', '--tree', reference.tree612, '--format', 'json']
    const ran = await runBuild(args, { root, cache })
    const runs = readBuilds(ran).builds[0]?.before ?? []
    const wrong = Object.keys(wanted).flatMap((arch) =>
      whatIsWrong(
        arch,
        runs.find((run) => run.arch === arch),
      ),
    )
    const time = judgeTime(ran, limitSeconds)
    const verdicts =
      wrong.length === 0 ? 'five arches, all verdicts right, arm64: livepatch not applicable' : wrong.join('; ')
    return { ok: wrong.length === 0 && time.ok && ran.status === 0, figure: `${verdicts}; ${time.figure}` }
  } finally {
    removeDirectory(cache)
  }
}

function whatIsWrong(arch: string, run: Run | undefined): readonly string[] {
  if (run === undefined) return [`${arch} was not built`]
  const told = run.goals.map(({ goal, status }) => `${goal} ${status}`).join(', ')
  const expected = (wanted[arch] ?? []).map((goal) => `${goal} ok`).join(', ')
  const livepatch = run.notRun.find(({ goal }) => goal === 'livepatch')
  return [
    ...(told === expected ? [] : [`${arch}: ${told} instead of ${expected}`]),
    ...(arch === 'arm64' && livepatch?.kind !== 'inapplicable'
      ? ['arm64: livepatch is not told to be inapplicable']
      : []),
  ]
}
