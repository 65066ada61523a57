import type { Span } from '../text/span.ts'
import type { Bounds, Condition, Default, MenuNode, Prompt, Selection, SymbolType } from './model.ts'

/** A `KconfigSymbol` while its lines are still being read: what one statement says of it, or several. */
export type SymbolBuilder = {
  readonly name: string
  type: SymbolType
  definitions: readonly NodeBuilder[]
  prompts: readonly Prompt[]
  defaults: readonly Default[]
  ranges: readonly Bounds[]
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

/** A `MenuNode` while its properties and children are still being read. */
export type NodeBuilder = {
  readonly kind: MenuNode['kind']
  readonly name: string | null
  prompt: Prompt | null
  condition: Condition
  visibleIf: Condition
  children: readonly NodeBuilder[]
  readonly at: Span
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

type NewNode = Pick<NodeBuilder, 'kind' | 'name' | 'condition' | 'at'>

export function newNode({ kind, name, condition, at }: NewNode): NodeBuilder {
  return { kind, name, prompt: null, condition, visibleIf: null, children: none, at }
}
