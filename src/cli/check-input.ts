import { collectSeries, collectSeriesOf, type Collected } from '../app/collect-series.ts'
import { openArchive, openFiles, openMailParser } from '../app/wire.ts'
import type { Series } from '../series/series.ts'
import { UsageError } from './exit.ts'
import type { Session } from './session.ts'
import { readStandardInput } from './standard-input.ts'
import type { Terminal } from './terminal.ts'

export type InputFlags = { readonly range?: string; readonly messageId?: string; readonly archive?: string }

/** The series to judge, and what of the input could not be read. */
export type Gathered = { readonly series: readonly Series[]; readonly notes: readonly string[] }

type Context = { readonly session: Session; readonly terminal: Terminal }

/** Reads what the arguments name; throws `UsageError` where they name nothing, or more than one thing. */
export async function gatherSeries(files: readonly string[], flags: InputFlags, context: Context): Promise<Gathered> {
  const named = [files.length > 0, flags.range !== undefined, flags.messageId !== undefined].filter(Boolean).length
  if (named !== 1)
    throw new UsageError('name what to check: files (- for standard input), --range A..B or --message-id ID')
  if (flags.range !== undefined) return gatherRange(flags.range, context)
  if (flags.messageId !== undefined) return gatherThread(flags.messageId, flags.archive, context)
  return gatherFiles(files, context)
}

function gatherRange(range: string, _: Context): Promise<Gathered> {
  throw new UsageError(`--range ${range}`)
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
    return { series: [series], notes: [] }
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
  return { series, notes: [...refused, ...none] }
}
