import type { Span } from '../text/span.ts'
import { appended, newNode, newSymbol } from './builders.ts'
import type { NodeBuilder, SymbolBuilder } from './builders.ts'
import { both, isNo, symbolExpr } from './condition.ts'
import { expandWord } from './expand.ts'
import type { Macros } from './expand.ts'
import type { KconfigDialect } from './dialect.ts'
import type { Condition, KconfigExpr, Operand } from './model.ts'
import type { Item } from './portion.ts'
import type { Expr, Property, TypeName, Word } from './syntax.ts'

/** What reading an entry needs to know, and what it leaves behind. */
export type Reading = {
  readonly macros: Macros
  readonly dialect: KconfigDialect
  /** Names the symbol with `modules`, once that is known. */
  readonly modules: Operand
  /** The statement or property under way. */
  at: Span
  /** What the file under way has come to so far. */
  items: Item[]
}

/** What statements stand in, and what that says of them. */
export type Place = {
  readonly node: { children: readonly NodeBuilder[] }
  /** What they depend on. */
  readonly inside: Condition
  /** What prompts depend on besides: `visible if` of the menus around them. */
  readonly visibility: Condition
  /** The choice around them, with nothing but ifs, menus and comments in between; null where there is none. */
  readonly choice: string | null
}

/** A statement with properties under way; `symbol` is what it says of a symbol or choice. */
type Entry = {
  readonly reading: Reading
  readonly place: Place
  readonly node: NodeBuilder
  readonly symbol: SymbolBuilder | null
}

/** Takes in the definition of a symbol. */
export function addSymbol(reading: Reading, place: Place, entry: Named): void {
  const { node, part } = definition(reading, place, { ...entry, kind: 'symbol' })
  if (reading.dialect.choices === 'calculated' && node.prompt !== null) part.choice = place.choice
  reading.items.push({ kind: 'symbol', part, choice: place.choice })
}

/** Takes in a choice; gives the place of its members. Recorded choices are a symbol, and members depend on that. */
export function addChoice(reading: Reading, place: Place, entry: Named): Place {
  const { node, part, visibility } = definition(reading, place, { ...entry, kind: 'choice' })
  reading.items.push({ kind: 'choice', part, node })
  const inside = reading.dialect.choices === 'recorded' ? symbolExpr(entry.name) : node.condition
  return { node, inside, visibility, choice: entry.name }
}

type Named = { readonly name: string; readonly properties: readonly Property[] }
type Definition = { readonly node: NodeBuilder; readonly part: SymbolBuilder; readonly visibility: Condition }

function definition(
  reading: Reading,
  place: Place,
  { kind, name, properties }: Named & { readonly kind: 'symbol' | 'choice' },
): Definition {
  const node = addNode(reading, place, { kind, name })
  const part = newSymbol(name)
  if (kind === 'choice' && reading.dialect.choices === 'calculated') part.type = 'bool'
  part.definitions = [node]
  const visibility = addProperties({ reading, place, node, symbol: part }, properties)
  part.dependency = node.condition
  return { node, part, visibility }
}

type Heading = {
  readonly kind: 'menu' | 'comment'
  readonly prompt: Word
  readonly properties: readonly Property[]
}

/** Takes in a menu or a comment; gives the place of what stands in it. */
export function addHeading(reading: Reading, place: Place, { kind, prompt, properties }: Heading): Place {
  const { at } = reading
  const node = addNode(reading, place, { kind, name: null })
  const text = expandWord(reading.macros, prompt).trimStart()
  const visibility = addProperties({ reading, place, node, symbol: null }, properties)
  node.prompt = { text, condition: node.condition, own: null, at }
  return { ...place, node, inside: node.condition, visibility }
}

/** Takes in an `if`; gives the place of what stands in it. */
export function addIf(reading: Reading, place: Place, condition: Expr): Place {
  const node = addNode(reading, place, { kind: 'if', name: null })
  node.condition = both(node.condition, conditionOf(reading, condition))
  return { ...place, node, inside: node.condition }
}

/** A node at the end of a place. */
function addNode({ at }: Reading, place: Place, { kind, name }: Pick<NodeBuilder, 'kind' | 'name'>): NodeBuilder {
  const node = newNode({ kind, name, condition: place.inside, at })
  place.node.children = appended(place.node.children, node)
  return node
}

/**
 * Adds the properties of a statement to its node and its symbol. Dependencies come first: all others have them in their conditions. Gives
 * what prompts below the node depend on.
 */
function addProperties(entry: Entry, properties: readonly Property[]): Condition {
  const { reading, node, place } = entry
  const { file } = reading.at
  let { visibility } = place
  for (const property of properties) {
    if (property.kind !== 'depends' && property.kind !== 'visible') continue
    reading.at = { file, start: property.start, end: property.end }
    if (property.kind === 'depends') {
      node.condition = both(node.condition, dependencyOf(reading, property))
    } else if (property.condition !== null) {
      node.visibleIf = both(node.visibleIf, exprOf(reading, property.condition, 'value'))
      visibility = both(visibility, exprOf(reading, property.condition, 'condition'))
    }
  }
  for (const property of properties) {
    if (isSilent(property)) continue
    reading.at = { file, start: property.start, end: property.end }
    addProperty(entry, property)
  }
  return visibility
}

/** What says nothing once dependencies are known. */
type Silent = Extract<Property, { kind: 'depends' | 'visible' | 'help' | 'error' }>

function isSilent(property: Property): property is Silent {
  const { kind } = property
  return kind === 'help' || kind === 'depends' || kind === 'visible' || kind === 'error'
}

function dependencyOf(reading: Reading, { expr, condition }: Extract<Property, { kind: 'depends' }>): KconfigExpr {
  const dependency = exprOf(reading, expr, 'condition')
  if (condition === null) return dependency
  return { kind: 'or', operands: [dependency, isNo(exprOf(reading, condition, 'condition'))] }
}

function addProperty(entry: Entry, property: Exclude<Property, Silent>): void {
  const { symbol } = entry
  switch (property.kind) {
    case 'type':
      if (property.prompt !== null) addPrompt(entry, property.prompt, property.condition)
      setType(symbol, property.type)
      return
    case 'prompt':
      addPrompt(entry, property.prompt, property.condition)
      return
    case 'default':
      addDefault(entry, property)
      if (property.type !== null) setType(symbol, property.type)
      return
    case 'select':
    case 'imply':
      addSelection(entry, property)
      return
    case 'range':
      addRange(entry, property)
      return
    case 'modules':
      addModules(entry)
      return
    case 'option':
      if (property.name === 'modules') addModules(entry)
      return
    case 'transitional':
    case 'optional':
      if (symbol !== null) symbol[property.kind] = true
      return
  }
}

function setType(symbol: SymbolBuilder | null, type: TypeName): void {
  if (symbol?.type === 'unknown') symbol.type = type
}

function addModules({ reading, symbol }: Entry): void {
  if (symbol !== null) reading.items.push({ kind: 'modules', name: symbol.name })
}

function addPrompt({ reading, node, place, symbol }: Entry, prompt: Word, expr: Expr | null): void {
  const own = conditionOf(reading, expr)
  const text = expandWord(reading.macros, prompt).trimStart()
  node.prompt = { text, own, condition: both(both(node.condition, own), place.visibility), at: reading.at }
  if (symbol !== null) symbol.prompts = appended(symbol.prompts, node.prompt)
}

function addDefault({ reading, node, symbol }: Entry, property: Extract<Property, { kind: 'default' }>): void {
  if (symbol === null) return
  const own = conditionOf(reading, property.condition)
  const value = exprOf(reading, property.value, 'value')
  symbol.defaults = appended(symbol.defaults, { own, condition: both(node.condition, own), at: reading.at, value })
}

function addSelection(
  { reading, node, symbol }: Entry,
  property: Extract<Property, { kind: 'select' | 'imply' }>,
): void {
  const target = expandWord(reading.macros, property.symbol)
  if (symbol === null) return
  const own = conditionOf(reading, property.condition)
  const line = { own, condition: both(node.condition, own), at: reading.at, from: symbol.name, target }
  if (property.kind === 'select') symbol.selects = appended(symbol.selects, line)
  else symbol.implies = appended(symbol.implies, line)
}

function addRange({ reading, node, symbol }: Entry, property: Extract<Property, { kind: 'range' }>): void {
  const low = operandOf(reading, property.low)
  const high = operandOf(reading, property.high)
  if (symbol === null) return
  const own = conditionOf(reading, property.condition)
  symbol.ranges = appended(symbol.ranges, { own, condition: both(node.condition, own), at: reading.at, low, high })
}

/** A condition with its macros expanded, and with `m` made `m && MODULES` (menu.c, `rewrite_m`). */
function conditionOf(reading: Reading, expr: Expr | null): Condition {
  return expr === null ? null : exprOf(reading, expr, 'condition')
}

function exprOf(reading: Reading, expr: Expr, use: 'condition' | 'value'): KconfigExpr {
  switch (expr.kind) {
    case 'symbol': {
      const operand = operandOf(reading, expr.word)
      const symbol: KconfigExpr = { kind: 'symbol', operand }
      if (use === 'value' || operand.name !== 'm' || !operand.constant) return symbol
      return { kind: 'and', operands: [symbol, { kind: 'symbol', operand: reading.modules }] }
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
