import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { applySeries } from '../../../src/git/apply-series.ts'
import { openArchive, openKernel, openMailParser } from '../../../src/app/wire.ts'
import type { Message } from '../../../src/mail/message.ts'
import { assembleSeries } from '../../../src/series/assemble.ts'
import type { Series } from '../../../src/series/series.ts'
import type { KernelCopy } from './kernel-copy.ts'

/** Mails that one `git am` takes: a complete series of a list that it applies without help of ours. */
export type RealRun = {
  /** The Message-ID of the first. */
  readonly name: string
  readonly paths: readonly string[]
  /** The Message-IDs of the patches, in their order. */
  readonly ids: readonly string[]
  /** How long git takes for them alone (milliseconds), and the commit that it ends at. */
  readonly plainMs: number
  readonly head: string
}

/** The release of Linux 6.12 is of 17 November 2024: patches from shortly before it on apply to it. */
const window = { since: Date.UTC(2024, 10, 1), until: Date.UTC(2025, 6, 1) }

/** Patches of one series at most, so that there are many series. */
const longest = 5

/** The first series of lists that apply to a kernel as they are, until they have so many patches together. */
export async function findRealRuns(
  archives: readonly string[],
  { copy, patches, say }: { readonly copy: KernelCopy; readonly patches: number; readonly say: (text: string) => void },
): Promise<readonly RealRun[]> {
  const surroundings = { env: process.env, cacheDirectory: join(copy.work, 'cache'), clock: Date.now }
  const opened = await openKernel(copy.directory, surroundings)
  if (opened.kind === 'none') throw new Error(opened.reason)
  const runs: RealRun[] = []
  try {
    const messages = (await Promise.all(archives.map((archive) => readArchive(archive, surroundings)))).flat()
    const raw = new Map(messages.map((message) => [message.id, message.raw]))
    say(`${messages.length} mails; looking for series that apply`)
    for (const series of assembleSeries(messages, { maxMessages: messages.length })) {
      const missing = patches - patchesOf(runs)
      if (missing <= 0) break
      if (series.missing.length > 0 || series.patches.length > Math.min(missing, longest)) continue
      const { application } = await applySeries(opened.repository, series, { given: 'HEAD' })
      if (application.kind !== 'applied' || application.patches.some(({ how }) => how !== 'clean')) continue
      const run = tryRun(copy, series, raw)
      if (run !== null) runs.push(run)
    }
  } finally {
    await opened.repository.close()
  }
  return runs
}

/** How many patches runs have together. */
export function patchesOf(runs: readonly RealRun[]): number {
  return runs.reduce((sum, { ids }) => sum + ids.length, 0)
}

type Surroundings = Parameters<typeof openArchive>[1]

async function readArchive(archive: string, surroundings: Surroundings): Promise<readonly Message[]> {
  const parser = openMailParser()
  const source = await openArchive(archive, surroundings, { parser })
  const messages: Message[] = []
  for await (const { result } of source.since(window)) if (result.kind === 'message') messages.push(result.message)
  await source.close()
  await parser.close()
  return messages
}

/** The run of a series, where git alone applies all of its mails. */
function tryRun(copy: KernelCopy, { patches }: Series, raw: ReadonlyMap<string, Uint8Array>): RealRun | null {
  const ids = patches.map(({ envelope }) => envelope.id)
  const name = createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 12)
  const paths = ids.map((id, at) => {
    const path = join(copy.work, `${name}-${String(at + 1).padStart(4, '0')}.eml`)
    writeFileSync(path, raw.get(id) ?? '')
    return path
  })
  const { status, ms } = copy.git(['am', '--quiet', ...paths])
  const head = copy.git(['rev-parse', 'HEAD']).stdout.trim()
  copy.reset()
  return status === 0 ? { name: ids[0] ?? '', paths, ids, plainMs: ms, head } : null
}
