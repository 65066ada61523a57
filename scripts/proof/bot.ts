import { proveDraftTime } from './bot/draft-time.ts'
import { proveEndToEnd } from './bot/end-to-end.ts'
import { proveHardCases } from './bot/hard-cases.ts'
import { proveKills } from './bot/kills.ts'
import { proveReplay } from './bot/replay-year.ts'
import type { Check } from './check.ts'

/** What "The bot: watch lists, judge every series once, answer in the thread exactly once" must show. */
export const checks: readonly Check[] = [
  { number: 1, title: 'read from a public-inbox by git and over HTTP, answered in the thread', run: proveEndToEnd },
  { number: 2, title: 'killed 200 times, and with a mail server that breaks off', run: proveKills },
  { number: 3, title: 'a year of linux-kbuild, replayed', run: proveReplay },
  { number: 4, title: 'wrong clocks, loops, large series and mails, a list away, a full disk', run: proveHardCases },
  { number: 5, title: 'the time from receipt to draft', run: proveDraftTime },
]
