import { resolve } from 'node:path'
import { z } from 'zod'
import { describeStarts, lintCold } from '../scripts/cold-lint.ts'
import type { Bench } from './run.ts'

const lintForm = z.looseObject({ findings: z.array(z.unknown()), files: z.number() })

/**
 * The lint of all of 6.12 with nothing kept from earlier: the command itself, from its start to its end. It has no peer: make itself
 * (`W=1`) reads only what one configuration builds, scripts/checkkconfigsymbols.py looks for one kind of mistake, and
 * scripts/checkpatch.pl -f at one file.
 */
export const bench: Bench = async (reference, say) => {
  say('all build files of 6.12')
  const { stdout, seconds } = await lintCold(resolve(import.meta.dirname, '..'), reference.tree612)
  const { files, findings } = lintForm.parse(JSON.parse(stdout))
  return [`all of 6.12 cold: ${describeStarts(seconds).text}, ${files} files, ${findings.length} findings`]
}
