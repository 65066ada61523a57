import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { readMessage } from '../../src/mail/read.ts'
import type { Message } from '../../src/mail/message.ts'
import { assembleSeries } from '../../src/series/assemble.ts'
import type { Series } from '../../src/series/series.ts'
import { buildThreads } from '../../src/series/threads.ts'
import { rawMails } from './archive.ts'

/**
 * What to compare: the directory that holds linux-kbuild/ and live-patching/, and how many series (Infinity: all 1,338, in ten
 * minutes of CPU time), or the ids of some.
 */
export type CompareOptions = { readonly lore: string; readonly count?: number; readonly ids?: readonly string[] }

/** A series that b4 makes otherwise: ours and b4's version and patches, by their places in ours where they have one. */
export type Difference = { readonly id: string; readonly difference: string }

/** How many series were compared and are the same; the others, and of these the ones that b4-differences.tsv does not explain. */
export type Comparison = {
  readonly compared: number
  readonly same: number
  readonly explained: readonly Difference[]
  readonly unexplained: readonly Difference[]
}

const run = promisify(execFile)
const explanations = join(import.meta.dirname, 'series', 'b4-differences.tsv')

/**
 * Assembles the series of both archives, picks `count` of them, and has `b4 am` make the same ones of the same threads. Where a
 * thread holds a newer version, b4 is asked for the one that is compared (-v), else it chooses. 0.3 s a series.
 */
export async function compareWithB4({ lore, count = 200, ids }: CompareOptions): Promise<Comparison> {
  const mails = await readArchives(lore)
  const all = assembleSeries(mails, { maxMessages: mails.length })
  const threads = buildThreads(mails)
  const byRoot = Map.groupBy(mails, ({ id }) => threads.root(id))
  const known = await readExplanations()
  const differences: Difference[] = []
  const picked = ids === undefined ? pick(all, threads.root, count) : all.filter(({ id }) => ids.includes(id))
  const work = await mkdtemp(join(tmpdir(), 'compare-b4-'))
  try {
    for (const series of picked) {
      const root = threads.root(headOf(series))
      const inThread = all.filter((other) => threads.root(headOf(other)) === root)
      const thread = byRoot.get(root) ?? []
      const theirs = await runB4(series, { thread, work, version: isNewest(series, inThread) ? null : series.version })
      const difference = compare(series, theirs)
      if (difference !== null) differences.push({ id: series.id, difference })
    }
  } finally {
    removeDirectory(work)
  }
  const isKnown = ({ id, difference }: Difference): boolean => known.get(id) === difference
  return {
    compared: picked.length,
    same: picked.length - differences.length,
    explained: differences.filter(isKnown),
    unexplained: differences.filter((one) => !isKnown(one)),
  }
}

/** The mails of both lists, each once. Refused ones are left out: assembling starts from what can be read. */
export async function readArchives(lore: string): Promise<readonly Message[]> {
  const byId = new Map<string, Message>()
  for (const archive of ['linux-kbuild', 'live-patching']) {
    for (const { commit, raw } of await rawMails(join(lore, archive))) {
      const origin = { kind: 'archive', archive, epoch: 0, commit } as const
      const result = await readMessage(raw, { now: Date.UTC(2025, 6, 1), origin })
      if (result.kind === 'message' && !byId.has(result.message.id)) byId.set(result.message.id, result.message)
    }
  }
  return [...byId.values()]
}

const headOf = (series: Series): string => series.cover?.envelope.id ?? series.id
const dateOf = (series: Series): number => series.cover?.envelope.date ?? ownDate(series)
const ownDate = ({ id, patches }: Series): number =>
  patches.find(({ envelope }) => envelope.id === id)?.envelope.date ?? 0

function isNewest(series: Series, inThread: readonly Series[]): boolean {
  return inThread.every(
    (other) => other.version < series.version || (other.version === series.version && dateOf(other) <= dateOf(series)),
  )
}

/**
 * Half of the picked series are those with something to go wrong (a guess, a hole, a neighbour in the thread), the others any,
 * both spread evenly over time. Series without patches are not picked: b4 finds none either.
 */
function pick(all: readonly Series[], root: (id: string) => string, count: number): readonly Series[] {
  const whole = all.filter(({ patches }) => patches.length > 0)
  if (count >= whole.length) return whole
  const sizes = Map.groupBy(whole, (series) => root(headOf(series)))
  const isOdd = (series: Series): boolean =>
    series.missing.length > 0 ||
    series.rerollOf !== null ||
    series.inferred.some((sentence) => !/^taken to be superseded|^not taken/u.test(sentence)) ||
    (sizes.get(root(headOf(series)))?.length ?? 0) > 1
  const odd = spread(whole.filter(isOdd), Math.floor(count / 2))
  return [
    ...odd,
    ...spread(
      whole.filter((series) => !odd.includes(series)),
      count - odd.length,
    ),
  ]
}

function spread<T>(items: readonly T[], count: number): readonly T[] {
  return items.filter(
    (_, at) => Math.floor((at * count) / items.length) !== Math.floor(((at - 1) * count) / items.length),
  )
}

type Theirs = { readonly version: number; readonly ids: readonly string[] } | { readonly failure: string }
type Asked = { readonly thread: readonly Message[]; readonly work: string; readonly version: number | null }

async function runB4(series: Series, { thread, work, version }: Asked): Promise<Theirs> {
  const [mbox, out] = [join(work, 'thread.mbox'), join(work, 'out')]
  removeDirectory(out)
  await mkdir(out)
  await writeFile(mbox, thread.map(toMbox).join(''), 'latin1')
  // What it thinks of characters has nothing to do with what is in a series.
  const wanted = ['--allow-unicode-control-chars', ...(version === null ? [] : ['-v', String(Math.floor(version))])]
  try {
    await run('b4', ['am', '-m', mbox, '-o', out, '--no-cache', '--no-cover', ...wanted, headOf(series)], {
      cwd: work,
      timeout: 60_000,
      maxBuffer: 1 << 26,
      env: environment(work),
    })
  } catch (error) {
    return { failure: error instanceof Error && /Traceback/u.test(error.message) ? 'dies' : 'finds none' }
  }
  const [file] = (await readdir(out)).filter((name) => name.endsWith('.mbx'))
  if (file === undefined) return { failure: 'finds none' }
  const text = await readFile(join(out, file), 'latin1')
  const heads = text.split(/^From git@z .*\n/mu).map((mail) => mail.slice(0, mail.indexOf('\n\n') + 1))
  const ids = heads.flatMap((head) => /^Message-Id: <(.*)>$/imu.exec(head)?.[1] ?? [])
  return { version: Number(/^v(\d+)_\d{8}_/u.exec(file)?.[1] ?? 1), ids }
}

/** b4 reads git's configuration, and must neither find the user's nor reach the network. */
function environment(work: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: work,
    XDG_CACHE_HOME: join(work, 'cache'),
    XDG_DATA_HOME: join(work, 'data'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CEILING_DIRECTORIES: work,
    GIT_CONFIG_COUNT: '3',
    GIT_CONFIG_KEY_0: 'b4.attestation-policy',
    GIT_CONFIG_VALUE_0: 'off',
    GIT_CONFIG_KEY_1: 'user.name',
    GIT_CONFIG_VALUE_1: 'Reviewer',
    GIT_CONFIG_KEY_2: 'user.email',
    GIT_CONFIG_VALUE_2: 'reviewer@example.org',
  }
}

/** A mail as a mailbox holds it, headers unfolded: b4 0.12 dies on a folded Subject. */
function toMbox(message: Message): string {
  const raw = Buffer.from(message.raw).toString('latin1').replaceAll('\r\n', '\n')
  const end = raw.indexOf('\n\n')
  const head = (end === -1 ? raw : raw.slice(0, end)).replace(/\n[ \t]+/gu, ' ')
  const body = end === -1 ? '' : raw.slice(end).replace(/^(>*From )/gmu, '>$1')
  return `From mboxrd@z Thu Jan  1 00:00:00 1970\n${head}${body}\n\n`
}

/** How b4's series differs from ours; null where it does not. */
function compare(series: Series, theirs: Theirs): string | null {
  const ours = series.patches.map(({ envelope }) => envelope.id)
  const mine = `v${series.version}: ${series.patches.map(({ index }) => index).join(' ')}`
  if ('failure' in theirs) return `${mine}; b4 ${theirs.failure}`
  if (theirs.version === series.version && theirs.ids.join() === ours.join()) return null
  const places = theirs.ids.map((id) => series.patches.find(({ envelope }) => envelope.id === id)?.index ?? `<${id}>`)
  return `${mine}; b4 v${theirs.version}: ${places.join(' ')}`
}

/** The explained differences: lines of Message-ID, difference, who is right and why. */
async function readExplanations(): Promise<ReadonlyMap<string, string>> {
  const lines = (await readFile(explanations, 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const [id = '', difference = ''] = line.split('\t')
      return [id, difference]
    }),
  )
}
