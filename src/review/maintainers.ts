/** A section of MAINTAINERS. */
export type MaintainersSection = {
  readonly name: string
  /** `M:` lines: `Full Name <address>`; the address alone, as it is written. */
  readonly maintainers: readonly string[]
  /** `R:` lines. */
  readonly reviewers: readonly string[]
  /** `L:` lines: the address without what is said about it. */
  readonly lists: readonly string[]
  /** `S:`; null where there is none. */
  readonly status: string | null
  readonly files: readonly string[]
  readonly excluded: readonly string[]
}

/** A section that a file belongs to; `depth` is how precisely, as get_maintainer.pl ranks it: -1 for `F: *`. */
export type SectionMatch = { readonly section: MaintainersSection; readonly depth: number }

/**
 * The sections of a MAINTAINERS file, as scripts/get_maintainer.pl read_maintainer_file() cuts it: lines of a capital letter
 * and a colon belong to the last other line that is neither blank nor a comment. `N:` and `K:` are not kept: they are
 * Perl regular expressions, and a patch may bring any.
 */
export function parseMaintainers(text: string): readonly MaintainersSection[] {
  const sections: { name: string; fields: [string, string][] }[] = []
  for (const line of text.split('\n')) {
    const field = /^([A-Z]):[\t ]*(.*)$/.exec(line)
    const last = sections.at(-1)
    if (field && last) last.fields.push([field[1] ?? '', (field[2] ?? '').trimEnd()])
    else if (!field && line.trim() !== '' && !line.trimStart().startsWith('#'))
      sections.push({ name: line.trim(), fields: [] })
  }
  return sections.filter(({ fields }) => fields.length > 0).map(({ name, fields }) => sectionOf(name, fields))
}

function sectionOf(name: string, fields: readonly (readonly [string, string])[]): MaintainersSection {
  const all = (letter: string): string[] => fields.flatMap(([key, value]) => (key === letter ? [value] : []))
  return {
    name,
    maintainers: all('M').map(addressOf),
    reviewers: all('R').map(addressOf),
    lists: all('L').map((value) => value.split(/\s/, 1)[0] ?? ''),
    status: all('S')[0] ?? null,
    files: all('F'),
    excluded: all('X'),
  }
}

/** `Full Name <address>` as the address. */
function addressOf(value: string): string {
  const open = value.lastIndexOf('<')
  const close = value.indexOf('>', open)
  return open === -1 || close === -1 ? value.trim() : value.slice(open + 1, close).trim()
}

/** The sections whose `F:` lines match a path and whose `X:` lines do not, the most precise first (get_maintainer.pl get_maintainers()). */
export function sectionsOf(sections: readonly MaintainersSection[], path: string): readonly SectionMatch[] {
  return sections
    .flatMap((section) => {
      if (section.excluded.some((pattern) => matchesPattern(pattern, path))) return []
      const depths = section.files.filter((pattern) => matchesPattern(pattern, path)).map(depthOf)
      // get_maintainer.pl keeps the depth of the last line that matches
      const depth = depths.at(-1)
      return depth === undefined ? [] : [{ section, depth }]
    })
    .sort((a, b) => b.depth - a.depth)
}

/** Directories that a pattern names, one more for a file; the asterisk alone is no precision. */
function depthOf(pattern: string): number {
  if (pattern.startsWith('*')) return -1
  return slashes(pattern) + (pattern.endsWith('/') ? 0 : 1)
}

function slashes(text: string): number {
  return text.split('/').length - 1
}

/**
 * Whether a pattern of `F:` or `X:` matches a path (get_maintainer.pl file_match_pattern()): from the start of the path; one that
 * ends in a slash, or names a directory, takes all below it, any other only paths of as many directories.
 */
export function matchesPattern(pattern: string, path: string): boolean {
  if (pattern === '') return false
  if (pattern.endsWith('/')) return matchesStart(pattern, path)
  // what stands before a slash of the path is a directory of the tree
  if (path.startsWith(`${pattern}/`)) return true
  return matchesStart(pattern, path) && slashes(pattern) === slashes(path)
}

type Token = { readonly kind: 'star' } | { readonly kind: 'one'; readonly matches: (character: string) => boolean }

/** Whether the glob matches a beginning of the path; `*` takes slashes too. Takes at most pattern times path steps. */
function matchesStart(pattern: string, path: string): boolean {
  const literal = pattern.search(/[*?[]/)
  if (literal === -1 || !path.startsWith(pattern.slice(0, literal))) return literal === -1 && path.startsWith(pattern)
  const tokens = tokensOf(pattern)
  let token = 0
  let at = 0
  let star: { token: number; at: number } | null = null
  while (token < tokens.length) {
    const current = tokens[token]
    if (current?.kind === 'star') {
      star = { token: ++token, at }
    } else if (at < path.length && current?.matches(path.charAt(at))) {
      token++
      at++
    } else if (star !== null && star.at < path.length) {
      star = { token: star.token, at: star.at + 1 }
      token = star.token
      at = star.at
    } else return false
  }
  return true
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at)
    const close = character === '[' ? pattern.indexOf(']', at + 2) : -1
    if (character === '*') tokens.push({ kind: 'star' })
    else if (character === '?') tokens.push({ kind: 'one', matches: () => true })
    else if (close !== -1) {
      tokens.push({ kind: 'one', matches: classOf(pattern.slice(at + 1, close)) })
      at = close
    } else tokens.push({ kind: 'one', matches: (other) => other === character })
  }
  return tokens
}

/** `a-z0`, and `^a-z` for all but these. */
function classOf(body: string): (character: string) => boolean {
  const negated = body.startsWith('^')
  const members = negated ? body.slice(1) : body
  return (character) => {
    let found = false
    for (let at = 0; at < members.length; at++) {
      const isRange = members.charAt(at + 1) === '-' && at + 2 < members.length
      const last = isRange ? members.charAt(at + 2) : members.charAt(at)
      found ||= character >= members.charAt(at) && character <= last
      if (isRange) at += 2
    }
    return found !== negated
  }
}
