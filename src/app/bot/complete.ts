import type { Message } from '../../mail/message.ts'
import { seriesOf } from '../../series/assemble.ts'
import type { Series } from '../../series/series.ts'
import type { Bot } from './bot.ts'
import { describe } from './intake.ts'

/** Ids of one series that are guessed at most. */
const mostGuesses = 40

/**
 * The mails of a series' thread, with those that the lists of the configuration lack: 12 to 18 % of the series of several patches that reach a list
 * have a patch that went elsewhere. Asked are the completers for the thread, then all for the Message-IDs that the missing patches must have.
 * One that does not answer is told, and asked again when the series is looked at next.
 */
export async function complete(bot: Bot, id: string, own: readonly Message[]): Promise<readonly Message[]> {
  const missing = missingSeries(id, own)
  if (missing === null) return own
  const threads = [...own]
  for (const completer of bot.completers ?? []) {
    threads.push(...(await attempt(bot, completer.name, () => completer.thread(missing.id))))
    if (missingSeries(id, threads) === null) return threads
  }
  const known = new Set(threads.map((message) => message.id))
  for (const guess of siblingIds(missing).filter((each) => !known.has(each))) {
    for (const source of [...bot.sources.values(), ...(bot.completers ?? [])]) {
      const [found] = await attempt(bot, source.name, async () => {
        const result = await source.find(guess)
        return result?.kind === 'message' ? [result.message] : []
      })
      if (found === undefined) continue
      threads.push(found)
      break
    }
  }
  return threads
}

/** The series of a mail, or where that is what is missing of another one of the thread, where it lacks patches; else null. */
function missingSeries(id: string, messages: readonly Message[]): Series | null {
  const ids = messages.some((message) => message.id === id) ? [id] : messages.map((message) => message.id)
  const series = ids.map((each) => seriesOf(each, messages)).find((each) => each !== null) ?? null
  return series === null || series.missing.length === 0 ? null : series
}

async function attempt(
  { log, signal }: Bot,
  source: string,
  ask: () => Promise<readonly Message[]>,
): Promise<readonly Message[]> {
  try {
    return await ask()
  } catch (error) {
    if (signal.aborted) throw error
    log('completer-failed', { source, reason: describe(error) })
    return []
  }
}

/**
 * The Message-IDs that missing patches have where git send-email or b4 numbered them: `DATE-PID-N-...` and `DATE-NAME-vV-N-...`. N is the place of the
 * patch, or with a cover letter one more (git send-email).
 */
export function siblingIds({ patches, missing }: Pick<Series, 'patches' | 'missing'>): readonly string[] {
  const guesses = patches.slice(0, 3).flatMap(({ envelope, index }) => {
    const parts = envelope.id.split('-')
    return parts.flatMap((part, at) => {
      if (at === 0 || at === parts.length - 1 || !/^\d{1,4}$/.test(part)) return []
      const ahead = Number(part) - index
      if (ahead !== 0 && ahead !== 1) return []
      return missing.map((wanted) => [...parts.slice(0, at), String(wanted + ahead), ...parts.slice(at + 1)].join('-'))
    })
  })
  return [...new Set(guesses)].slice(0, mostGuesses)
}
