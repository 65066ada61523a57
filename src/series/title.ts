/** A title for comparison: lower case, blanks collapsed, quotes and a full stop at the end gone. */
export function normalizeTitle(title: string): string {
  return title
    .toLowerCase()
    .replace(/["'`‘’“”]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/\.$/u, '')
}

/**
 * How alike two normalised titles are, 0 to 1: the words that both have, by the words that either has.
 * The subsystem before the last colon counts no more than other words; authors correct it between versions.
 */
export function titleLikeness(one: string, other: string): number {
  if (one === other) return 1
  const [a, b] = [wordsOf(one), wordsOf(other)]
  const common = [...a].filter((word) => b.has(word)).length
  const either = a.size + b.size - common
  return either === 0 ? 0 : common / either
}

/** Words beyond the 50th do not count: titles have ten. */
const wordsOf = (title: string): ReadonlySet<string> => new Set((title.match(/[\p{L}\p{N}_.+-]+/gu) ?? []).slice(0, 50))
