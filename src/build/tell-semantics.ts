import { changedLines } from '../review/changed-lines.ts'
import type { Placed } from '../review/finding.ts'
import { placeFinding } from '../review/placement.ts'
import type { Step } from '../review/step.ts'
import { findBlame } from './blame.ts'
import type { Fresh } from './build-causes.ts'
import { tellCause } from './build-findings.ts'
import type { SemanticCheck, SemanticFault, SemanticGap } from './build-semantics.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { GoalRun } from './goal-run.ts'

/** What is wrong, of one thing and of several. */
const messages: Record<SemanticCheck, readonly [one: string, several: (count: number) => string]> = {
  'second-make': ['is made again by a second make', (count) => `and ${count} more are made again by a second make`],
  parallel: ['is not the same with -j1 and -j', (count) => `and ${count} more are not the same with -j1 and -j`],
  'source-clean': [
    'is written into the source tree of a build with O=',
    (count) => `and ${count} more are written into the source tree of a build with O=`,
  ],
  clean: [
    'is left by make clean, and git does not ignore it',
    (count) => `and ${count} more are left by make clean, and git does not ignore them`,
  ],
  touch: [
    'is not made again when its source is newer',
    (count) => `and ${count} more are not made again when their sources are newer`,
  ],
}

/** What fails where a check itself does. */
const failures: Record<SemanticCheck, string> = {
  'second-make': 'a second make fails',
  parallel: 'make with -j1 fails',
  'source-clean': 'the source tree cannot be looked at',
  clean: 'make clean fails',
  touch: 'make fails where sources are newer',
}

/** The finding of a check that a patch fails in these builds: at the line of the patch that names the first of the files, where one does. */
export function tellSemantics(
  fault: SemanticFault | SemanticGap,
  runs: readonly [GoalRun, ...GoalRun[]],
  { step, keys }: { readonly step: Step; readonly keys: Set<string> },
): Placed {
  const { first, subject } = 'gap' in fault ? failureOf(fault) : faultOf(fault, step)
  const [run, ...others] = runs
  const fresh = { ...first, deletedFrom: null, units: [], run }
  const cause = { subject, first: fresh, all: [fresh, ...others.map((each) => ({ ...fresh, run: each }))] }
  const finding = tellCause(cause, { step, keys, goneIn: null })
  return { ...finding, placement: placeFinding(finding, step.patch) }
}

type Told = { readonly subject: string; readonly first: Pick<Fresh, 'diagnostic' | 'blame'> }

function failureOf({ check, why, lines }: SemanticGap): Told {
  const diagnostic = diagnosticOf(`${failures[check]} (${why})`, '', lines)
  const failure = { ...diagnostic, kind: 'failure', severity: 'error', subject: null } as const
  return { subject: `${check} fails`, first: { diagnostic: failure, blame: null } }
}

function faultOf({ check, items }: SemanticFault, step: Step): Told {
  const [first = ''] = items
  const [one, several] = messages[check]
  const message = `'${first}' ${items.length === 1 ? one : several(items.length - 1)}`
  const diagnostics = items.slice(0, maxNamed).map((item) => diagnosticOf(message, item, items))
  const suspect = { files: step.patch.files, changes: changedLines(step.patch.files), after: step.after }
  const blamed = diagnostics.map((diagnostic) => ({ diagnostic, blame: findBlame(diagnostic, suspect) }))
  const found = blamed.find(({ blame }) => blame !== null) ?? {
    diagnostic: diagnosticOf(message, first, items),
    blame: null,
  }
  return { subject: `${check} ${first}`, first: found }
}

/** Of so many a line of the patch is looked for, and so many are shown. */
const maxNamed = 6

/** The name of the file is what a line of the patch would have: of a command, the name of what it makes. */
function diagnosticOf(message: string, item: string, items: readonly string[]): Diagnostic {
  return {
    tool: 'make',
    kind: 'message',
    severity: 'warning',
    place: null,
    message,
    option: null,
    subject: item.slice(Math.max(item.lastIndexOf('/'), item.lastIndexOf(' ')) + 1),
    scope: null,
    unit: null,
    command: null,
    notes: [],
    lines: items,
    logLine: 1,
    failed: [],
  }
}
