import type { Conditional, Define, Makefile, Node, Range, Token } from './cst.ts'
import { exprsOf, visitNodes, visitParts } from './visit.ts'

/**
 * What make says about a text. `fatal`: it stops when it reads this; `on use`: it stops when it expands this; `complaint`: it says
 * so and reads on.
 */
export type SyntaxError = {
  readonly message: string
  readonly range: Range
  readonly severity: 'fatal' | 'on use' | 'complaint'
}

/**
 * What GNU make refuses in a makefile, in the order of the text, with make's message. Only what holds whatever variables expand to;
 * in a branch that is not taken make reports no fault but unbalanced conditionals.
 */
export function syntaxErrors(makefile: Makefile): SyntaxError[] {
  const errors: SyntaxError[] = []
  for (const { node } of visitNodes(makefile.nodes)) errors.push(...errorsOf(makefile.text, node))
  return errors.sort((a, b) => a.range.start - b.range.start)
}

function errorsOf(text: string, node: Node): SyntaxError[] {
  switch (node.kind) {
    case 'bad':
      return [{ message: node.message, range: node.range, severity: 'fatal' }]
    case 'conditional':
      return [...conditionalErrors(text, node), ...partErrors(node)]
    case 'define':
      return [...defineErrors(node), ...partErrors(node)]
    case 'assignment':
    case 'include':
    case 'rule':
    case 'recipe':
    case 'export':
    case 'vpath':
    case 'undefine':
    case 'load':
    case 'eval':
    case 'blank':
      return partErrors(node)
  }
}

function conditionalErrors(text: string, conditional: Conditional): SyntaxError[] {
  const errors: SyntaxError[] = []
  for (const { test, keyword, range, tokens } of conditional.branches) {
    if (test?.kind === 'bad') errors.push({ message: test.message, range: test.range, severity: 'fatal' })
    else errors.push(...extraText(tokens, keywordText(text, keyword, tokens)))
    if (conditional.endif === null && range === conditional.branches[0]?.range) {
      errors.push({ message: "missing 'endif'", range, severity: 'fatal' })
    }
  }
  errors.push(...extraText(conditional.endif?.tokens ?? [], 'endif'))
  return errors
}

/** The directive that make names in its complaint: of `else ifeq ...` the second. */
function keywordText(text: string, first: Token, tokens: readonly Token[]): string {
  const keyword = tokens.findLast((token) => token.kind === 'keyword') ?? first
  return text.slice(keyword.start, keyword.end)
}

function extraText(tokens: readonly Token[], directive: string): SyntaxError[] {
  return tokens
    .filter((token) => token.kind === 'bad')
    .map(({ start, end }) => ({
      message: `extraneous text after '${directive}' directive`,
      range: { start, end },
      severity: 'complaint',
    }))
}

function defineErrors(define: Define): SyntaxError[] {
  const { body, end, tokens, range } = define
  const line = { start: range.start, end: body.start }
  return [
    ...(end === null
      ? [{ message: "missing 'endef', unterminated 'define'", range: line, severity: 'fatal' } as const]
      : []),
    ...extraText(
      tokens.filter((token) => token.end <= body.start),
      'define',
    ),
    ...extraText(
      tokens.filter((token) => token.start >= body.end),
      'endef',
    ),
  ]
}

function partErrors(node: Node): SyntaxError[] {
  const errors: SyntaxError[] = []
  for (const { expr, expansion } of exprsOf(node)) {
    for (const part of visitParts(expr)) {
      if (part.kind !== 'bad') continue
      errors.push({
        message: part.message,
        range: part.range,
        severity: expansion === 'immediate' ? 'fatal' : 'on use',
      })
    }
  }
  return errors
}
