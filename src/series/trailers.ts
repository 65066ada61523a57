/** A trailer as written: `Reviewed-by: A <a@b>`, its value unwrapped. */
export type TrailerLine = { readonly name: string; readonly value: string }

/** Names that make a paragraph one of trailers even where others of its lines are not (git trailer.c git_generated_prefixes). */
const known = /^(?:[a-z-]{1,60}-by|fixes|link|closes|cc|buglink|change-id|cherry-picked-from)$/iu

/**
 * The trailers of a commit log, in order. They stand in its last paragraph, by git's rule (trailer.c
 * find_trailer_start()): all of its lines are trailers, or at least a quarter and one has a name that is known. Paragraphs
 * above it count too while all their lines are trailers with such names: some leave a blank line below `Fixes:`.
 */
export function parseTrailers(log: string): readonly TrailerLine[] {
  const paragraphs = splitParagraphs(log)
  const found: TrailerLine[] = []
  for (let at = paragraphs.length - 1; at >= 0; at--) {
    const { trailers, others } = readLines(paragraphs[at] ?? [])
    const isLast = at === paragraphs.length - 1
    const anyKnown = trailers.some(({ name }) => known.test(name))
    const fits = isLast
      ? trailers.length > 0 && (others === 0 || (anyKnown && trailers.length * 3 >= others))
      : others === 0 && trailers.length > 0 && trailers.every(({ name }) => known.test(name))
    if (!fits) break
    found.unshift(...trailers)
  }
  return found
}

function splitParagraphs(log: string): readonly (readonly string[])[] {
  const paragraphs: string[][] = []
  let open: string[] | null = null
  for (const line of log.split('\n')) {
    if (line.trim() === '') {
      open = null
    } else if (open === null) {
      open = [line]
      paragraphs.push(open)
    } else open.push(line)
  }
  return paragraphs
}

/** The trailers among lines, and how many lines are none. Continuations, notes in brackets and comments belong to the trailer above. */
function readLines(lines: readonly string[]): { trailers: readonly TrailerLine[]; others: number } {
  const trailers: TrailerLine[] = []
  let others = 0
  for (const line of lines) {
    const trailer = parseTrailerLine(line)
    const last = trailers.at(-1)
    if (trailer !== null) trailers.push(trailer)
    else if (last === undefined) others++
    else if (continues(line, last))
      trailers[trailers.length - 1] = { name: last.name, value: `${last.value} ${line.trim()}` }
    else if (!/^\s*[[(#]/u.test(line)) others++
  }
  return { trailers, others }
}

/** No trailer of the kernel's history is longer: a line above this is data. */
const maxTrailer = 2000

/** One line as a trailer; null where it is none. The name may have a blank before its colon (git trailer.c find_separator()). */
export function parseTrailerLine(line: string): TrailerLine | null {
  if (line.length > maxTrailer) return null
  const [, name, value] = /^([A-Za-z][A-Za-z0-9-]{0,60}) ?:\s*(?!\/\/)(\S.*)$/u.exec(line) ?? []
  return name === undefined || value === undefined ? null : { name, value: value.trimEnd() }
}

/**
 * Whether a line goes on with the trailer above it: it is indented, or people's mail programs wrapped it there:
 * an address on a line of its own, or the title of a commit whose bracket is still open.
 */
export function continues(line: string, last: TrailerLine): boolean {
  if (/^[ \t]+\S/u.test(line)) return true
  if (/^<[^<>\s]{1,200}@[^<>\s]{1,200}>$/u.test(line)) return !last.value.includes('@')
  return /^fixes$/iu.test(last.name) && last.value.includes('(') && !last.value.includes(')') && line.endsWith(')')
}
