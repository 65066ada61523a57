import { matchesPattern } from '../../review/maintainers.ts'
import type { Series } from '../../series/series.ts'
import { sendModes, type BotConfig, type ListConfig, type SendMode } from './config.ts'

/** What the lists that a series went to allow, all of them together. */
export type Policy = {
  /** The lists of the configuration that it went to, sorted. */
  readonly lists: readonly string[]
  readonly send: SendMode
  /** Whether a rule may speak. */
  readonly allows: (rule: string) => boolean
  /** Whether nothing is said of a file. */
  readonly isQuietPath: (path: string) => boolean
  /** Whether a person, by the address in lower case, is not written to. */
  readonly isQuietAuthor: (address: string) => boolean
  /** Whether others than the author get a copy. */
  readonly copies: boolean
  /** Whether the author is told that nothing was found. */
  readonly tellsClean: boolean
  /** Whether one of them has a server whose word on a sender is taken: then commands are obeyed that come over it. */
  readonly obeys: boolean
  /** Milliseconds after the series. */
  readonly embargoMs: number
  /** Mails a day, by list. */
  readonly dailyLimits: ReadonlyMap<string, number>
}

/**
 * The policy for mails that went to `addresses`, or came over the archives of the lists in `seenIn`. Of several lists the strictest word
 * counts: the least that may be sent, the rules that all of them allow, the longest embargo. Null where none of them is
 * in the configuration: nobody opted in.
 */
export function policyFor(
  config: Pick<BotConfig, 'lists'>,
  { addresses, seenIn }: { readonly addresses: readonly string[]; readonly seenIn: readonly string[] },
): Policy | null {
  const reached = new Set([...addresses.map((address) => address.toLowerCase()), ...seenIn])
  const matched = Object.entries(config.lists)
    .filter(([name]) => reached.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  if (matched.length === 0) return null
  const lists = matched.map(([, list]) => list)
  return {
    lists: matched.map(([name]) => name),
    send: strictest(lists),
    allows: (rule) => lists.every(({ checks }) => checks === 'all' || checks.includes(rule)),
    isQuietPath: (path) => lists.some(({ quiet }) => quiet.paths.some((pattern) => matchesPattern(pattern, path))),
    isQuietAuthor: (address) => lists.some(({ quiet }) => quiet.authors.includes(address)),
    copies: lists.every(({ to }) => to === 'list'),
    tellsClean: lists.every(({ positive }) => positive === 'author'),
    obeys: lists.some(({ trust }) => trust.length > 0),
    embargoMs: Math.max(...lists.map(({ embargo }) => embargo)),
    dailyLimits: new Map(matched.map(([name, list]) => [name, list['daily-limit']])),
  }
}

function strictest(lists: readonly ListConfig[]): SendMode {
  return sendModes.find((mode) => lists.some(({ send }) => send === mode)) ?? 'never'
}

/** Everybody that the mails of a series went to. */
export function addressesOf({ cover, patches }: Pick<Series, 'cover' | 'patches'>): readonly string[] {
  const envelopes = [...(cover === null ? [] : [cover.envelope]), ...patches.map(({ envelope }) => envelope)]
  return [...new Set(envelopes.flatMap(({ to, cc }) => [...to, ...cc].map(({ address }) => address.toLowerCase())))]
}
