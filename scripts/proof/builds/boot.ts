import type { Outcome, ProofContext } from '../check.ts'
import { keptCache } from './kept.ts'
import { runBuild } from './run-build.ts'

/** What `build test --format json` prints, as far as it is looked at. */
type Document = {
  readonly builds: readonly {
    readonly before: readonly {
      readonly arch: string
      readonly goals: readonly {
        readonly goal: string
        readonly status: string
        readonly seconds: number
        readonly tests?: readonly { readonly outcome: string; readonly name: string }[]
      }[]
    }[]
  }[]
}

const arches = ['x86_64', 's390', 'ppc64le']
const selftests = 7

/** Full tier for x86_64, s390 and ppc64le: all boot and pass what is tried there, and on x86_64 all livepatch selftests pass. */
export async function proveBoot({ root, reference, say }: ProofContext): Promise<Outcome> {
  say('whole kernels for x86_64, s390 and ppc64le; some 1,100 CPU seconds where none is kept')
  const args = ['build', 'test', '--tree', reference.tree612, '--arch', ...arches, '--format', 'json']
  const { stdout, stderr, status } = await runBuild(args, { root, cache: keptCache(root) })
  if (stdout === '')
    return { ok: false, figure: `build test ended with ${status ?? 'a signal'}: ${stderr.trim().slice(-300)}` }
  // Our own output; what is missing in it falls short below.
  const { builds } = JSON.parse(stdout) as Document
  const runs = builds.flatMap(({ before }) => before)
  const told = arches.map((arch) =>
    describeArch(
      arch,
      runs.find((run) => run.arch === arch),
    ),
  )
  const passed = testsOf(runs, 'x86_64').filter(
    ({ name, outcome }) => name.startsWith('selftests: livepatch: ') && outcome === 'pass',
  )
  return {
    ok: status === 0 && told.every(({ ok }) => ok) && passed.length === selftests,
    figure: `${told.map(({ text }) => text).join('; ')}; selftests of x86_64: ${passed.length} of ${selftests} pass`,
  }
}

type Run = Document['builds'][number]['before'][number]

function describeArch(arch: string, run: Run | undefined): { readonly ok: boolean; readonly text: string } {
  const goals = run?.goals ?? []
  const boots = goals.filter(({ tests }) => tests !== undefined)
  const failed = goals
    .filter(({ status }) => status !== 'ok')
    .map(({ goal, status }) => `${goal} ${status.toUpperCase()}`)
  const tests = boots.flatMap((each) => each.tests ?? [])
  const passed = tests.filter(({ outcome }) => outcome === 'pass').length
  const seconds = boots.map(({ goal, seconds: taken }) => `${goal} ${taken.toFixed(1)} s`)
  return {
    ok: failed.length === 0 && boots.length > 0 && passed === tests.length,
    text: `${arch}: ${[...failed, ...seconds].join(', ')}, ${passed} of ${tests.length} steps pass`,
  }
}

function testsOf(runs: readonly Run[], arch: string): readonly { readonly outcome: string; readonly name: string }[] {
  return runs.filter((run) => run.arch === arch).flatMap(({ goals }) => goals.flatMap(({ tests }) => tests ?? []))
}
