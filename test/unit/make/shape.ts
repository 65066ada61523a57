import type { Expr, Node, Part, Test } from '../../../src/make/cst.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { assertNever } from '../../../src/text/assert-never.ts'

/** A tree in words, one line a node, the branches of conditionals indented: what a test compares. */
export function shapeOf(text: string): string[] {
  return parseMakefile(text).nodes.flatMap((node) => nodeLines(text, node))
}

/** An expression in words: `<NAME>`, `<NAME:from=to>`, `<fn|arg|arg>`, `<!message>`, literals as make sees them. */
export function showExpr(text: string, expr: Expr): string {
  return expr.parts.map((part) => showPart(text, part)).join('')
}

function showPart(text: string, part: Part): string {
  const show = (expr: Expr): string => showExpr(text, expr)
  switch (part.kind) {
    case 'literal':
      return part.cooked ?? text.slice(part.range.start, part.range.end)
    case 'variable':
      return `<${show(part.name)}>`
    case 'substitution':
      return `<${show(part.name)}:${show(part.from)}=${show(part.to)}>`
    case 'call':
      return `<${[part.fn, ...part.args.map(show)].join('|')}>`
    case 'bad':
      return `<!${part.message}>`
    default:
      return assertNever(part)
  }
}

function nodeLines(text: string, node: Node): string[] {
  const show = (expr: Expr): string => showExpr(text, expr)
  switch (node.kind) {
    case 'assignment':
      return [[...node.modifiers, show(node.name), node.op, show(node.value)].join(' ')]
    case 'conditional':
      return [
        ...node.branches.flatMap(({ test, body }, index) => [
          `${index === 0 ? '' : 'else '}${test === null ? '' : showTest(text, test)}`.trim(),
          ...body.flatMap((child) => nodeLines(text, child)).map((line) => `  ${line}`),
        ]),
        node.endif === null ? 'no endif' : 'endif',
      ]
    case 'include':
      return [`${node.optional ? '-include' : 'include'} ${show(node.paths)}`]
    case 'define': {
      const body = JSON.stringify(text.slice(node.body.start, node.body.end))
      return [
        [...node.modifiers, 'define', show(node.name), node.op, body, ...(node.end === null ? ['no endef'] : [])].join(
          ' ',
        ),
      ]
    }
    case 'rule':
      return [ruleLine(text, node)]
    case 'recipe':
      return [`${node.certain ? 'recipe' : 'recipe?'} ${show(node.text)}`]
    case 'export':
      return [node.names === null ? node.modifier : `${node.modifier} ${show(node.names)}`]
    case 'vpath':
      return [`vpath ${show(node.text)}`]
    case 'undefine':
      return [[...node.modifiers, 'undefine', show(node.name)].join(' ')]
    case 'load':
      return [`${node.optional ? '-load' : 'load'} ${show(node.paths)}`]
    case 'eval':
      return [`eval ${show(node.expr)}`]
    case 'blank':
      return ['']
    case 'bad':
      return [`bad: ${node.message}`]
    default:
      return assertNever(node)
  }
}

function ruleLine(text: string, node: Extract<Node, { kind: 'rule' }>): string {
  const show = (expr: Expr): string => showExpr(text, expr)
  const head = `rule ${show(node.targets)} ${node.separator}`
  if (node.assignment !== null) {
    const { modifiers, name, op, value } = node.assignment
    return [head, 'variable', ...modifiers, show(name), op, show(value)].join(' ')
  }
  return [
    head,
    ...(node.targetPattern === null ? [] : [`pattern ${show(node.targetPattern)} :`]),
    show(node.prerequisites),
    ...(node.orderOnly === null ? [] : ['|', show(node.orderOnly)]),
    ...(node.recipe === null ? [] : [';', show(node.recipe)]),
  ]
    .join(' ')
    .trimEnd()
}

function showTest(text: string, test: Test): string {
  const show = (expr: Expr): string => showExpr(text, expr)
  switch (test.kind) {
    case 'eq':
    case 'neq':
      return `if${test.kind} [${show(test.left)}] [${show(test.right)}]`
    case 'def':
    case 'ndef':
      return `if${test.kind} [${show(test.name)}]`
    case 'bad':
      return `bad test: ${test.message}`
    default:
      return assertNever(test)
  }
}
