import type { AssignmentOp, Expr, Makefile, Node, Part, Range, RuleLine, Test } from '../../src/make/cst.ts'
import { defineValue } from '../../src/make/define.ts'
import { exprWords } from '../../src/make/expr-text.ts'
import { rulesWithRecipes } from '../../src/make/recipes.ts'
import { exprsInPart } from '../../src/make/visit.ts'
import type { Facts, RuleFact, VariableFact } from './database.ts'

/**
 * What a makefile says according to our tree, for those simple enough to be read without an evaluator: tests, targets and simple
 * values hold literals and plain variables. Throws on anything else, so that no case passes unread.
 */
export function readLiterally(makefile: Makefile): Facts {
  const reader: Reader = { makefile, variables: {}, targetVariables: {}, taken: new Set() }
  readNodes(reader, makefile.nodes)
  const rules: RuleFact[] = []
  for (const { rule, recipes } of rulesWithRecipes(makefile)) {
    if (!reader.taken.has(rule)) continue
    const lines = recipes
      .filter(({ recipe }) => reader.taken.has(recipe))
      .map(({ recipe }) => makefile.text.slice(recipe.text.range.start, recipe.text.range.end))
    rules.push(...ruleFacts(reader, rule, lines))
  }
  const sorted = rules.sort((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0))
  return { variables: reader.variables, targetVariables: reader.targetVariables, rules: sorted }
}

type Reader = {
  readonly makefile: Makefile
  readonly variables: Record<string, VariableFact>
  readonly targetVariables: Record<string, VariableFact>
  /** The nodes in the branches that are taken. */
  readonly taken: Set<Node>
}

function readNodes(reader: Reader, nodes: readonly Node[]): void {
  for (const node of nodes) {
    reader.taken.add(node)
    switch (node.kind) {
      case 'conditional': {
        const branch = node.branches.find(({ test }) => test === null || holds(reader, test))
        if (branch !== undefined) readNodes(reader, branch.body)
        break
      }
      case 'assignment':
        assign(reader, reader.variables, { name: value(reader, node.name), op: node.op, body: node.value })
        break
      case 'define':
        assign(reader, reader.variables, {
          name: value(reader, node.name),
          op: node.op,
          body: defineValue(reader.makefile, node),
        })
        break
      case 'undefine':
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the record is ours, its keys are names of variables
        delete reader.variables[value(reader, node.name)]
        break
      case 'rule':
        readTargetVariable(reader, node)
        break
      default:
        break
    }
  }
}

function readTargetVariable(reader: Reader, { targets, assignment }: RuleLine): void {
  if (assignment === null) return
  for (const target of exprWords(reader.makefile.text, targets)) {
    assign(reader, reader.targetVariables, {
      name: `${value(reader, target)}: ${value(reader, assignment.name)}`,
      op: assignment.op,
      body: assignment.value,
    })
  }
}

type Definition = { readonly name: string; readonly op: AssignmentOp; readonly body: Expr }

function assign(reader: Reader, known: Record<string, VariableFact>, { name, op, body }: Definition): void {
  const old = known[name]
  const isTarget = known === reader.targetVariables
  if (op === '?=' && old !== undefined) return
  if (op === '+=' && old !== undefined) {
    const text = old.op === ':=' ? value(reader, body) : written(reader, body)
    known[name] = { op: old.op, text: [old.text, text].filter((part) => part !== '').join(' ') }
  } else if (op === ':=' || op === '::=') known[name] = { op: ':=', text: value(reader, body) }
  else known[name] = { op: op === '+=' && isTarget ? '+=' : '=', text: written(reader, body) }
}

function holds(reader: Reader, test: Test): boolean {
  switch (test.kind) {
    case 'eq':
      return value(reader, test.left) === value(reader, test.right)
    case 'neq':
      return value(reader, test.left) !== value(reader, test.right)
    case 'def':
      return (reader.variables[value(reader, test.name)]?.text ?? '') !== ''
    case 'ndef':
      return (reader.variables[value(reader, test.name)]?.text ?? '') === ''
    case 'bad':
      throw new Error(test.message)
  }
}

/** The value of an expression of literals and plain variables. */
function value(reader: Reader, expr: Expr): string {
  return expr.parts.map((part) => partValue(reader, part)).join('')
}

function partValue(reader: Reader, part: Part): string {
  if (part.kind === 'literal') return part.cooked ?? textAt(reader, part.range)
  if (part.kind !== 'variable') throw new Error(`too hard for this reader: ${textAt(reader, part.range)}`)
  const fact = reader.variables[value(reader, part.name)]
  if (fact?.op === '=' && fact.text.includes('$')) throw new Error(`too hard for this reader: ${fact.text}`)
  return fact?.text ?? ''
}

/** An expression as it is written, with its continuations joined and the backslashes gone that quote a hash: what make keeps of `=`. */
function written(reader: Reader, expr: Expr): string {
  return expr.parts.map((part) => writtenPart(reader, part)).join('')
}

function writtenPart(reader: Reader, part: Part): string {
  const text = textAt(reader, part.range)
  if (part.kind === 'literal') return text === '$$' ? text : (part.cooked ?? text)
  let shown = ''
  let at = part.range.start
  for (const inner of exprsInPart(part)) {
    shown += joined(reader, { start: at, end: inner.range.start }) + written(reader, inner)
    at = inner.range.end
  }
  return shown + joined(reader, { start: at, end: part.range.end })
}

function joined(reader: Reader, range: Range): string {
  return textAt(reader, range).replace(/[ \t]*\\\r?\n[ \t]*/g, ' ')
}

function textAt(reader: Reader, range: Range): string {
  return reader.makefile.text.slice(range.start, range.end)
}

function ruleFacts(reader: Reader, rule: RuleLine, lines: readonly string[]): RuleFact[] {
  const { text } = reader.makefile
  const words = (expr: Expr | null): string[] =>
    expr === null ? [] : exprWords(text, expr).flatMap((word) => value(reader, word).split(/\s+/)).filter((word) => word !== '')
  const inline = rule.recipe === null ? [] : [text.slice(rule.recipe.range.start, rule.recipe.range.end)]
  const recipe = [...inline, ...lines].map((line, index) => (index === 0 ? line : `\t${line}`)).join('\n')
  const pattern = rule.targetPattern === null ? null : value(reader, rule.targetPattern)
  return words(rule.targets).map((target) => {
    const stem = pattern === null ? null : stemOf(target, pattern)
    const fill = (word: string): string => (stem === null ? word : word.replace('%', stem))
    return {
      target,
      isDouble: rule.separator.endsWith('::'),
      prerequisites: words(rule.prerequisites).map(fill),
      orderOnly: words(rule.orderOnly).map(fill),
      recipe: recipe.replaceAll('\r\n', '\n').trimStart(),
    }
  })
}

function stemOf(target: string, pattern: string): string {
  const [before = '', after = ''] = pattern.split('%')
  return target.slice(before.length, target.length - after.length)
}
