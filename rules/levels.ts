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

/**
 * The level of a rule by its id; `local` for what is no rule of ours, as the diagnostics of a build: nobody has measured yet how right those
 * are on patches of lists.
 */
export function levelOf(id: string): Level {
  return levels.get(id) ?? 'local'
}
