import { printable } from '../review/printable.ts'

/**
 * A line of our own prose with the words of strangers in it, as GitHub's markdown: what stands between backticks is shown as code,
 * and nothing else of it is markup, notifies a person or links to an issue.
 */
export function markdownLine(text: string): string {
  // Two backticks in a row would begin a code span that a single one does not end.
  const pieces = printable(text).replaceAll(/`{2,}/g, "'").split('`')
  const isOdd = pieces.length % 2 === 0
  return pieces
    .map((piece, at) => {
      if (at % 2 === 0) return escapeProse(piece)
      return isOdd && at === pieces.length - 1 ? `\\\`${escapeProse(piece)}` : `\`${piece}\``
    })
    .join('')
}

/** https://github.github.com/gfm/#backslash-escapes; `@` and `#` mean something to GitHub alone, and are taken apart. */
function escapeProse(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\*_[\]~|]/g, '\\$&')
    .replaceAll('@', `@${apart}`)
    .replaceAll(/#(?=\d)/g, `#${apart}`)
}

/** A zero width space: behind it a name is no longer one to GitHub. */
const apart = '\u200b'

/** Lines as they are, in a block of code; the fence is longer than any in them (GFM §4.5). */
export function codeBlock(lines: readonly string[]): readonly string[] {
  const text = lines.map(printable)
  const longest = Math.max(2, ...text.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}text`, ...text, fence]
}

/** A path or word of strangers, as code. */
export function code(text: string): string {
  const shown = printable(text)
  return shown.includes('`') ? `\`\` ${shown.replaceAll(/`{2,}/g, "'")} \`\`` : `\`${shown}\``
}
