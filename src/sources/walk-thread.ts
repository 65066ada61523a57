/** Who follows whom among mails: what a mail refers to, and which mails refer to one. Ids of mails that are not there may occur. */
export type ThreadLinks = {
  readonly follows: (id: string) => readonly string[]
  readonly answers: (id: string) => readonly string[]
}

/** Mails of a thread that are walked to, and references of one mail that count besides its first: a mail of a stranger may name every thread of a list. */
export const mostThreadMails = 1000
const mostReferences = 100

/**
 * All ids that hang together with one, in whatever direction and through mails that are not there, nearest first; the one itself is the first.
 * Of very many the nearest ones.
 */
export function walkThread(id: string, links: ThreadLinks): readonly string[] {
  const seen = new Set([id])
  // A walk over a set meets the members that are added meanwhile.
  for (const member of seen) {
    for (const next of links.follows(member)) seen.add(next)
    for (const next of links.answers(member)) seen.add(next)
    if (seen.size >= mostThreadMails) break
  }
  return [...seen].slice(0, mostThreadMails)
}

/** What a mail says it follows: the first of its References, which begins the thread (RFC 5322 §3.6.4), the last hundred, and In-Reply-To. */
export function followedBy(mail: {
  readonly inReplyTo: string | null
  readonly references: readonly string[]
}): readonly string[] {
  const { inReplyTo } = mail
  const references = fewReferences(mail.references)
  return inReplyTo === null || references.includes(inReplyTo) ? references : [...references, inReplyTo]
}

/** Of very many references the first and the last ones. */
export function fewReferences(references: readonly string[]): readonly string[] {
  if (references.length <= mostReferences + 1) return references
  return [...references.slice(0, 1), ...references.slice(-mostReferences)]
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
