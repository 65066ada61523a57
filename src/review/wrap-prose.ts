/** Words filled into lines of at most `width` characters; a longer word has a line of its own. No line ends in a blank. */
export function wrapProse(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}

/** A line of at most `length` characters: a longer one loses its end, and shows that it did. */
export function cutLine(line: string, length: number): string {
  return line.length <= length ? line : `${line.slice(0, length - 3).toWellFormed()}...`
}
