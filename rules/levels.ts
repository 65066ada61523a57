import { levelOn, type Level } from '../src/review/level.ts'
import { measuredOf, readPrecision, type Measured, type Precision } from '../src/review/precision.ts'
import { rules } from './index.ts'
import precision from './precision.json' with { type: 'json' }

/** What was measured of the rules that come with this release. */
export const measuredPrecision: Precision = readPrecision(precision)

/** What was read of a rule's findings. */
export function measured(id: string): Measured {
  return measuredOf(measuredPrecision, id)
}

const levels: ReadonlyMap<string, Level> = new Map(
  rules.map((rule) => {
    const posted = measuredOf(measuredPrecision, rule.id, 'patches')
    return [rule.id, levelOn(rule, { overall: measured(rule.id), posted })]
  }),
)

/** Words of compilers and tests that were not there before a patch, tried twice: what anybody sees who builds it. */
const ofBuilds: ReadonlySet<string> = new Set(['build-error', 'build-warning', 'build-test'])

/** The level of a rule by its id; `mail` for what a build says, `local` for what is no rule of ours. */
export function levelOf(id: string): Level {
  return levels.get(id) ?? (ofBuilds.has(id) ? 'mail' : 'local')
}
