import type { ReadResult } from '../mail/message.ts'
import type { Arrival, MailSource, Window } from '../ports.ts'
import { answersById, byDate, followedBy, walkThread } from './walk-thread.ts'

/** A source of mails that are all in memory, in their order; a cursor is how many lie behind it. Of mails with one id the first is found. */
export function createMailList(name: string, results: readonly ReadResult[]): MailSource {
  const byId = new Map<string, ReadResult & { kind: 'message' }>()
  for (const result of results) {
    if (result.kind === 'message' && !byId.has(result.message.id)) byId.set(result.message.id, result)
  }
  const follows = (id: string): readonly string[] => {
    const found = byId.get(id)
    return found === undefined ? [] : followedBy(found.message)
  }
  const answers = answersById([...byId.keys()].map((id) => ({ id, follows: follows(id) })))
  return {
    name,
    since: (window) => arrivals(results, window),
    find: (id) => Promise.resolve(byId.get(id) ?? null),
    thread: (id) => {
      if (!byId.has(id)) return Promise.resolve([])
      const ids = walkThread(id, { follows, answers: (member) => answers.get(member) ?? [] })
      return Promise.resolve(ids.flatMap((member) => byId.get(member)?.message ?? []).sort(byDate))
    },
    close: () => Promise.resolve(),
  }
}

/** What cannot be read has no date, so it is in every window. */
async function* arrivals(results: readonly ReadResult[], window: Window): AsyncGenerator<Arrival> {
  const start = window.cursor === undefined ? 0 : Number(window.cursor)
  if (!Number.isInteger(start) || start < 0)
    throw new RangeError(`\`${window.cursor}\` is no cursor of a list of mails`)
  for (const [at, result] of results.entries()) {
    if (at < start) continue
    const cursor = String(at + 1)
    if (result.kind === 'refused') yield { result, id: null, cursor }
    else if (isWithin(result.message.date, window)) yield { result, id: result.message.id, cursor }
    await Promise.resolve()
  }
}

function isWithin(time: number, window: Window): boolean {
  return time >= (window.since ?? -Infinity) && time < (window.until ?? Infinity)
}
