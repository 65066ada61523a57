import type { Expr, KconfigFile, Property, Range, Statement } from './syntax.ts'

/** A statement with statements inside of it. */
export type Block = Extract<Statement, { readonly kind: 'menu' | 'choice' | 'if' }>

/** A condition that holds for everything in a block: that of an `if`, or a `depends on` of a menu or a choice. */
export type EnclosingCondition = {
  readonly expr: Expr
  /** Set for `depends on X if Y` (Linux 7.0), where `expr` need hold under this condition only. */
  readonly condition: Expr | null
  /** Where it is written: the `if` line, or the property. */
  readonly at: Range
  readonly block: Block
}

/** The blocks of its file that a statement stands in, outermost first. */
export function enclosingBlocks(file: KconfigFile, statement: Statement): readonly Block[] {
  const blocks: Block[] = []
  let { parent } = statement
  while (parent !== null) {
    const block = file.statements[parent]
    if (block?.kind !== 'menu' && block?.kind !== 'choice' && block?.kind !== 'if') break
    blocks.unshift(block)
    parent = block.parent
  }
  return blocks
}

/**
 * The conditions of its own file that are ANDed to every dependency of a statement (menu.c, `_menu_finalize`), outermost
 * first. What the `source` that brings the file in adds is not known here: `loadKconfig` knows.
 */
export function enclosingConditions(file: KconfigFile, statement: Statement): readonly EnclosingCondition[] {
  return enclosingBlocks(file, statement).flatMap((block): readonly EnclosingCondition[] => {
    if (block.kind === 'if') return [{ expr: block.condition, condition: null, at: block, block }]
    return dependenciesOf(block.properties).map(({ expr, condition, start, end }) => ({
      expr,
      condition,
      at: { start, end },
      block,
    }))
  })
}

/** The `depends on` lines among properties, in their order. */
export function dependenciesOf(properties: readonly Property[]): readonly Extract<Property, { kind: 'depends' }>[] {
  return properties.filter((property) => property.kind === 'depends')
}
