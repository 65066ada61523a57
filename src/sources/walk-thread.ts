/** Who follows whom among mails: what a mail refers to, and which mails refer to one. Ids of mails that are not there may occur. */
export type ThreadLinks = {
  readonly follows: (id: string) => readonly string[]
  readonly answers: (id: string) => readonly string[]
}

/** All ids that hang together with one, in whatever direction and through mails that are not there; the one itself is the first. */
export function walkThread(id: string, links: ThreadLinks): readonly string[] {
  const seen = new Set([id])
  // A walk over a set meets the members that are added meanwhile.
  for (const member of seen) {
    for (const next of links.follows(member)) seen.add(next)
    for (const next of links.answers(member)) seen.add(next)
  }
  return [...seen]
}

/** The mails that refer to an id, by it, in the order of the list. */
export function answersById(
  mails: Iterable<{ readonly id: string; readonly follows: readonly string[] }>,
): ReadonlyMap<string, readonly string[]> {
  const answers = new Map<string, string[]>()
  for (const { id, follows } of mails) {
    for (const parent of follows) {
      const known = answers.get(parent)
      if (known) known.push(id)
      else answers.set(parent, [id])
    }
  }
  return answers
}

/** Oldest first; those of one time by id, so that the order is the same each time. */
export function byDate(
  a: { readonly date: number; readonly id: string },
  b: { readonly date: number; readonly id: string },
): number {
  if (a.date !== b.date) return a.date - b.date
  return a.id < b.id ? -1 : Number(a.id > b.id)
}
