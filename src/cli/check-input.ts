import { collectSeries, collectSeriesOf, type Collected } from '../app/collect-series.ts'
import { openArchive, openFiles, openMailParser } from '../app/wire.ts'
import type { AppliedSeries } from '../git/apply-series.ts'
import { readRange } from '../git/range.ts'
import type { Series } from '../series/series.ts'
import { UsageError } from './exit.ts'
import type { Session } from './session.ts'
import type { PullInput } from './pull-input.ts'
import { readStandardInput } from './standard-input.ts'
import type { Terminal } from './terminal.ts'

export type InputFlags = {
  readonly range?: string
  readonly messageId?: string
  readonly archive?: string
  readonly pr?: string
}

/** A series to judge; local commits are applied already. */
export type Input = {
  readonly series: Series
  readonly applied: AppliedSeries | null
  /** Where it came from, of a pull request. */
  readonly pull?: PullInput
}

/** What to judge, and what of the input could not be read. */
export type Gathered = { readonly inputs: readonly Input[]; readonly notes: readonly string[] }

type Context = { readonly session: Session; readonly terminal: Terminal }

/** Throws `UsageError` unless the arguments name exactly one thing to check. */
export function requireInput(files: readonly string[], flags: InputFlags): void {
  const single = [flags.range, flags.messageId, flags.pr].filter((flag) => flag !== undefined).length
  const named = single + (files.length > 0 ? 1 : 0)
  if (named !== 1) {
    throw new UsageError(
      'name what to check: files (- for standard input), --range A..B, --pr URL, or --message-id ID --archive DIR',
    )
  }
}

/** Reads what the arguments name; throws `UsageError` where that is not to be had. */
export async function gatherSeries(files: readonly string[], flags: InputFlags, context: Context): Promise<Gathered> {
  if (flags.range !== undefined) return gatherRange(flags.range, context)
  if (flags.messageId !== undefined) return gatherThread(flags.messageId, flags.archive, context)
  if (flags.pr !== undefined) {
    const { gatherPull } = await import('./pull-input.ts')
    return inputOf(await gatherPull(flags.pr, context))
  }
  return gatherFiles(files, context)
}

function inputOf(pull: PullInput): Gathered {
  return { inputs: [{ series: pull.series, applied: pull.applied, pull }], notes: [] }
}

async function gatherRange(range: string, { session, terminal }: Context): Promise<Gathered> {
  const read = await readRange(session.repository, range, { signal: terminal.signal })
  if (read.kind === 'none') throw new UsageError(`--range: ${read.reason}`)
  return { inputs: [read], notes: [] }
}

async function gatherThread(
  id: string,
  archive: string | undefined,
  { session, terminal }: Context,
): Promise<Gathered> {
  if (archive === undefined) throw new UsageError('--message-id needs --archive DIR, a public-inbox mirror')
  const parser = openMailParser()
  const onIndex = (done: number, total: number): void =>
    terminal.progress.update(`indexing ${archive}: ${done}/${total} mails`)
  const source = await openArchive(archive, session.surroundings, { parser, onIndex })
  try {
    const wanted = id.replace(/^<(.*)>$/, '$1')
    const series = await collectSeriesOf(source, wanted)
    if (series === null) throw new UsageError(`no patch of the archive \`${archive}\` has the Message-ID \`${wanted}\``)
    return { inputs: [{ series, applied: null }], notes: [] }
  } finally {
    await source.close()
    await parser.close()
  }
}

async function gatherFiles(files: readonly string[], { session }: Context): Promise<Gathered> {
  const parser = openMailParser()
  try {
    const inputs = await Promise.all(
      files.map(async (path) =>
        path === '-'
          ? { kind: 'bytes' as const, name: '(standard input)', bytes: await readStandardInput() }
          : { kind: 'path' as const, path },
      ),
    )
    const source = await openFiles(inputs, session.surroundings, parser)
    return describe(await collectSeries(source), files)
  } finally {
    await parser.close()
  }
}

function describe({ series, refused }: Collected, files: readonly string[]): Gathered {
  const none = series.length === 0 && refused.length === 0 ? [`no patch in ${files.join(', ')}`] : []
  return { inputs: series.map((each) => ({ series: each, applied: null })), notes: [...refused, ...none] }
}
