import type { Message } from '../mail/message.ts'
import type { MailSource } from '../ports.ts'
import type { ChangesFor } from '../review/changes.ts'
import type { Placed } from '../review/finding.ts'
import type { Review } from '../review/review.ts'
import type { PatchOutcome } from '../series/application.ts'
import { assembleSeries } from '../series/assemble.ts'
import type { Patch, Series } from '../series/series.ts'
import { pathOf } from '../diff/file-diff.ts'
import { judgeSeries, type Judging } from './judge-series.ts'
import type { RunLog } from './run-log.ts'

/** One patch mail of an archive, judged on the tree: a line of the output. */
export type BacktestLine = {
  readonly messageId: string
  /** ISO 8601, UTC. */
  readonly date: string
  readonly version: number
  readonly subject: string
  /** `fuzz` also where it took a three-way merge; `how` says which. */
  readonly applies: 'clean' | 'fuzz' | 'no'
  readonly how: Exclude<PatchOutcome, { kind: 'refused' }>['how'] | 'refused' | 'no-base'
  readonly files: readonly string[]
  readonly findings: readonly Placed[]
  /** What it changes in the build, by architecture. */
  readonly changes: readonly ChangesFor[]
  readonly unsure: number
  /** Milliseconds: the patch's share of its series. */
  readonly ms: number
  /** Set where judging broke: a bug of ours. */
  readonly error?: string
}

export type BacktestOptions = {
  readonly sources: readonly MailSource[]
  /** Milliseconds; mails posted in `[since, until)`. */
  readonly since?: number
  readonly until?: number
  readonly judging: Judging
  readonly log: RunLog
  readonly onProgress?: (what: string, done: number, total: number) => void
}

/** What a backtest did: the patches of the window, those judged in this run, and the mails that could not be read. */
export type BacktestSummary = { readonly patches: number; readonly judged: number; readonly refused: readonly string[] }

/** Judges every patch mail of the archives in the order of their series, a line each; lines that the log has are not made again. */
export async function backtest(options: BacktestOptions): Promise<BacktestSummary> {
  const { messages, refused } = await readMessages(options)
  const series = assembleSeries(messages, { maxMessages: messages.length })
  const written = new Set(options.log.done)
  const patches = new Set(series.flatMap((each) => each.patches.map(({ envelope }) => envelope.id)))
  let judged = 0
  for (const each of series) {
    options.judging.signal?.throwIfAborted()
    const wanted = each.patches.filter(({ envelope }) => !written.has(envelope.id))
    if (wanted.length > 0) {
      options.log.append(await judgePatches(each, wanted, options.judging))
      for (const { envelope } of wanted) written.add(envelope.id)
      judged += wanted.length
    }
    options.onProgress?.('judging', written.size, patches.size)
  }
  return { patches: patches.size, judged, refused }
}

type Read = { readonly messages: readonly Message[]; readonly refused: readonly string[] }

/** The mails of the window; one that several archives have counts once. */
async function readMessages({ sources, since, until, onProgress }: BacktestOptions): Promise<Read> {
  const messages = new Map<string, Message>()
  const refused: string[] = []
  for (const source of sources) {
    const window = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) }
    for await (const { result } of source.since(window)) {
      if (result.kind === 'refused') refused.push(result.reason)
      else if (!messages.has(result.message.id)) messages.set(result.message.id, result.message)
      onProgress?.('reading mails', messages.size, messages.size)
    }
  }
  return { messages: [...messages.values()], refused }
}

async function judgePatches(series: Series, wanted: readonly Patch[], judging: Judging): Promise<BacktestLine[]> {
  const started = performance.now()
  const judged = await attempt(() => judgeSeries(series, judging))
  judging.signal?.throwIfAborted()
  const ms = Math.round((10 * (performance.now() - started)) / series.patches.length) / 10
  return wanted.map((patch) => toLine(series, patch, { judged, ms }))
}

type Judged = { readonly review: Review } | { readonly error: string }

/** A series that makes us fail is a bug to be told in its lines; the rest of the archive is judged all the same. */
async function attempt(judge: () => Promise<Review>): Promise<Judged> {
  try {
    return { review: await judge() }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

function toLine(
  series: Series,
  patch: Patch,
  { judged, ms }: { readonly judged: Judged; readonly ms: number },
): BacktestLine {
  const review = 'review' in judged ? judged.review : null
  const how = howOf(review, patch)
  return {
    messageId: patch.envelope.id,
    date: new Date(patch.envelope.date).toISOString(),
    version: series.version,
    subject: patch.envelope.subject,
    applies: how === 'refused' || how === 'no-base' ? 'no' : how === 'fuzz' || how === 'three-way' ? 'fuzz' : 'clean',
    how,
    files: patch.files.map(pathOf),
    findings: review === null ? [] : review.findings.filter((finding) => finding.patch === patch.index),
    changes: review?.changes.patches.find((each) => each.patch === patch.index)?.changes ?? [],
    unsure: review === null ? 0 : review.unsure.filter((each) => each.patch === patch.index).length,
    ms,
    ...('error' in judged && { error: judged.error }),
  }
}

function howOf(review: Review | null, patch: Patch): BacktestLine['how'] {
  if (review === null || review.application.kind === 'no-base') return 'no-base'
  const outcome = review.application.patches.find(({ index }) => index === patch.index)
  return outcome?.kind === 'applied' ? outcome.how : 'refused'
}
