import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { runCommand } from '../run-command.ts'

/** What vitest's json reporter prints of a run, as far as it is read here. */
type Report = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly status: string; readonly ancestorTitles: readonly string[] }[]
  }[]
}

/** The constructs of "the journey to Kbuild and back", each with the cases of test/oracle/journey.test.ts that show it. */
const journey: Readonly<Record<string, readonly string[]>> = {
  'duplicate targets': ['duplicate-targets'],
  'included overrides': ['library-overridden', 'library-overrides'],
  'M= lost under sub_make_done': ['extmod-lost', 'extmod-kept', 'extmod-unset'],
  'variables for called makes and shells': ['passed-on', 'overrides-dropped'],
  'tests for a directory': ['directories/sub'],
  'why, in words': ['what is explained'],
}

/** Cases of a run that fewer than these would leave without meaning. */
const leastCases = 50

/** All oracle cases, each run by GNU make and by us, and among them those of the journey. */
export async function proveMakeCases({ root }: ProofContext): Promise<Outcome> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const directory = await mkdtemp(join(tmpdir(), 'make-cases-'))
  const file = join(directory, 'report.json')
  try {
    const args = [vitest, 'run', 'test/oracle', '--reporter=json', `--outputFile=${file}`]
    const { status } = await runCommand(process.execPath, args, { cwd: root })
    return judge(JSON.parse(await readFile(file, 'utf8')) as Report, status === 0)
  } finally {
    removeDirectory(directory)
  }
}

function judge(report: Report, isClean: boolean): Outcome {
  const { numPassedTests, numFailedTests, numPendingTests } = report
  const absent = constructsWithout(report)
  const shown = Object.keys(journey).length - absent.length
  return {
    ok: isClean && numPassedTests > leastCases && numFailedTests + numPendingTests === 0 && absent.length === 0,
    figure: [
      `${numPassedTests} oracle cases as GNU make has them, ${numFailedTests} not, ${numPendingTests} not run`,
      `${shown} of ${Object.keys(journey).length} constructs of the journey`,
      ...(absent.length === 0 ? [] : [`not shown: ${absent.join(', ')}`]),
    ].join('; '),
  }
}

/** The constructs of which a case is missing, or did not pass in full. */
function constructsWithout({ testResults }: Report): readonly string[] {
  const results = testResults
    .filter(({ name }) => name.endsWith('/test/oracle/journey.test.ts'))
    .flatMap(({ assertionResults }) => assertionResults)
  const isShown = (title: string): boolean => {
    const own = results.filter(({ ancestorTitles }) => ancestorTitles.includes(title))
    return own.length > 0 && own.every((result) => result.status === 'passed')
  }
  return Object.entries(journey).flatMap(([construct, cases]) => (cases.every(isShown) ? [] : [construct]))
}
