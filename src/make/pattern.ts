/** A pattern of make: what stands before and behind the `%`; `suffix` is null where there is none and the text must be equal. */
export type Pattern = { readonly prefix: string; readonly suffix: string | null }

/** Reads a pattern: the first `%` that no backslash quotes counts; `\%` is a percent sign (read.c find_percent()). */
export function parsePattern(text: string): Pattern {
  let prefix = ''
  let from = 0
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', at + 1)) {
    let backslashes = 0
    while (at - backslashes > from && text.charAt(at - backslashes - 1) === '\\') backslashes++
    const before = text.slice(from, at - backslashes) + '\\'.repeat(backslashes >> 1)
    if (backslashes % 2 === 0) return { prefix: prefix + before, suffix: text.slice(at + 1) }
    prefix += before + '%'
    from = at + 1
  }
  return { prefix: prefix + text.slice(from), suffix: null }
}

/** What the `%` stands for; '' for an equal text without `%`; null where the word does not match. */
export function matchPattern({ prefix, suffix }: Pattern, word: string): string | null {
  if (suffix === null) return word === prefix ? '' : null
  const length = word.length - prefix.length - suffix.length
  if (length < 0 || !word.startsWith(prefix) || !word.endsWith(suffix)) return null
  return word.slice(prefix.length, prefix.length + length)
}

/** The text of a pattern with the `%` replaced. */
export function fillPattern({ prefix, suffix }: Pattern, stem: string): string {
  return suffix === null ? prefix : prefix + stem + suffix
}
