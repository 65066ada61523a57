import { hardCases } from '../../../test/support/bot-hard-cases.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { fullDisk } from './full-disk.ts'
import { largeSeries } from './large-series.ts'

/** What happens to a bot once a year: each case is right, and told in its log. */
export async function proveHardCases(context: ProofContext): Promise<Outcome> {
  const real = [
    { title: 'a series of 332 patches, stopped in the middle', run: () => largeSeries(context) },
    { title: 'a full disk', run: () => fullDisk(context) },
  ]
  const parts: Outcome[] = []
  for (const { title, run } of [...hardCases, ...real]) {
    context.say(title)
    const wrong = await run()
    parts.push({ ok: wrong.length === 0, figure: `${title}: ${wrong.length === 0 ? 'right' : wrong.join(' | ')}` })
  }
  return { ok: parts.every(({ ok }) => ok), figure: parts.map(({ figure }) => figure).join('; ') }
}
