/** Slips in shorter names make another word of them. */
const minLength = 6

/**
 * The one name that another is a misspelling of: a character too much or too few, or two in the wrong order. Null where there is none,
 * or several. Another character in the place of one makes the name of another thing, more often than not (`USB_EHCI`, `USB_OHCI`;
 * `RT5640`, `RT5645`).
 */
export function similarName(name: string, candidates: Iterable<string>): string | null {
  if (name.length < minLength) return null
  let found: string | null = null
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > 1 || !isSlip(name, candidate)) continue
    if (found !== null) return null
    found = candidate
  }
  return found
}

function isSlip(one: string, other: string): boolean {
  let start = 0
  while (start < one.length && one[start] === other[start]) start++
  let end = 0
  while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end)) end++
  const [left, right] = [one.slice(start, one.length - end), other.slice(start, other.length - end)]
  if (left.length + right.length === 1) return !/\d/.test(left + right)
  return left.length === 2 && right.length === 2 && left === `${right.charAt(1)}${right.charAt(0)}`
}
