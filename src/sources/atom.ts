import { XmlElement, parseXml, type XmlNode } from '@rgrove/parse-xml'

/** A mail that an Atom feed of public-inbox lists: its Message-ID, and when the archive's server got it (milliseconds since 1970). */
export type FeedEntry = { readonly id: string; readonly receivedAt: number }

/** What a feed lists, in its order; or why it is none. */
export type FeedResult =
  { readonly kind: 'feed'; readonly entries: readonly FeedEntry[] } | { readonly kind: 'bad'; readonly reason: string }

/**
 * The entries of an Atom feed (RFC 4287) as PublicInbox::WwwAtomStream writes it: the link of an entry is `BASE/MESSAGE-ID/`. Entries whose link
 * leads elsewhere are left out. Never throws.
 */
export function parseFeed(xml: string, base: URL): FeedResult {
  try {
    const { root } = parseXml(xml.replaceAll(unfitCharacters, '?'))
    if (root?.name !== 'feed') return { kind: 'bad', reason: 'no Atom feed' }
    const entries = root.children.filter((child) => isElement(child, 'entry')).flatMap((entry) => entryOf(entry, base))
    return { kind: 'feed', entries }
  } catch (error) {
    // The library throws for what is no XML, and RangeError for what is nested too deep.
    return { kind: 'bad', reason: `no Atom feed: ${firstLine(error)}` }
  }
}

/** Mails hold characters that XML cannot, plain or by number; one of them must not hide the others, and no id has any. */
const unfitCharacters = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#x?[\da-f]{1,8};/gi

function entryOf(entry: XmlElement, base: URL): readonly FeedEntry[] {
  const child = (name: string): XmlElement | undefined => entry.children.find((each) => isElement(each, name))
  const id = messageIdIn(child('link')?.attributes['href'] ?? '', base)
  const receivedAt = Date.parse(child('updated')?.text ?? '')
  return id === null || Number.isNaN(receivedAt) ? [] : [{ id, receivedAt }]
}

/** The Message-ID in the address of a mail; null where it is not below the base. */
function messageIdIn(href: string, base: URL): string | null {
  if (!URL.canParse(href, base.href)) return null
  // A server behind a proxy may call itself otherwise, so only the last part of the path counts.
  const part = new URL(href, base).pathname.replace(/\/$/, '').split('/').at(-1) ?? ''
  try {
    const id = decodeURIComponent(part)
    return id === '' || id.length > longestId ? null : id
  } catch {
    return null
  }
}

/** RFC 5322 §2.1.1: a line has at most 998 characters. */
const longestId = 998

function isElement(node: XmlNode, name: string): node is XmlElement {
  return node instanceof XmlElement && node.name === name
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}
