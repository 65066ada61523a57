import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { applySeries, type AppliedSeries } from '../git/apply-series.ts'
import type { Repository } from '../git/repository.ts'
import { treeOf } from '../git/trees.ts'
import { resolveRevision } from '../git/refs.ts'
import type { GitTree } from '../git/tree.ts'
import type { MailParser } from '../mail/parser.ts'
import type { Message } from '../mail/message.ts'
import type { Facts } from '../review/facts.ts'
import type { Placed, Skipped } from '../review/finding.ts'
import { reviewSeries } from '../review/review-series.ts'
import type { Rule } from '../review/rule.ts'
import type { IgnoredPaths } from '../review/suppression.ts'
import { assembleSeries } from '../series/assemble.ts'
import type { Patch, Series } from '../series/series.ts'
import { mailsFrom, type AmSession } from './am-session.ts'
import { unbrokenSteps } from './judge-series.ts'
import { stagedChanges, stagedTree, worktreeRun, type Worktree } from './staged-tree.ts'

/** What patches are judged with while `git am` waits. */
export type HookJudging = {
  readonly repository: Repository
  readonly rules: readonly Rule[]
  readonly facts: Facts
  readonly ignored: IgnoredPaths
  readonly parser: MailParser
  /** What was judged lately; kept by who calls. */
  readonly memory: AmMemory
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What a patch of a mail brings between two trees. */
export type AmVerdict = {
  /** What `mailKey` gives for its mail. */
  readonly mail: string
  readonly before: string
  readonly after: string
  readonly title: string
  readonly findings: readonly Placed[]
  readonly notRun: readonly Skipped[]
}

/** Verdicts by mail and trees, and mails by their bytes, the newest last. */
export type AmMemory = { readonly verdicts: AmVerdict[]; readonly mails: Map<string, Message | null> }

/** Nothing judged yet. */
export function createAmMemory(): AmMemory {
  return { verdicts: [], mails: new Map() }
}

/** What is to be judged: the mail of a session with that number; `staged` where git has applied it already. */
export type AmRequest = {
  readonly session: AmSession
  readonly number: number
  readonly worktree: Worktree
  readonly state: 'ahead' | 'staged'
}

export type AmResult =
  { readonly kind: 'judged'; readonly verdict: AmVerdict } | { readonly kind: 'not-judged'; readonly reason: string }

/** Verdicts and mails kept: more than a session looks back to. */
const maxKept = 800

/**
 * Judges the patch that `git am` is at as `check` judges it: as part of the series whose mails are still to come, so that what a
 * later patch mends stops nobody. What git staged is the truth: where that differs from what the mail makes of HEAD, as after a merge
 * or a mended conflict, the patch is judged alone between the two trees.
 */
export async function judgeAmPatch(request: AmRequest, judging: HookJudging): Promise<AmResult> {
  const { repository, memory } = judging
  const [head, asked] = await Promise.all([
    resolveRevision(worktreeRun(repository, request.worktree), 'HEAD^{commit}'),
    request.state === 'staged' ? stagedChanges(repository, request.worktree) : null,
  ])
  const before = head === null ? null : treeOf(repository, head)
  if (head === null || before === null) return { kind: 'not-judged', reason: 'HEAD has no commit yet' }
  if (asked?.kind === 'failed') return { kind: 'not-judged', reason: asked.reason }
  const staged = asked === null ? null : stagedTree(repository, before, asked.changes)
  const [path, ...later] = mailsFrom(request.session, request.number)
  if (path === undefined) return { kind: 'not-judged', reason: 'the mail is gone' }
  const mail = mailKey(path, request.session)
  const known = recall(memory, { mail, before, staged })
  if (known !== undefined) return { kind: 'judged', verdict: known }
  const found = await findPatch([path, ...later], judging)
  if (found === null) return { kind: 'not-judged', reason: 'no patch is found in the mail' }
  const applied = await applySeries(repository, found.series, { given: head })
  const judge = (series: Series, steps: AppliedSeries) => judgeSteps(series, steps, request.session, judging)
  remember(memory, judge(found.series, applied))
  const foreseen = recall(memory, { mail, before, staged })
  if (foreseen !== undefined) return { kind: 'judged', verdict: foreseen }
  if (staged === null) return { kind: 'not-judged', reason: 'the mail does not apply to HEAD' }
  const [alone] = judge(onlyPatch(found.series, found.patch), asStaged(found.patch, head, before, staged))
  if (alone === undefined) return { kind: 'not-judged', reason: 'the diff of the mail is damaged' }
  remember(memory, [alone])
  return { kind: 'judged', verdict: alone }
}

type Looked = { readonly mail: string; readonly before: GitTree; readonly staged: GitTree | null }

function recall({ verdicts }: AmMemory, { mail, before, staged }: Looked): AmVerdict | undefined {
  return verdicts.findLast(
    (each) => each.mail === mail && each.before === before.id && (staged === null || each.after === staged.id),
  )
}

function remember({ verdicts }: AmMemory, judged: readonly AmVerdict[]): void {
  verdicts.push(...judged)
  verdicts.splice(0, Math.max(0, verdicts.length - maxKept))
}

/** The patch of the first mail, and the series that it and the mails behind it make. */
async function findPatch(
  paths: readonly string[],
  judging: HookJudging,
): Promise<{ readonly series: Series; readonly patch: Patch } | null> {
  const messages: Message[] = []
  for (const path of paths) {
    const message = await readMail(path, judging)
    if (message !== null) messages.push(message)
  }
  const [first] = messages
  // Of two mails with the same patch the series has one: then the other is looked at alone.
  for (const mails of first === undefined ? [] : [messages, [first]]) {
    for (const series of assembleSeries(mails)) {
      const patch = series.patches.find(
        ({ envelope: { origin } }) => origin.kind === 'file' && origin.path === paths[0],
      )
      if (patch !== undefined) return { series, patch }
    }
  }
  return null
}

/** A mail of the session, read once; null where it is none. */
async function readMail(path: string, { parser, memory: { mails }, now }: HookJudging): Promise<Message | null> {
  const bytes = readFileSync(path)
  const key = `${path}\n${hashOf(bytes)}`
  const known = mails.get(key)
  if (known !== undefined) return known
  const result = await parser.parse(bytes, { origin: { kind: 'file', path, line: 1 }, now: now() })
  const message = result.kind === 'message' ? result.message : null
  mails.set(key, message)
  for (const oldest of mails.keys()) {
    if (mails.size <= maxKept) break
    mails.delete(oldest)
  }
  return message
}

/** Names a mail among those of its session: what comes with it decides what it is judged by. */
function mailKey(path: string, session: AmSession): string {
  const all = mailsFrom(session, 1).map((each) => hashOf(readFileSync(each)))
  return hashOf(Buffer.from([hashOf(readFileSync(path)), ...all].join('\n')))
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What each patch brings that applied, up to the first that did not. */
function judgeSteps(
  series: Series,
  applied: AppliedSeries,
  session: AmSession,
  { rules, facts, ignored }: HookJudging,
): readonly AmVerdict[] {
  const steps = unbrokenSteps(series, applied)
  const { findings, unjudged, notRun } = reviewSeries({ series, steps, rules, facts, ignored })
  return steps.flatMap(({ patch, before, after }) => {
    const { origin } = patch.envelope
    if (origin.kind !== 'file' || before.id === null || after.id === null) return []
    return {
      mail: mailKey(origin.path, session),
      before: before.id,
      after: after.id,
      title: patch.title,
      findings: findings.filter((finding) => finding.patch === patch.index),
      notRun: [...unjudged, ...notRun].filter(({ what }) => isAbout(what, patch.index)),
    }
  })
}

function isAbout(what: string, index: number): boolean {
  return what === `patch ${index}` || what.endsWith(` on patch ${index}`)
}

/** The series with one patch; the others count as not seen. */
function onlyPatch(series: Series, patch: Patch): Series {
  const missing = Array.from({ length: series.expected }, (_, at) => at + 1).filter((index) => index !== patch.index)
  return { ...series, patches: [patch], missing }
}

/** A patch as git has applied it. */
function asStaged(
  { index }: Patch,
  head: string,
  ...[before, after]: readonly [before: GitTree, after: GitTree]
): AppliedSeries {
  const base = { commit: head, how: 'given', certain: true, detail: 'HEAD' } as const
  const outcome = { index, kind: 'applied', commit: head, how: 'clean', detail: 'as git am has staged it' } as const
  return {
    application: { kind: 'applied', base, patches: [outcome] },
    base: before,
    steps: [{ index, before, after }],
  }
}
