import type { Makefile } from '../make/cst.ts'
import { visitNodes } from '../make/visit.ts'
import type { KconfigFile } from '../kconfig/syntax.ts'

type Range = { readonly start: number; readonly end: number }

/**
 * A comment that keeps rules from speaking of a place:
 *
 *     # kbuild-review: ignore ms-target-typo, ms-bare-make: why that is right here
 *
 * stands on a line of its own and is about the statement behind it (an assignment, a rule with its recipe, a definition,
 * the first line of a conditional, an entry of Kconfig, or a line of one); `ignore-file` is about the whole file.
 */
export type IgnoreComment = {
  readonly rules: readonly string[]
  readonly reason: string
  /** Offsets of what it is about. */
  readonly about: Range
  /** The comment itself, from its `#`. */
  readonly at: Range
}

/** The comments for us of one file, and those that are in no form that we know. */
export type IgnoreComments = { readonly comments: readonly IgnoreComment[]; readonly unread: readonly Range[] }

const mark = 'kbuild-review:'
const none: IgnoreComments = { comments: [], unread: [] }

/** Reads the comments of a makefile. */
export function makefileIgnores(text: string, syntax: Makefile): IgnoreComments {
  return text.includes(mark) ? readComments(text, makefileStatements(syntax)) : none
}

/** Reads the comments of a Kconfig file. */
export function kconfigIgnores(text: string, syntax: KconfigFile): IgnoreComments {
  return text.includes(mark) ? readComments(text, kconfigStatements(syntax)) : none
}

/** What a comment can be about, in the order of the text: the recipe of a rule belongs to it, its lines by themselves too. */
function makefileStatements(syntax: Makefile): readonly Range[] {
  const statements: { start: number; end: number }[] = []
  let rule: { start: number; end: number } | null = null
  for (const { node } of visitNodes(syntax.nodes)) {
    if (node.kind === 'blank') continue
    const range = node.kind === 'conditional' ? (node.branches[0]?.range ?? node.range) : node.range
    const statement = { start: range.start, end: range.end }
    statements.push(statement)
    if (node.kind === 'rule') rule = statement
    else if (node.kind !== 'recipe') rule = null
    else if (rule !== null) rule.end = node.range.end
  }
  return statements
}

function kconfigStatements({ statements }: KconfigFile): readonly Range[] {
  const ranges = statements.flatMap((statement): Range[] => {
    const properties = 'properties' in statement ? statement.properties : []
    return [statement, ...properties]
  })
  return ranges.sort((a, b) => a.start - b.start || b.end - a.end)
}

function readComments(text: string, statements: readonly Range[]): IgnoreComments {
  const comments: IgnoreComment[] = []
  const unread: Range[] = []
  for (const at of commentsFor(text)) {
    const read = /^#\s*kbuild-review:\s*(ignore|ignore-file)\s+([\w, \t-]+):\s*(\S.*)$/.exec(
      text.slice(at.start, at.end),
    )
    const [, kind, names = '', reason = ''] = read ?? []
    const rules = names.split(/[\s,]+/).filter((name) => name !== '')
    const behind = statements.find(({ start }) => start >= at.end)
    const about = kind === 'ignore-file' ? { start: 0, end: text.length } : behind
    if (rules.length === 0 || about === undefined) unread.push(at)
    else comments.push({ rules, reason, about, at })
  }
  return { comments, unread }
}

/** The comments that begin a line and name us. */
function commentsFor(text: string): readonly Range[] {
  const found: Range[] = []
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
    const lineStart = text.lastIndexOf('\n', at) + 1
    const newline = text.indexOf('\n', at)
    const before = text.slice(lineStart, at).trim()
    const end = newline === -1 ? text.length : newline
    if (before === '#') found.push({ start: text.indexOf('#', lineStart), end: text.slice(0, end).trimEnd().length })
  }
  return found
}
