import { compareIds } from './entry.ts'
import type { Posted } from './posted.ts'
import { replyTrailers } from './reply-trailers.ts'
import type { Trailer } from './series.ts'
import type { Threads } from './threads.ts'

export type Reply = Extract<Posted, { kind: 'reply' }>

/** What the replies to one mail of a posting gave it, and sentences on what of it was not taken. */
export type Given = { readonly trailers: readonly Trailer[]; readonly inferred: readonly string[] }

/**
 * The trailers that replies give, by the Message-ID of the patch or cover letter which each of them answers: the nearest one above it.
 * In the order of sending. A trailer with another person's address is not taken, and said.
 */
export function collectTrailers(
  replies: readonly Reply[],
  threads: Threads,
  isTarget: (id: string) => boolean,
): ReadonlyMap<string, Given> {
  const given = new Map<string, { trailers: Trailer[]; inferred: string[] }>()
  const sorted = [...replies].sort(
    (a, b) => a.envelope.date - b.envelope.date || compareIds(a.envelope.id, b.envelope.id),
  )
  for (const { envelope, text, diff } of sorted) {
    const found = replyTrailers(text, envelope.from, diff ? 'proposes-patch' : 'comments')
    if (found.given.length + found.foreign.length === 0) continue
    const target = threads.ancestors(envelope.id).find(isTarget)
    if (target === undefined) continue
    const all = given.get(target) ?? { trailers: [], inferred: [] }
    given.set(target, all)
    all.trailers.push(...found.given.map((trailer) => ({ ...trailer, from: envelope.id })))
    const who = `${envelope.from.name} <${envelope.from.address}>`.trim()
    all.inferred.push(
      ...found.foreign.map(
        ({ name, value }) => `not taken: \`${name}: ${value}\`, which ${who} gave in <${envelope.id}>`,
      ),
    )
  }
  return given
}

/** The trailers without those that are there before under the same name and value. */
export function withoutRepeated(trailers: readonly Trailer[]): readonly Trailer[] {
  const seen = new Set<string>()
  return trailers.filter(({ name, value }) => {
    const key = `${name.toLowerCase()}: ${value.toLowerCase()}`
    return !seen.has(key) && seen.add(key)
  })
}
