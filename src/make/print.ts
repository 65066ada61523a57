import { assertNever } from '../text/assert-never.ts'
import type { Makefile, Node, Token } from './cst.ts'

/** The text of a tree, put together from its tokens alone: that of the file, since every character is in one token. */
export function printMakefile(makefile: Makefile): string {
  return tokensOf(makefile.nodes)
    .map((token) => makefile.text.slice(token.start, token.end))
    .join('')
}

/** The tokens of nodes and of what is in them, in the order of the text. */
export function tokensOf(nodes: readonly Node[]): Token[] {
  const tokens: Token[] = []
  for (const node of nodes) pushTokens(tokens, node)
  return tokens
}

function pushTokens(tokens: Token[], node: Node): void {
  switch (node.kind) {
    case 'conditional':
      for (const branch of node.branches) {
        for (const token of branch.tokens) tokens.push(token)
        for (const child of branch.body) pushTokens(tokens, child)
      }
      for (const token of node.endif?.tokens ?? []) tokens.push(token)
      return
    case 'assignment':
    case 'include':
    case 'define':
    case 'rule':
    case 'recipe':
    case 'export':
    case 'vpath':
    case 'undefine':
    case 'load':
    case 'eval':
    case 'blank':
    case 'bad':
      for (const token of node.tokens) tokens.push(token)
      return
    default:
      assertNever(node)
  }
}
