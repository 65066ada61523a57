import type { Property, Range, Statement } from '../../src/kconfig/syntax.ts'

/** A line without effect. */
export type Redundant = {
  readonly range: Range
  readonly message: string
  /** What makes the finding the same in another version of the file. */
  readonly subject: string
  /** The line that makes this one redundant; null where none does. */
  readonly because: Range | null
  /** What stands in its place without a change; empty for nothing, null to drop the line. */
  readonly replacement: string | null
  /** Set for a part of a line whose other parts count: not worth telling, and no news on a line of its own. */
  readonly untold?: true
}

export type Config = Extract<Statement, { readonly kind: 'config' }>
export type Default = Extract<Property, { readonly kind: 'default' }>
