import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { levelOf } from '../../../rules/levels.ts'
import { toMail } from '../../../src/app/draft-replies.ts'
import type { Reply } from '../../../src/review/reply.ts'
import { hears } from '../../../src/review/level.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { lintMails } from './lint-mails.ts'
import { readReplayLines, type ReplayLine } from './replay-lines.ts'
import { replayed, year } from './replay-run.ts'

/** Mails after which the memory is what it stays, and by how much it may be more at the end. */
const settledAt = 500
const mostGrowth = 1.2

/** The share of the series that get any mail that gets one alone. */
const leastSingle = 0.95

/** A year of linux-kbuild as it came: what became of each series, what would have been mailed, and the memory that took. */
export async function proveReplay(context: ProofContext): Promise<Outcome> {
  const directory = await replayed({ ...context, until: year.until })
  const lines = readReplayLines(join(directory, 'lines.jsonl'))
  const database = new DatabaseSync(join(directory, 'state.sqlite'), { readOnly: true })
  try {
    const parts = [
      judgedOnce(lines, database),
      nothingLost(database, join(context.reference.lore, 'linux-kbuild')),
      superseded(database),
      incomplete(database),
      mailed(database),
      drafts(directory, database),
      memory(lines),
    ]
    return { ok: parts.every(({ ok }) => ok), figure: parts.map(({ figure }) => figure).join('; ') }
  } finally {
    database.close()
  }
}

/** The rows of a query whose columns are all texts and numbers, as texts. */
function rows(database: DatabaseSync, query: string): readonly Readonly<Record<string, string>>[] {
  return database
    .prepare(query)
    .all()
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)])))
}

function some(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (${names.slice(0, 5).join(' ')}${names.length > 5 ? ' ...' : ''})`
}

function judgedOnce(lines: readonly ReplayLine[], database: DatabaseSync): Outcome {
  const judged = lines.flatMap((line) => (line.kind === 'event' && line.event === 'series-judged' ? [line] : []))
  const times = Map.groupBy(judged, ({ fields }) => `${fields['series']}`)
  const twice = [...times].flatMap(([head, members]) => (members.length > 1 ? [head] : []))
  const states = rows(database, 'select state, count(*) as count from versions group by state order by state')
  const failed = rows(database, "select head from versions where state in ('failed', 'queued')").map(
    ({ head = '' }) => head,
  )
  const dead = rows(database, "select key from mails where outcome <> 'done'").map(({ key = '' }) => key)
  const read = rows(database, 'select count(*) as count from mails')[0]?.['count'] ?? '0'
  return {
    ok: twice.length === 0 && failed.length === 0 && judged.length > 0,
    figure: `${read} mails (${dead.length} unreadable), versions ${states.map(({ state, count }) => `${count} ${state}`).join(', ')}, ${twice.length} judged twice${some(twice)}, ${failed.length} not judged${some(failed)}`,
  }
}

/** Every mail that another program takes for a patch belongs to a version. */
function nothingLost(database: DatabaseSync, mirror: string): Outcome {
  const script = join(import.meta.dirname, '..', 'list-patch-mails.py')
  const listed = execFileSync('python3', [script, mirror, year.since, year.until], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const known = new Set(rows(database, 'select message_id from version_mails').map(({ message_id = '' }) => message_id))
  const silent = rows(database, "select key from mails where detail in ('own', 'automatic', 'robot', 'bounce')")
  const programs = new Set(silent.map(({ key = '' }) => key))
  const patches = listed.split('\n').filter((id) => id !== '')
  const lost = patches.filter((id) => !known.has(id) && !programs.has(id))
  return {
    ok: patches.length > 0 && lost.length === 0,
    figure: `${patches.length} patch mails, ${lost.length} in no version${some(lost)}`,
  }
}

/** Versions of one subject and sender: all but the newest are known for older ones. */
function superseded(database: DatabaseSync): Outcome {
  const pairs = rows(
    database,
    `select a.head as old, b.head as newer, a.series = b.series as joined from versions a join versions b
       on a.sender = b.sender and a.subject = b.subject and a.version < b.version and a.posted_at <= b.posted_at
       and b.posted_at - a.posted_at < 180 * 86400000`,
  )
  const apart = pairs.filter(({ joined }) => joined !== '1').map(({ newer = '' }) => newer)
  return {
    ok: apart.length === 0,
    figure: `${pairs.length} pairs of versions of one subject, ${apart.length} not known for one series${some(apart)}`,
  }
}

function incomplete(database: DatabaseSync): Outcome {
  const found = rows(database, "select head, detail from versions where state = 'incomplete'")
  const unnamed = found.filter(({ detail = '' }) => !/^missing of \d+: \d/.test(detail)).map(({ head = '' }) => head)
  return {
    ok: unnamed.length === 0,
    figure: `${found.length} incomplete, ${unnamed.length} without what is missing${some(unnamed)}`,
  }
}

type Drafted = { readonly reply: Reply; readonly series: string; readonly earned: boolean }

function draftsIn(database: DatabaseSync): readonly Drafted[] {
  const told = Map.groupBy(rows(database, 'select reply, rule from reply_findings'), ({ reply }) => reply ?? '')
  const query =
    'select replies.message_id, reply, series from replies join versions on versions.id = replies.version order by 1'
  return rows(database, query).map(({ message_id = '', reply = '', series = '' }) => ({
    // written by the store
    reply: JSON.parse(reply) as Reply,
    series,
    earned: (told.get(message_id) ?? []).some(({ rule = '' }) => hears('mail', levelOf(rule))),
  }))
}

/** How many mails would go out, to whom, and how many series get more than one; of all rules, and of those that have earned to speak. */
function mailed(database: DatabaseSync): Outcome {
  const all = draftsIn(database)
  const both = [all.filter(({ earned }) => earned), all].map((drafted) => {
    const bySeries = [...Map.groupBy(drafted, ({ series }) => series).values()]
    const single = bySeries.filter((members) => members.length === 1).length / Math.max(1, bySeries.length)
    const people = new Set(drafted.flatMap(({ reply }) => reply.to.map(({ address }) => address.toLowerCase())))
    const most = Math.max(0, ...bySeries.map((members) => members.length))
    const figure = `${drafted.length} mails to ${people.size} people about ${bySeries.length} series, ${(100 * single).toFixed(1)} % of them with one, most ${most}`
    return { ok: bySeries.length === 0 || single >= leastSingle, figure, people: [...people].sort() }
  })
  const [earned, drafted] = both
  return {
    ok: earned?.ok === true,
    figure: `mailed by the rules that have earned it: ${earned?.figure ?? ''} (${earned?.people.join(' ') ?? ''}); drafted by all: ${drafted?.figure ?? ''}`,
  }
}

/** All drafts as mails, read by another program. */
function drafts(directory: string, database: DatabaseSync): Outcome {
  const identity = { from: { name: 'Kbuild review', address: 'review@example.org' }, replyTo: null }
  const bytes = draftsIn(database).map(({ reply }) => toMail(reply, { identity, now: Date.UTC(2025, 0, 15) }, 'crlf'))
  const problems = lintMails(directory, bytes)
  return {
    ok: problems.length === 0,
    figure: `${bytes.length} drafts linted, ${problems.length} problems${some(problems)}`,
  }
}

/** The memory of the process that went furthest and of what it started, after its first mails and at its end, each time at rest: at work it is what the last series takes. */
function memory(lines: readonly ReplayLine[]): Outcome {
  const last = lines.slice(lines.findLastIndex(({ kind }) => kind === 'begun'))
  const samples = last.flatMap((line) => (line.kind === 'memory' ? [line] : []))
  const first = samples.find(({ mails }) => mails >= settledAt)
  const end = samples.at(-1)
  if (first === undefined || end === undefined || end === first)
    return { ok: false, figure: 'the memory was not measured: the replay was cut off near its end; --fresh' }
  const most = Math.max(...samples.map(({ rss }) => rss))
  const median = samples.map(({ rss }) => rss).sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0
  const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`
  return {
    ok: end.rest <= mostGrowth * first.rest,
    figure: `RSS at rest ${mb(first.rest)} after ${first.mails} mails, ${mb(end.rest)} after ${end.mails}; at work ${mb(first.rss)} and ${mb(end.rss)}, median ${mb(median)}, at most ${mb(most)}`,
  }
}
