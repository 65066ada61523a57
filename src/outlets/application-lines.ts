import type { Application, AppliedPatch, Conflict, PatchOutcome } from '../series/application.ts'
import type { Series } from '../series/series.ts'

/** How a series went on, for people: what was reviewed, on which base, and each patch that did not apply as it is. */
export function applicationLines(series: Series, application: Application): readonly string[] {
  const patches = `${series.expected} patch${series.expected === 1 ? '' : 'es'}`
  const version = series.version === 1 ? '' : `v${series.version}, `
  return [
    `${series.subject} (${version}${patches})`,
    ...(application.kind === 'no-base'
      ? []
      : [`base ${application.base.commit.slice(0, 12)}: ${application.base.detail}`]),
    ...series.inferred.map((guess) => `guessed: ${guess}`),
    ...(application.kind === 'no-base' ? [] : application.patches.flatMap(outcomeLines)),
  ]
}

const ways: Record<Exclude<AppliedPatch['how'], 'clean'>, string> = {
  'three-way': 'applied with a three-way merge',
  fuzz: 'applied with fuzz',
  'already-applied': 'is in the tree already',
}

function outcomeLines(outcome: PatchOutcome): readonly string[] {
  if (outcome.kind === 'refused')
    return [`patch ${outcome.index} does not apply`, ...outcome.files.flatMap(conflictLines)]
  if (outcome.how === 'clean') return []
  const detail = outcome.detail === '' ? '' : `: ${outcome.detail}`
  return [`patch ${outcome.index} ${ways[outcome.how]}${detail}`]
}

function conflictLines({ path, reason, hunks }: Conflict): readonly string[] {
  return [`  ${path}: ${reason}`, ...hunks.map((hunk) => `    hunk ${hunk.number} (${hunk.header}): ${hunk.reason}`)]
}
