/** Names before the rest is counted. */
const maxNames = 4

/** Names with commas, the fifth and those after it counted. */
export function namesText(names: readonly string[], most = maxNames): string {
  if (names.length <= most + 1) return names.join(', ')
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}

/** `1 object`, `2 objects`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Characters of either side of a changed text. */
const maxSide = 60

/** The words in which two texts differ, each side clipped and no reference cut at its start: `-O2 -> -Os`, `with -v`; short texts are given whole. */
export function wordsChanged(before: string, after: string): string {
  const [old, young] = [before.split(/\s+/), after.split(/\s+/)]
  let start = 0
  while (start < old.length && start < young.length && old[start] === young[start]) start++
  let end = 0
  const least = Math.min(old.length, young.length) - start
  while (end < least && old.at(-1 - end) === young.at(-1 - end)) end++
  const cut = (words: readonly string[]): string => words.slice(start, words.length - end).join(' ')
  while (start > 0 && !(isBalanced(cut(old)) && isBalanced(cut(young)))) start--
  const whole = before.length <= maxSide && after.length <= maxSide
  const side = (words: readonly string[]): string => {
    const text = whole ? words.join(' ') : cut(words)
    return text === '' ? '' : `\`${text.length <= maxSide ? text : `${text.slice(0, maxSide - 3)}...`}\``
  }
  const [was, is] = [side(old), side(young)]
  if (was === '') return `with ${is}`
  return is === '' ? `without ${was}` : `${was} -> ${is}`
}

/** Whether as many parentheses close as open: the end of a reference says little without its beginning. */
function isBalanced(text: string): boolean {
  return text.split('(').length === text.split(')').length
}

/** A text with `$(shell,...)` for each command in it: macros expand to long ones that nobody wrote. */
export function withoutCommands(text: string): string {
  let result = ''
  let at = 0
  for (let start = text.indexOf(opening); start >= 0; start = text.indexOf(opening, at)) {
    let depth = 1
    let end = start + opening.length
    for (; end < text.length && depth > 0; end++) depth += text[end] === '(' ? 1 : text[end] === ')' ? -1 : 0
    result += `${text.slice(at, start)}${opening}...)`
    at = end
  }
  return result + text.slice(at)
}

const opening = '$(shell,'
