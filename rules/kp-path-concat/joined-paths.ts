import type { Expr, Part } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { exprsInPart } from '../../src/make/visit.ts'
import type { Range } from '../../src/make/cst.ts'

/** A place where two parts of a path meet in the wrong way. `written` is the reference with what touches it. */
export type Joint = {
  readonly kind: 'no slash' | 'second slash' | 'slash after a prefix'
  readonly name: string
  readonly written: string
  readonly range: Range
  /** The end of the reference: where a slash is lacking, or one too many begins. */
  readonly at: number
}

/** Variables that hold a directory without a slash at its end: the top Makefile and scripts/Makefile.build set them so. */
const directories: ReadonlySet<string> = new Set([
  ...['srctree', 'objtree', 'abs_srctree', 'abs_objtree', 'src', 'obj', 'CURDIR', 'KBUILD_EXTMOD', 'MODLIB'],
  ...['INSTALL_PATH', 'INSTALL_MOD_PATH', 'INSTALL_HDR_PATH', 'INSTALL_DTBS_PATH'],
])

/** Variables that are put in front of a name as they are: they hold their own slash or dash, or nothing. */
const prefixes: ReadonlySet<string> = new Set(['extmod_prefix', 'CROSS_COMPILE', 'LLVM_PREFIX'])

/** The joints in an expression, at any depth. `isName` says that make compares what is written with other names. */
export function jointsIn(expr: Expr, text: string, isName: boolean): readonly Joint[] {
  const found: Joint[] = []
  const waiting: { expr: Expr; isName: boolean }[] = [{ expr, isName }]
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    for (const [index, part] of each.expr.parts.entries()) {
      for (const inner of exprsInPart(part)) waiting.push({ expr: inner, isName: false })
      const joint = jointAt(part, each.expr.parts[index + 1], { text, isName: each.isName })
      if (joint !== null) found.push(joint)
    }
  }
  return found.sort((a, b) => a.at - b.at)
}

function jointAt(
  part: Part,
  next: Part | undefined,
  { text, isName }: { text: string; isName: boolean },
): Joint | null {
  const name = nameOf(part, text)
  if (name === null || next === undefined) return null
  const at = part.range.end
  const following = next.kind === 'literal' ? (/^\S*/.exec(textOf(text, next))?.[0] ?? '') : textOf(text, next)
  const range = { start: part.range.start, end: at + following.length }
  const joint = { name, range, at, written: text.slice(range.start, range.end) }
  if (prefixes.has(name)) return following.startsWith('/') ? { ...joint, kind: 'slash after a prefix' } : null
  if (!directories.has(name)) return null
  const meetsName = next.kind === 'literal' ? /^\w/.test(following) : directories.has(nameOf(next, text) ?? '')
  if (meetsName) return { ...joint, kind: 'no slash' }
  return isName && following.startsWith('//') ? { ...joint, kind: 'second slash' } : null
}

function nameOf(part: Part, text: string): string | null {
  return part.kind === 'variable' ? literalText(text, part.name) : null
}
