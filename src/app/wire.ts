import { createHistoryReader } from '../git/history-reader.ts'
import { openRepository, type OpenedRepository, type OpenOptions } from '../git/repository.ts'
import { createMailParser, type MailParser } from '../mail/parser.ts'
import { createMaildir } from '../outlets/maildir.ts'
import type { SmtpOptions } from '../outlets/smtp.ts'
import type { Clock, Mailer, MailSource, Publisher } from '../ports.ts'
import type { Reply } from '../review/reply.ts'
import type { MailboxInput } from '../sources/mailbox.ts'
import type { Store } from '../store/store.ts'
import type { ImapOptions } from '../sources/imap.ts'
import type { Web } from '../sources/web.ts'
import type { ArchiveConfig, ImapConfig } from './bot/archive-config.ts'
import type { BotConfig, SmtpConfig } from './bot/config.ts'
import { createLazySource } from './lazy-source.ts'
import { packageVersion } from './package.ts'

// Adapters that bring much with them are loaded when they are asked for: most commands read no mail and keep no state.

/** What the adapters need of the outside; made once by cli/. */
export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where indexes of archives and facts of trees are kept between runs. */
  readonly cacheDirectory: string
  readonly clock: Clock
  /** For lists that are read from servers; see `openNetwork`. */
  readonly network?: Network
}

/** A mail that takes longer to read than this was made to (milliseconds). */
const mailTimeoutMs = 3000

/** Reads the mails of strangers aside, with a time limit. Close it. */
export function openMailParser(): MailParser {
  return createMailParser({ workers: 1, timeoutMs: mailTimeoutMs })
}

/** The public-inbox mirror in a directory. Throws `ArchiveError` where there is none. */
export async function openArchive(
  directory: string,
  surroundings: Surroundings,
  options: { readonly parser: MailParser; readonly onIndex?: (done: number, total: number) => void },
): Promise<MailSource> {
  const { parser, onIndex } = options
  const { openLoreArchive } = await import('../sources/lore-git.ts')
  return openLoreArchive({
    directory,
    name: directory,
    clock: surroundings.clock,
    cacheDirectory: surroundings.cacheDirectory,
    reader: createHistoryReader(surroundings.env),
    read: (raw, reading) => parser.parse(raw, reading),
    progress: ({ done, total }) => onIndex?.(done, total),
  })
}

/** The mails of files, directories and standard input. Throws `MailboxError` for what is not there. */
export async function openFiles(
  inputs: readonly MailboxInput[],
  surroundings: Surroundings,
  parser: MailParser,
): Promise<MailSource> {
  const { openMailboxes } = await import('../sources/mailbox.ts')
  return openMailboxes(inputs, { now: surroundings.clock(), read: (raw, reading) => parser.parse(raw, reading) })
}

/** The repository of a kernel tree, opened to be read. */
export function openKernel(
  directory: string,
  surroundings: Surroundings,
  options: Pick<OpenOptions, 'readsLate'> = {},
): Promise<OpenedRepository> {
  return openRepository(directory, { environment: surroundings.env, ...options })
}

/** A maildir that replies are drafted into. */
export function openOutbox(directory: string, compose: (reply: Reply) => Uint8Array): Publisher {
  return createMaildir(directory, compose)
}

/** What the bot remembers. Throws `StoreError` where the file is none of ours, or cannot be written. Close it. */
export async function openState(path: string): Promise<Store> {
  const { openStore } = await import('../store/store.ts')
  return openStore(path)
}

/** The network, as long as the process lives: so that no server is asked faster than it may, whoever asks. */
export type Network = { readonly web: Web; readonly signal: AbortSignal }

/** Asks servers with `pauseMs` between two requests to one. */
export async function openNetwork(
  { cacheDirectory, clock }: Surroundings,
  { pauseMs, signal }: { readonly pauseMs: number; readonly signal: AbortSignal },
): Promise<Network> {
  const { createWeb } = await import('../sources/web.ts')
  const userAgent = `kbuild-review/${packageVersion()}`
  return { web: createWeb({ userAgent, pauseMs, clock, signal, directory: cacheDirectory }), signal }
}

/** The archives of lists, by the address of the list; each is opened when it is first read. Without a network only what is on this disk is. */
export function openLists(
  lists: Readonly<Record<string, { readonly archive: ArchiveConfig }>>,
  surroundings: Surroundings,
  parser: MailParser,
): ReadonlyMap<string, MailSource> {
  return new Map(
    Object.entries(lists).map(([name, { archive }]) => [
      name,
      createLazySource(name, () => openList(name, archive, { surroundings, parser })),
    ]),
  )
}

/** The servers that are asked for what a series lacks. */
export function openCompleters(
  config: Pick<BotConfig, 'complete-from'>,
  surroundings: Surroundings,
  parser: MailParser,
): readonly MailSource[] {
  return config['complete-from'].map((url) =>
    createLazySource(url, () => openServed(url, { name: url, everyMs: 0 }, { surroundings, parser })),
  )
}

type Reading = { readonly surroundings: Surroundings; readonly parser: MailParser }

async function openList(name: string, archive: ArchiveConfig, reading: Reading): Promise<MailSource> {
  const { surroundings, parser } = reading
  if (archive.http !== undefined) return openServed(archive.http, { name, everyMs: archive.every }, reading)
  if (archive.imap !== undefined) return openMailbox(name, archive.imap, reading)
  const directory = archive.mirror ?? ''
  if (archive.from === undefined) return openArchive(directory, surroundings, { parser })
  const { from } = archive
  const { web, signal } = networkOf(surroundings)
  const { createFetchedList } = await import('./bot/fetched-list.ts')
  const { createMirrorFetcher } = await import('../git/mirror.ts')
  const { readManifest } = await import('../sources/manifest.ts')
  return createFetchedList({
    mirror: createLazySource(directory, () => openArchive(directory, surroundings, { parser })),
    directory,
    served: () => readManifest(web, from),
    fetcher: createMirrorFetcher(surroundings.env),
    clock: surroundings.clock,
    signal,
    everyMs: archive.every,
    epochs: archive.epochs,
  })
}

async function openServed(
  url: string,
  { name, everyMs }: { readonly name: string; readonly everyMs: number },
  { surroundings, parser }: Reading,
): Promise<MailSource> {
  const { openLoreHttp } = await import('../sources/lore-http.ts')
  return openLoreHttp({
    url,
    name,
    everyMs,
    web: networkOf(surroundings).web,
    clock: surroundings.clock,
    cacheDirectory: surroundings.cacheDirectory,
    read: (raw, options) => parser.parse(raw, options),
  })
}

async function openMailbox(name: string, imap: ImapConfig, { surroundings, parser }: Reading): Promise<MailSource> {
  const { openImapFolder } = await import('../sources/imap.ts')
  return openImapFolder({
    ...folderOf(name, imap, surroundings),
    read: (raw, options) => parser.parse(raw, options),
  })
}

function folderOf(name: string, imap: ImapConfig, surroundings: Surroundings): ImapOptions {
  const { 'ca-file': caFile = null, 'password-file': passwordFile, ...rest } = imap
  const { signal } = networkOf(surroundings)
  return { ...rest, name, caFile, passwordFile, clock: surroundings.clock, signal }
}

/** The lists of a configuration, as far as their mails are read. */
type ReadLists = Readonly<Record<string, { readonly archive: ArchiveConfig }>>

/** Watches the mailboxes of the lists that it was last told of: those that are new or changed from then on, others no more. */
export type MailboxWatch = { readonly watch: (lists: ReadLists) => void }

/** Tells of mails that come to the mailboxes of lists, as they come, until the network's signal is aborted. */
export function createMailboxWatch(
  surroundings: Surroundings,
  heard: { readonly onNews: () => void; readonly onFailure: (list: string, error: unknown) => void },
): MailboxWatch {
  const watched = new Map<string, AbortController>()
  const begin = async (name: string, imap: ImapConfig, stop: AbortSignal): Promise<void> => {
    const { watchImapFolder } = await import('../sources/imap-watch.ts')
    const folder = folderOf(name, imap, surroundings)
    const signal = AbortSignal.any([folder.signal, stop])
    const { onNews, onFailure } = heard
    await watchImapFolder({ ...folder, signal }, { onNews, onFailure: (error) => onFailure(name, error) })
  }
  return {
    watch: (lists) => {
      const wanted = new Map(
        Object.entries(lists).flatMap(
          ([
            name,
            {
              archive: { imap },
            },
          ]) => (imap === undefined ? [] : [[JSON.stringify([name, imap]), { name, imap }] as const]),
        ),
      )
      for (const [key, stop] of watched) {
        if (wanted.has(key)) continue
        stop.abort()
        watched.delete(key)
      }
      for (const [key, { name, imap }] of wanted) {
        if (watched.has(key)) continue
        const stop = new AbortController()
        watched.set(key, stop)
        // it ends with the signal, and tells its failures
        void begin(name, imap, stop.signal)
      }
    },
  }
}

function networkOf({ network }: Surroundings): Network {
  if (network === undefined) throw new Error('a list is to be read from a server, and no network was opened')
  return network
}

/** What sends mails through the configured server, a connection each. A signal lets it end the mail that it is at. */
export async function openMailer(smtp: SmtpConfig, signal: AbortSignal): Promise<Mailer> {
  const { createSmtpMailer } = await import('../outlets/smtp.ts')
  return createSmtpMailer(smtpOptions(smtp, signal))
}

/** Whether the configured server would take mails from us: what is wrong, or null. */
export async function probeMailer(smtp: SmtpConfig, signal: AbortSignal): Promise<string | null> {
  const { probeSmtp } = await import('../outlets/smtp.ts')
  return probeSmtp({ ...smtpOptions(smtp, signal), silenceMs: probeMs })
}

/** Somebody waits for the answer (milliseconds). */
const probeMs = 10_000

function smtpOptions(smtp: SmtpConfig, signal: AbortSignal): SmtpOptions {
  const { host, port, tls, user, 'ca-file': caFile = null, 'password-file': passwordFile } = smtp
  const login = user === undefined || passwordFile === undefined ? null : { user, passwordFile }
  return { host, port, tls, caFile, login, signal }
}
