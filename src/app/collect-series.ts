import type { Message } from '../mail/message.ts'
import type { MailSource } from '../ports.ts'
import { assembleSeries, seriesOf } from '../series/assemble.ts'
import type { Series } from '../series/series.ts'

/** The series that mails make, and the mails that could not be read, with the reason. */
export type Collected = { readonly series: readonly Series[]; readonly refused: readonly string[] }

/** Every series that stands in the mails of a source, in the order in which they begin. */
export async function collectSeries(source: MailSource): Promise<Collected> {
  const messages: Message[] = []
  const refused: string[] = []
  for await (const { result } of source.since({})) {
    if (result.kind === 'message') messages.push(result.message)
    else refused.push(result.reason)
  }
  return { series: assembleSeries(messages), refused }
}

/** The series that a mail of an archive stands in, in the version of that mail; null where the archive has no such mail or it is no patch's. */
export async function collectSeriesOf(source: MailSource, id: string): Promise<Series | null> {
  return seriesOf(id, await source.thread(id))
}
