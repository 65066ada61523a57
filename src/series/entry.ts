import { mailRun } from './mail-run.ts'
import type { Posted } from './posted.ts'
import type { Envelope } from './series.ts'
import { normalizeTitle } from './title.ts'

export type PostedPatches = Extract<Posted, { kind: 'patches' }>
export type Letter = Extract<Posted, { kind: 'letter' }>

/** A mail that has a place in a posting: a patch, a cover letter, or one that says it is a patch and holds none. */
export type Entry = {
  readonly id: string
  readonly envelope: Envelope
  readonly posted: PostedPatches | Letter
  /** The address of the sender in lower case; a relay's where one was used. */
  readonly sender: string
  readonly date: number
  readonly version: number | null
  /** 0 for a cover letter; null, as `total`, where the subject does not count. */
  readonly index: number | null
  readonly total: number | null
  /** Words of the brackets that name a tree or release, in order: patches for two of them are two series. */
  readonly branch: string
  /** As `mailRun` gives them. */
  readonly run: string | null
  readonly serial: number
  /** The title without what rerolls change: case, white space, quotes. */
  readonly title: string
  readonly inferred: readonly string[]
}

/**
 * The entry of a mail. A place between two patches (`0.5/3`) is none in the series that it amends, and a mail with several patches is
 * a posting by itself: neither has a number.
 */
export function toEntry(posted: PostedPatches | Letter): Entry {
  const { envelope, subject } = posted
  const patches = posted.kind === 'patches' ? posted.patches : []
  const said = posted.kind === 'patches' ? posted.inferred : []
  const between = subject.index !== null && !Number.isInteger(subject.index)
  const numbered = !between && patches.length < 2
  const place = `\`${String(subject.index)}/${String(subject.total)}\``
  return {
    id: envelope.id,
    envelope,
    posted,
    sender: envelope.from.address.toLowerCase(),
    date: envelope.date,
    version: subject.version,
    index: numbered ? subject.index : null,
    total: numbered ? subject.total : null,
    branch: subject.prefixes.filter(namesBranch).join(' ').toLowerCase(),
    run: mailRun(envelope.id)?.run ?? null,
    serial: mailRun(envelope.id)?.serial ?? 0,
    title: normalizeTitle(patches[0]?.patch.title ?? subject.title),
    inferred: between ? [...said, `${place} is no place in a series: taken as one patch`] : said,
  }
}

/**
 * Whether a word of the brackets names a tree, branch or release: `-next`, `net-next`, `bpf`, `livepatch/master`, `6.12`, `6.1.y`.
 * The single words are trees whose lists ask for their name in the subject (Documentation/process/maintainer-*.rst, MAINTAINERS `P:`).
 */
export function namesBranch(word: string): boolean {
  if (/^(?:-?next|-tip|-mm|-rc|-stable|net|bpf|tip|mm|rdma|iproute2|linux)$/iu.test(word)) return true
  return (
    /^[\w./]{1,40}-next(?:-[a-z]{1,10})?$/iu.test(word) ||
    isRelease(word) ||
    /^[a-z][\w-]{1,40}\/[a-z][\w.-]{0,40}$/iu.test(word)
  )
}

/** `6.12`, `v5.15`, `6.1.y`, `6.1&6.6`: the stable releases that a backport is for. */
export function isRelease(word: string): boolean {
  return /^v?\d{1,2}\.\d{1,3}(?:\.(?:y|x|\d{1,3}))?(?:-(?:stable|rc\d{1,2}))?(?:[&+/]v?\d{1,2}\.\d{1,3}(?:\.y)?){0,9}$/iu.test(
    word,
  )
}

/** In the order of sending: by date, then as the sending program counted, then as the subject does, then by id. */
export function bySending(a: Entry, b: Entry): number {
  return a.date - b.date || a.serial - b.serial || (a.index ?? 0) - (b.index ?? 0) || compareIds(a.id, b.id)
}

/** Code unit order, the same in every locale. */
export const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
