import { always, never, type Cond } from '../../src/cond/conditions.ts'
import { changedFlags, type FlagChange } from '../../src/changes/changed-flags.ts'
import { changedVariables } from '../../src/changes/changed-variables.ts'
import { pairDirectories } from '../../src/changes/directory-pairs.ts'
import { pathOf, type FileDiff } from '../../src/diff/file-diff.ts'
import type { KernelModel } from '../../src/kbuild/kernel-model.ts'
import { archOf } from '../../src/kbuild/source-arch.ts'
import { whenHolds } from '../../src/review/kbuild-directories.ts'
import { defineRule, type ChangeContext } from '../../src/review/rule.ts'
import { worldOf } from '../../src/review/world.ts'
import type { Span } from '../../src/text/span.ts'
import { movement, reachOf } from './reach.ts'

/**
 * A flag that leaves one variable and comes to another, which reaches other compilations. Both trees are evaluated for all configurations
 * at once, and what is told holds where the flag was in the one before and is in the other now.
 *
 * Silent where the log names the variable that the flag goes to, whose author knows what it is for; on flags that are new or gone for
 * good; on those that both variables had; and on words that are not known.
 */
export default defineRule({
  id: 'kf-scope-changed',
  severity: 'warning',
  scope: 'change',
  summary: 'A flag moves to a variable that reaches more compilations, or fewer.',
  since: '0.1.0',
  check(context) {
    const makefiles = context.files.filter((file) => isOfBuild(pathOf(file)) && setsFlags(file))
    for (const arch of new Set(makefiles.map((file) => archOf(pathOf(file))))) compareFor(context, arch)
  },
})

function isOfBuild(path: string): boolean {
  const world = worldOf(path)
  return world === 'kbuild' || world === 'top' || (world === 'core' && path.startsWith('scripts/Makefile.'))
}

/** Whether lines that come or go look like flags: most patches need no models. */
function setsFlags({ hunks }: FileDiff): boolean {
  const lines = hunks.flatMap((hunk) => hunk.lines.filter(({ kind }) => kind !== 'context'))
  return (
    lines.some(({ kind, text }) => kind === 'add' && isFlags(text)) &&
    lines.some(({ kind, text }) => kind === 'delete' && isFlags(text))
  )
}

function isFlags(line: string): boolean {
  return /FLAGS|flags|^\s+-[A-Za-z]/.test(line)
}

function compareFor(context: ChangeContext, arch: string): void {
  const { before, after, knowledge, files } = context
  const [old, young] = [knowledge.kernel(before, arch), knowledge.kernel(after, arch)]
  if (old === null || young === null || old.conditions !== young.conditions) return
  const touched = files.flatMap(({ oldPath, newPath }) => [oldPath, newPath].filter((path) => path !== null))
  const pair = pairDirectories(old, young, touched)
  const changes = [...changedVariables(pair, always), ...changedFlags(pair, always)]
  for (const ofPlace of Map.groupBy(changes, ({ path }) => path).values()) {
    for (const move of movesAmong(ofPlace, young)) reportMove(move, { context, model: young })
  }
}

type Move = { readonly flag: string; readonly from: FlagChange; readonly to: FlagChange; readonly when: Cond }

/** The flags that one variable of a place lost where another gained them. */
function movesAmong(changes: readonly FlagChange[], { conditions }: KernelModel): readonly Move[] {
  return changes.flatMap((from) =>
    from.lost.flatMap(({ text, when }) =>
      changes.flatMap((to): Move[] => {
        const gained = to === from ? undefined : to.gained.find((each) => each.text === text)
        const both = gained === undefined ? never : conditions.and(when, gained.when)
        return both === never ? [] : [{ flag: text, from, to, when: both }]
      }),
    ),
  )
}

function reportMove(
  { flag, from, to, when }: Move,
  { context, model }: { readonly context: ChangeContext; readonly model: KernelModel },
): void {
  const [old, young] = [reachOf(from.variable), reachOf(to.variable)]
  const { title, log } = context.patch
  if (old === null || young === null || `${title}\n${log}`.includes(to.variable)) return
  const { gains, loses } = movement(old, young)
  if (gains === null && loses === null) return
  context.report({
    at: originOf(to, flag, model) ?? placeOf(to, context),
    subject: `${flag} ${from.variable} ${to.variable}`,
    message: `\`${flag}\` moves from \`${from.variable}\` to \`${to.variable}\``,
    evidence: [
      ...(gains === null ? [] : [`now also given to ${gains}`]),
      ...(loses === null ? [] : [`no longer given to ${loses}`]),
    ],
    ...whenHolds({ model }, when),
  })
}

/** Where the variable has the flag now. */
function originOf({ path, variable }: FlagChange, flag: string, { directories, top }: KernelModel): Span | null {
  const evaluation = path === null ? top.evaluation : (directories.get(path)?.evaluation ?? null)
  const word = evaluation?.words(variable).words.find(({ text }) => text === flag)
  return word?.origin.file === undefined || word.origin.file === '' ? null : word.origin
}

function placeOf({ path }: FlagChange, { files, at }: ChangeContext): Span {
  const near = files.find((file) => path !== null && pathOf(file).startsWith(`${path}/`)) ?? files[0]
  return at(near?.patchLine ?? 1)
}
