import libmime from 'libmime'

const dayMs = 24 * 60 * 60 * 1000
/** Linux and its lists are younger; what is older is a broken clock. */
const earliest = Date.UTC(1990, 0, 1)

/** The text of an unstructured header: encoded words decoded, blanks put together, control characters dropped. */
export function decodeUnstructured(value: string): string {
  const decoded = value.includes('=?') ? libmime.decodeWords(value) : value
  return decoded.replace(/[\s\x00-\x1f\x7f]+/g, ' ').trim()
}

/** The Message-IDs in a header, in order, without brackets and duplicates; prose around them is dropped. */
export function messageIds(value: string): readonly string[] {
  const bracketed = [...value.matchAll(/<([^<>]{1,998})>/g)].map((match) => (match[1] ?? '').replace(/\s+/g, ''))
  const ids =
    bracketed.length > 0 ? bracketed : value.split(/[\s,]+/).filter((word) => /^[^<>@"]+@[^<>@"]+$/.test(word))
  return [...new Set(ids.filter((id) => id !== ''))]
}

/**
 * The date of a Date header in milliseconds since 1970, kept between 1990 and a day past `now` (archives hold mails of 2077);
 * 0 where it cannot be read.
 */
export function parseDate(value: string | null, now: number): number {
  const time = value === null ? Number.NaN : Date.parse(withZone(value.slice(0, 100)))
  if (Number.isNaN(time)) return 0
  return Math.max(earliest, Math.min(time, now + dayMs))
}

/** RFC 5322 §3.3 wants a zone; what has none must not depend on where it is read. */
function withZone(date: string): string {
  if (/[+-]\d\d:?\d\d\b|\b(?:GMT|UTC?|Z|[ECMP][SD]T)\b|\dZ$/i.test(date)) return date
  return /\dT\d/.test(date) ? `${date.trim()}Z` : `${date} UTC`
}
