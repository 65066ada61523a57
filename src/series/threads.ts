/** What of a mail makes it part of a thread. */
export type Threaded = {
  readonly id: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
}

/** How mails answer each other, by Message-ID. Ids that no mail has are known too: those of mails that went to other lists. */
export type Threads = {
  /** The id that a mail answers, whether there is such a mail or not: In-Reply-To, else the last of the References. */
  readonly answered: (id: string) => string | null
  /** The nearest mail above a mail that there is: the one that it answers, else the last of the References. Null for none. */
  readonly parent: (id: string) => string | null
  /** The mails above a mail, nearest first. */
  readonly ancestors: (id: string) => readonly string[]
  /** The same for all mails of a thread, mails that there are not included. */
  readonly root: (id: string) => string
}

/** Longer threads are cut: the longest of 41,976 archived mails is 60 deep, and the References of a mail can be made up. */
const maxDepth = 500

/** The threads of mails with different ids. Loops, which hostile headers make, are broken. */
export function buildThreads(mails: readonly Threaded[]): Threads {
  const byId = new Map(mails.map((mail) => [mail.id, mail]))
  const parents = new Map(mails.map((mail) => [mail.id, nearest(mail, byId)]))
  const groups = new DisjointSets()
  for (const mail of mails) for (const other of namedBy(mail)) groups.join(mail.id, other)
  const parent = (id: string): string | null => parents.get(id) ?? null
  return {
    answered: (id) => {
      const mail = byId.get(id)
      return mail?.inReplyTo ?? mail?.references.at(-1) ?? null
    },
    parent,
    ancestors: (id) => {
      const found = new Set<string>()
      for (let at = parent(id); at !== null && at !== id && !found.has(at) && found.size < maxDepth; at = parent(at))
        found.add(at)
      return [...found]
    },
    root: (id) => groups.find(id),
  }
}

function namedBy(mail: Threaded): readonly string[] {
  const last = mail.references.slice(-maxDepth)
  return mail.inReplyTo === null ? last : [...last, mail.inReplyTo]
}

function nearest(mail: Threaded, byId: ReadonlyMap<string, Threaded>): string | null {
  return namedBy(mail).findLast((id) => id !== mail.id && byId.has(id)) ?? null
}

/** Groups that are joined pair by pair. The least id of a group stands for it, so that the order of joins does not show. */
export class DisjointSets {
  readonly #up = new Map<string, string>()

  find(id: string): string {
    let top = id
    for (let next = this.#up.get(top); next !== undefined; next = this.#up.get(top)) top = next
    for (let at = id; at !== top;) {
      const next = this.#up.get(at) ?? top
      this.#up.set(at, top)
      at = next
    }
    return top
  }

  join(one: string, other: string): void {
    const [a, b] = [this.find(one), this.find(other)]
    if (a < b) this.#up.set(b, a)
    else if (b < a) this.#up.set(a, b)
  }
}
