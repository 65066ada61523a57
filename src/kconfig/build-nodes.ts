import type { Span } from '../text/span.ts'
import { both, isNo, symbolExpr } from './condition.ts'
import { expandWord } from './expand.ts'
import type { Macros } from './expand.ts'
import type { KconfigDialect } from './dialect.ts'
import type {
  Bounds,
  Condition,
  Default,
  KconfigExpr,
  MenuNode,
  Operand,
  Prompt,
  Selection,
  SymbolType,
} from './model.ts'
import type { Expr, Property, TypeName, Word } from './syntax.ts'

/** A line whose condition may still be narrowed. */
type Narrowing<T> = Omit<T, 'condition'> & { condition: Condition }

/** A `KconfigSymbol` while its lines are still being read. */
export type SymbolBuilder = {
  readonly name: string
  type: SymbolType
  definitions: readonly NodeBuilder[]
  prompts: readonly Narrowing<Prompt>[]
  defaults: readonly Narrowing<Default>[]
  ranges: readonly Narrowing<Bounds>[]
  selects: readonly Selection[]
  implies: readonly Selection[]
  selectedBy: readonly Selection[]
  impliedBy: readonly Selection[]
  dependency: Condition
  choice: string | null
  transitional: boolean
  members: readonly string[]
  optional: boolean
}

/**
 * A `MenuNode` while its children are still being read. `visibility` is what `visible if` of it and of the menus around
 * it makes prompts below it depend on.
 */
export type NodeBuilder = {
  readonly kind: MenuNode['kind']
  readonly symbol: SymbolBuilder | null
  prompt: Narrowing<Prompt> | null
  condition: Condition
  visibleIf: Condition
  visibility: Condition
  readonly parent: NodeBuilder | null
  children: readonly NodeBuilder[]
  readonly at: Span
}

/** What reading an entry needs to know, and what it leaves behind. */
export type Reading = {
  readonly macros: Macros
  readonly dialect: KconfigDialect
  /** The statement or property under way. */
  at: Span
  /** Operands that name the symbol with `modules`, which may come later. */
  readonly modulesOperands: { name: string; constant: boolean }[]
  modules: string | null
}

/** A list of most symbols: those of all architectures have half a million of them. */
const none: readonly never[] = []

/** A list with one more; the list itself is no more of use. */
export function appended<Item>(list: readonly Item[], item: Item): readonly Item[] {
  if (list.length === 0) return [item]
  // Only this makes lists that are not empty.
  const own = list as Item[]
  own.push(item)
  return own
}

export function newSymbol(name: string): SymbolBuilder {
  return {
    name,
    type: 'unknown',
    definitions: none,
    prompts: none,
    defaults: none,
    ranges: none,
    selects: none,
    implies: none,
    selectedBy: none,
    impliedBy: none,
    dependency: null,
    choice: null,
    transitional: false,
    members: none,
    optional: false,
  }
}

type NewNode = Pick<NodeBuilder, 'kind' | 'symbol' | 'parent' | 'at'>

/** A node at the end of its parent's children, with what encloses it for a condition. */
export function newNode(reading: Reading, { kind, symbol, parent, at }: NewNode): NodeBuilder {
  const condition = parent === null ? null : conditionInside(reading, parent)
  const visibility = parent?.visibility ?? null
  const node: NodeBuilder = {
    kind,
    symbol,
    prompt: null,
    condition,
    visibleIf: null,
    visibility,
    parent,
    children: none,
    at,
  }
  if (parent !== null) parent.children = appended(parent.children, node)
  if (symbol !== null) symbol.definitions = appended(symbol.definitions, node)
  return node
}

/** What a node makes its children depend on. Recorded choices are a symbol, and members depend on that. */
function conditionInside(reading: Reading, parent: NodeBuilder): Condition {
  const isRecordedChoice = parent.kind === 'choice' && reading.dialect.choices === 'recorded'
  return isRecordedChoice && parent.symbol ? symbolExpr(parent.symbol.name) : parent.condition
}

/** Adds the properties of a statement to its node and its symbol. Dependencies come first: all others have them in their conditions. */
export function addProperties(reading: Reading, node: NodeBuilder, properties: readonly Property[]): void {
  const { file } = reading.at
  for (const property of properties) {
    reading.at = { file, start: property.start, end: property.end }
    if (property.kind === 'depends') {
      node.condition = both(node.condition, dependencyOf(reading, property))
    } else if (property.kind === 'visible' && property.condition !== null) {
      node.visibleIf = both(node.visibleIf, exprOf(reading, property.condition, 'value'))
      node.visibility = both(node.visibility, exprOf(reading, property.condition, 'condition'))
    }
  }
  for (const property of properties) {
    reading.at = { file, start: property.start, end: property.end }
    addProperty(reading, node, property)
  }
}

function dependencyOf(reading: Reading, { expr, condition }: Extract<Property, { kind: 'depends' }>): KconfigExpr {
  const dependency = exprOf(reading, expr, 'condition')
  if (condition === null) return dependency
  return { kind: 'or', operands: [dependency, isNo(exprOf(reading, condition, 'condition'))] }
}

function addProperty(reading: Reading, node: NodeBuilder, property: Property): void {
  const { symbol } = node
  switch (property.kind) {
    case 'type':
      if (property.prompt) addPrompt(reading, node, { ...property, prompt: property.prompt })
      setType(symbol, property.type)
      return
    case 'prompt':
      addPrompt(reading, node, property)
      return
    case 'default':
      if (symbol !== null) {
        const line = { ...base(reading, node, property), value: exprOf(reading, property.value, 'value') }
        symbol.defaults = appended(symbol.defaults, line)
      }
      if (property.type !== null) setType(symbol, property.type)
      return
    case 'select':
    case 'imply': {
      const target = expandWord(reading.macros, property.symbol)
      if (symbol === null) return
      const line = { ...base(reading, node, property), from: symbol.name, target }
      if (property.kind === 'select') symbol.selects = appended(symbol.selects, line)
      else symbol.implies = appended(symbol.implies, line)
      return
    }
    case 'range': {
      const [low, high] = [operandOf(reading, property.low), operandOf(reading, property.high)]
      if (symbol !== null) symbol.ranges = appended(symbol.ranges, { ...base(reading, node, property), low, high })
      return
    }
    case 'modules':
      reading.modules ??= symbol?.name ?? null
      return
    case 'option':
      if (property.name === 'modules') reading.modules ??= symbol?.name ?? null
      return
    case 'transitional':
    case 'optional':
      if (symbol) symbol[property.kind] = true
      return
    case 'depends':
    case 'visible':
    case 'help':
    case 'error':
  }
}

function setType(symbol: SymbolBuilder | null, type: TypeName): void {
  if (symbol?.type === 'unknown') symbol.type = type
}

type PromptLine = {
  readonly prompt: Word
  readonly condition: Expr | null
  readonly start: number
  readonly end: number
}

function addPrompt(reading: Reading, node: NodeBuilder, line: PromptLine): void {
  const { own, condition, at } = base(reading, node, line)
  const text = expandWord(reading.macros, line.prompt).trimStart()
  node.prompt = { text, own, condition: both(condition, node.parent?.visibility ?? null), at }
  if (node.symbol !== null) node.symbol.prompts = appended(node.symbol.prompts, node.prompt)
}

type Line = { readonly condition: Expr | null; readonly start: number; readonly end: number }

function base(reading: Reading, node: NodeBuilder, line: Line): { own: Condition; condition: Condition; at: Span } {
  const own = conditionOf(reading, line.condition)
  return { own, condition: both(node.condition, own), at: { file: reading.at.file, start: line.start, end: line.end } }
}

/** A condition with its macros expanded, and with `m` made `m && MODULES` (menu.c, `rewrite_m`). */
export function conditionOf(reading: Reading, expr: Expr | null): Condition {
  return expr === null ? null : exprOf(reading, expr, 'condition')
}

function exprOf(reading: Reading, expr: Expr, use: 'condition' | 'value'): KconfigExpr {
  switch (expr.kind) {
    case 'symbol': {
      const operand = operandOf(reading, expr.word)
      const symbol: KconfigExpr = { kind: 'symbol', operand }
      if (use === 'value' || operand.name !== 'm' || !operand.constant) return symbol
      const modules = { name: 'n', constant: true }
      reading.modulesOperands.push(modules)
      return { kind: 'and', operands: [symbol, { kind: 'symbol', operand: modules }] }
    }
    case 'compare':
      return {
        kind: 'compare',
        op: expr.op,
        left: operandOf(reading, expr.left),
        right: operandOf(reading, expr.right),
      }
    case 'not':
      return { kind: 'not', operand: exprOf(reading, expr.operand, use) }
    case 'and':
    case 'or':
      return { kind: expr.kind, operands: expr.operands.map((operand) => exprOf(reading, operand, use)) }
  }
}

function operandOf(reading: Reading, word: Word): Operand {
  const name = expandWord(reading.macros, word)
  if (name === '' && !word.quoted) reading.macros.fail(`\`${word.text}\` expands to nothing`)
  return { name, constant: word.quoted || name === 'y' || name === 'm' || name === 'n' }
}
