import type { Expr, Range } from '../../src/make/cst.ts'
import { textOf } from '../../src/make/expr-text.ts'
import { exprsInPart } from '../../src/make/visit.ts'
import type { SimpleCommand } from '../../src/review/shell-commands.ts'
import { variableName } from '../../src/review/shell-source.ts'
import { literalOf, type ShellWord } from '../../src/review/shell-words.ts'

/** A place, and what is wrong there. */
export type Misuse = { readonly range: Range; readonly message: string }

/** Variables of the toolchain that may be several words: `CC="ccache gcc"`. */
const tools = /^(?:CC|CXX|LD|AR|NM|AS|CPP|STRIP|OBJCOPY|OBJDUMP|READELF|RUSTC|HOSTCC|HOSTCXX|HOSTLD|HOSTRUSTC)$/

/** Whether a variable names a program of the toolchain. */
export function isToolVariable(name: string): boolean {
  return tools.test(name) || name === 'HOSTPKG_CONFIG'
}

/** Words of a command that only work as long as a tool is one word: `"$(CC)" -c`, `command -v $(CC)`. */
export function misusedWords({ words, source }: SimpleCommand): readonly Misuse[] {
  const [first, ...rest] = words
  if (first === undefined) return []
  const tool = toolOf(first, source.makefile)
  if (tool?.quoted === true) {
    const message = `\`"$(${tool.name})"\` is one word to the shell; with \`${tool.name}="ccache gcc"\` there is no such program`
    return [{ range: first, message }]
  }
  if (!isLookup(first, rest)) return []
  return rest.flatMap((word) => {
    const looked = toolOf(word, source.makefile)
    if (looked === null) return []
    const message = `\`$(${looked.name})\` may be several words, \`ccache gcc\`, of which the first is looked up; run it instead`
    return [{ range: { start: word.start, end: word.end }, message }]
  })
}

function toolOf(word: ShellWord, makefile: string): { readonly name: string; readonly quoted: boolean } | null {
  const pieces = word.pieces.filter((piece) => piece.kind !== 'text' || piece.text !== '')
  const [piece] = pieces
  if (piece?.kind !== 'reference' || pieces.length > 1) return null
  const name = variableName(piece.reference, makefile)
  return name !== null && tools.test(name) ? { name, quoted: piece.quote !== null } : null
}

/** `which x`, `type x`, `command -v x`. */
function isLookup(first: ShellWord, rest: readonly ShellWord[]): boolean {
  const program = literalOf(first)
  if (program === 'which' || program === 'type') return true
  const option = rest[0] === undefined ? null : literalOf(rest[0])
  return program === 'command' && (option === '-v' || option === '-V')
}

/** LLVM's tools have no prefix: `$(CROSS_COMPILE)clang` is no program (Documentation/kbuild/llvm.rst). */
export function misusedPrefixes(expr: Expr, text: string): readonly Misuse[] {
  return expr.parts.flatMap((part, at) => {
    const next = expr.parts[at + 1]
    const inner = exprsInPart(part).flatMap((each) => misusedPrefixes(each, text))
    if (part.kind !== 'variable' || textOf(text, part.name) !== 'CROSS_COMPILE' || next?.kind !== 'literal')
      return inner
    const tool = /^(?:clang\b(?!-)|ld\.lld\b|llvm-\w+)/.exec(textOf(text, next))?.[0]
    if (tool === undefined) return inner
    const range = { start: part.range.start, end: next.range.start + tool.length }
    return [...inner, { range, message: `\`$(CROSS_COMPILE)${tool}\` is no program: LLVM's tools have no such prefix` }]
  })
}
