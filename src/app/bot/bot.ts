import type { MailIdentity } from '../../mail/compose.ts'
import type { Message } from '../../mail/message.ts'
import type { Clock, Mailer, MailSource, Publisher } from '../../ports.ts'
import type { Review } from '../../review/review.ts'
import type { Series } from '../../series/series.ts'
import type { Store } from '../../store/store.ts'
import type { BotConfig } from './config.ts'
import type { Log } from './log.ts'
import type { Voices } from './mail.ts'

/** Everything that a pass of the bot works with; what it does is in the files beside this one. */
export type Bot = {
  readonly store: Store
  readonly config: BotConfig
  /** The archives, by the address of their list. */
  readonly sources: ReadonlyMap<string, MailSource>
  /** Asked for the mails that a series lacks; left out for none. */
  readonly completers?: readonly MailSource[]
  /** The maintainers and reviewers (`M:`, `R:`) of some files, by the kernel's MAINTAINERS; left out where there is none to ask. */
  readonly maintainersOf?: (paths: readonly string[]) => Promise<readonly string[]>
  readonly clock: Clock
  readonly log: Log
  /** The name of this process in leases. */
  readonly owner: string
  readonly signal: AbortSignal
  readonly judge: (series: Series) => Promise<Review>
  readonly writer: Writer
  /** The maildir that replies are laid into; null for none. */
  readonly drafts: Publisher | null
  /** Sends mails; null where no server is configured. */
  readonly mailer: Mailer | null
}

/** Who writes the replies. */
export type Writer = {
  readonly identity: MailIdentity
  /** People who opted in, in lower case, besides the lists. */
  readonly cc: readonly string[]
  readonly ruleCount: number
  /** Whether a rule may speak on a list at all. */
  readonly speaks: (rule: string) => boolean
  /** Rules may speak that have not earned it: then nothing is sent, whatever the lists allow. */
  readonly isTrial: boolean
}

/** Our addresses and those of programs. */
export function voicesOf({ config, writer }: Pick<Bot, 'config' | 'writer'>): Voices {
  return { own: ownAddresses(writer), robots: config.robots }
}

/** The addresses that our mails come from, in lower case. */
export function ownAddresses({ identity }: Pick<Writer, 'identity'>): readonly string[] {
  return [identity.from.address.toLowerCase()]
}

/** Ids asked of one archive for one series at most: mails of a series name each other, hostile ones anybody. */
const mostAsked = 200

/** One archive while threads are gathered. */
type Asking = { readonly list: string; readonly source: MailSource; readonly asked: Set<string> }

/**
 * The mails of the threads that some mails stand in, from all archives; one that several have comes once for each. An archive may lack
 * the mail that was asked for and have the one that it answers, so it is asked for those, too. One that cannot be read is left
 * out and told, but one of the lists in `needed`, or all of them: then it throws.
 */
export async function readThreads(
  { sources, log, signal }: Pick<Bot, 'sources' | 'log' | 'signal'>,
  ids: readonly string[],
  needed: readonly string[] = [],
): Promise<readonly Message[]> {
  const found: Message[] = []
  const wanted = new Set(ids)
  let archives: readonly Asking[] = [...sources].map(([list, source]) => ({ list, source, asked: new Set() }))
  for (let before = -1; before !== found.length;) {
    before = found.length
    const answering: Asking[] = []
    for (const archive of archives) {
      try {
        for (const message of await askFor(archive, wanted)) {
          found.push(message)
          for (const id of [...message.references, message.inReplyTo ?? message.id]) wanted.add(id)
        }
        answering.push(archive)
      } catch (error) {
        const { list } = archive
        const isLast = archives.length === 1
        if (signal.aborted || needed.includes(list) || isLast) throw error
        log('list-left-out', { list, reason: error instanceof Error ? error.message : String(error) })
      }
    }
    archives = answering
  }
  return found
}

/** What an archive has of the threads of some mails and was not asked for yet. */
async function askFor({ source, asked }: Asking, wanted: ReadonlySet<string>): Promise<readonly Message[]> {
  const found: Message[] = []
  for (const id of [...wanted].slice(0, mostAsked)) {
    if (asked.has(id)) continue
    asked.add(id)
    for (const message of await source.thread(id)) {
      if (message.id === id || !asked.has(message.id)) found.push(message)
      asked.add(message.id)
    }
  }
  return found
}
