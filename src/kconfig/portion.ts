/** What reading a Kconfig file comes to, kept so that another architecture that would read the same need not. */
import type { Span } from '../text/span.ts'
import type { NodeBuilder, SymbolBuilder } from './builders.ts'
import { isSameCondition } from './condition.ts'
import { maxWork, stateOf, type Macros } from './expand.ts'
import type { Condition, ModelProblem, Probe, Prompt } from './model.ts'

/** What a file, with those that it brings in, adds to a model. Not to be changed once it is read: models share it. */
export type Portion = {
  readonly path: string
  /** What encloses the `source` line, for conditions and for prompts. */
  readonly inside: Condition
  readonly visibility: Condition
  /** In the order in which conf would meet them. */
  readonly items: readonly Item[]
  readonly nodes: readonly NodeBuilder[]
  /** The state of each variable that was looked at, set or not, as `stateOf` has it. */
  readonly uses: ReadonlyMap<string, string>
  /** What expanding macros has taken, as `Macros` counts it. */
  readonly work: number
  /** The files read, itself first. */
  readonly paths: readonly string[]
  /** How deep files bring in others: 1 where it brings in none. */
  readonly depth: number
}

export type Item =
  /** One statement's part of a symbol; `choice` is the choice around it. */
  | { readonly kind: 'symbol'; readonly part: SymbolBuilder; readonly choice: string | null }
  | { readonly kind: 'choice'; readonly part: SymbolBuilder; readonly node: NodeBuilder }
  /** `from` is the `source` line; null for the file that reading starts with. */
  | { readonly kind: 'file'; readonly portion: Portion; readonly from: Span | null }
  | { readonly kind: 'title'; readonly prompt: Prompt }
  | { readonly kind: 'modules'; readonly name: string }
  | { readonly kind: 'problem'; readonly problem: ModelProblem }
  | { readonly kind: 'probe'; readonly probe: Probe }

/** Where a file is to be read. */
export type Site = {
  readonly inside: Condition
  readonly visibility: Condition
  readonly macros: Macros
  /** The files read so far, those under way among them. */
  readonly read: ReadonlyMap<string, number>
  /** How deep files may still bring in others, this one counted. */
  readonly depthLeft: number
}

/** Whether reading the file of a portion at a site would give the same again. */
export function fits(portion: Portion, { inside, visibility, macros, read, depthLeft }: Site): boolean {
  const { uses, paths } = portion
  return (
    portion.depth <= depthLeft &&
    macros.work + portion.work <= maxWork &&
    isSameCondition(portion.inside, inside) &&
    isSameCondition(portion.visibility, visibility) &&
    uses.entries().every(([name, state]) => stateOf(macros, name) === state) &&
    !paths.some((path) => read.has(path))
  )
}
