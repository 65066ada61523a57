import { nameOfFileLine, unquote, withoutFirst } from './names.ts'
import type { Section, SectionHeader } from './scan-diff.ts'

/**
 * The names that a section's header gives, prefixes removed. `strip` is the `-p` that git and patch need for it: 1 for
 * `a/` and `b/`, 0 for none. A side is null where the file is not there, both where the header does not name the file.
 */
export type SectionNames = {
  readonly oldPath: string | null
  readonly newPath: string | null
  readonly strip: 0 | 1
  /** Two lines of the header disagree on the file. */
  readonly disagree: boolean
}

const absent = '/dev/null'

/** Reads the names of a section as git's apply.c does, guessing `-p` as its `guess_p_value()` for diffs not made by git. */
export function namesOf(section: Section): SectionNames {
  const { git } = section.header
  return git === null ? traditionalNames(section.header) : gitNames(section.header, git)
}

function gitNames(header: SectionHeader, git: string): SectionNames {
  const { extended } = header
  const moved = {
    from: plainName(extended.get('rename from') ?? extended.get('copy from')),
    to: plainName(extended.get('rename to') ?? extended.get('copy to')),
  }
  const halves = halvesOf(git)
  const minus = header.minus === null ? null : nameOfFileLine(header.minus)
  const plus = header.plus === null ? null : nameOfFileLine(header.plus)
  const strip = gitStrip({ git, halves, from: moved.from, minus, plus })
  const cut = (name: string | null): string | null => (name === null || name === absent ? null : stripped(name, strip))
  const both = halves === null ? null : { old: cut(halves.old), new: cut(halves.new) }
  const oldNames = [moved.from, cut(minus), both?.old].filter(isName)
  const newNames = [moved.to, cut(plus), both?.new].filter(isName)
  const isNew = extended.has('new file mode') || minus === absent
  const isGone = extended.has('deleted file mode') || plus === absent
  return {
    oldPath: isNew ? null : (oldNames[0] ?? null),
    newPath: isGone ? null : (newNames[0] ?? null),
    strip,
    disagree: new Set(oldNames).size > 1 || new Set(newNames).size > 1,
  }
}

const isName = (name: string | null | undefined): name is string => name !== null && name !== undefined

function plainName(text: string | undefined): string | null {
  return text === undefined ? null : (unquote(text)?.name ?? text)
}

function stripped(name: string, strip: 0 | 1): string {
  return strip === 1 ? withoutFirst(name) : name
}

/**
 * The two names of a `diff --git` line. Unquoted they may hold blanks, so the line is split only where both halves are
 * the same file (git's apply.c `git_header_name()`); else null.
 */
function halvesOf(rest: string): { readonly old: string; readonly new: string } | null {
  const first = unquote(rest)
  if (first !== null) {
    const second = rest.slice(first.end + 1)
    return { old: first.name, new: unquote(second)?.name ?? second }
  }
  const quote = rest.endsWith('"') ? rest.indexOf(' "') : -1
  if (quote !== -1) {
    const second = unquote(rest.slice(quote + 1))
    return second === null ? null : { old: rest.slice(0, quote), new: second.name }
  }
  const middle = (rest.length - 1) / 2
  const [left, right] = [rest.slice(0, middle), rest.slice(middle + 1)]
  return rest[middle] === ' ' && (left === right || withoutFirst(left) === withoutFirst(right))
    ? { old: left, new: right }
    : null
}

type StripHints = {
  readonly git: string
  readonly halves: { readonly old: string; readonly new: string } | null
  readonly from: string | null
  readonly minus: string | null
  readonly plus: string | null
}

/** `diff --git x x` was made with diff.noprefix; a rename's line begins with its bare old name then. */
function gitStrip({ git, halves, from, minus, plus }: StripHints): 0 | 1 {
  if (halves !== null) return halves.old === halves.new ? 0 : 1
  if (from !== null) return git.startsWith(`${from} `) ? 0 : 1
  return [minus, plus].every((name) => name === null || name === absent || hasPrefix(name)) ? 1 : 0
}

/** The prefixes of git's diff.mnemonicPrefix, and its usual ones. */
function hasPrefix(name: string): boolean {
  return /^[abciow12]\//.test(name)
}

function traditionalNames(header: SectionHeader): SectionNames {
  const minus = nameOfFileLine(header.minus ?? '')
  const plus = nameOfFileLine(header.plus ?? '')
  if (minus === absent || plus === absent) {
    const name = minus === absent ? plus : minus
    const strip = hasPrefix(name) ? 1 : 0
    const path = stripped(name, strip)
    return { oldPath: minus === absent ? null : path, newPath: plus === absent ? null : path, strip, disagree: false }
  }
  const differByPrefix = minus !== plus && minus.includes('/') && withoutFirst(minus) === withoutFirst(plus)
  if (differByPrefix) return { oldPath: withoutFirst(minus), newPath: withoutFirst(plus), strip: 1, disagree: false }
  const strip = hasPrefix(minus) && hasPrefix(plus) ? 1 : 0
  const path = stripped(minus.length < plus.length ? minus : plus, strip)
  return { oldPath: path, newPath: path, strip, disagree: false }
}
