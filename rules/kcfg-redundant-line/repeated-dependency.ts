import { dependenciesOf, enclosingConditions } from '../../src/kconfig/enclosing.ts'
import { exprKey, operandsOf, printExpr } from '../../src/kconfig/print-expression.ts'
import type { Expr, KconfigFile, Range, Statement } from '../../src/kconfig/syntax.ts'
import type { Config, Redundant } from './redundant.ts'

/** What holds for an entry, by the key of the expression: where it is said, and in what words. */
type Known = Map<string, Reason>
type Reason = { readonly at: Range; readonly how: string }

/**
 * The `depends on` lines that say nothing new: each of their conjuncts is said by a block around the entry, or by another line
 * of it; kconfig ANDs them all (menu.c _menu_finalize()).
 */
export function repeatedDependencies(file: KconfigFile): readonly Redundant[] {
  return file.statements.flatMap((statement) => repeatedIn(file, statement))
}

function repeatedIn(file: KconfigFile, statement: Statement): readonly Redundant[] {
  if (statement.kind !== 'config' && statement.kind !== 'menu' && statement.kind !== 'comment') return []
  const lines = dependenciesOf(statement.properties)
  if (lines.length === 0) return []
  const known = knownAround(file, statement)
  return lines.flatMap(({ expr, condition, start, end }) => {
    if (condition !== null) return []
    const parts = operandsOf(expr, 'and')
    const reasons = parts.map((part) => reasonFor(part, known))
    add(known, expr, { start, end }, 'a line before it')
    const describe = (said: Expr, { at, how }: Reason): Redundant => {
      const written = `depends on ${printExpr(said)}`
      const subject = `${nameOf(statement)} ${written}`
      const message = `\`${written}\` of ${nameOf(statement)} repeats ${how}`
      return { range: { start, end }, message, subject, because: at, replacement: null }
    }
    const [first] = reasons
    if (first !== undefined && first !== null && !reasons.includes(null)) return [describe(expr, first)]
    return parts.flatMap((part, index) => {
      const reason = reasons[index] ?? null
      return reason === null ? [] : [{ ...describe(part, reason), untold: true as const }]
    })
  })
}

/** What holds wherever a line of an entry counts: what blocks around it and its own `depends on` lines say. */
export function knownFor(file: KconfigFile, config: Config): ReadonlyMap<string, Reason> {
  const known = knownAround(file, config)
  for (const { expr, condition, start, end } of dependenciesOf(config.properties)) {
    if (condition === null) add(known, expr, { start, end }, 'a line before it')
  }
  return known
}

function knownAround(file: KconfigFile, statement: Statement): Known {
  const known: Known = new Map()
  for (const { expr, condition, at, block } of enclosingConditions(file, statement)) {
    if (condition === null) add(known, expr, at, `the \`${block.kind}\` around it`)
  }
  return known
}

function add(known: Known, expr: Expr, at: Range, how: string): void {
  for (const part of operandsOf(expr, 'and')) {
    const key = exprKey(part)
    if (!known.has(key)) known.set(key, { at, how })
  }
}

/** What says a conjunct: the same one, or one of the operands of an `||`. */
export function reasonFor(part: Expr, known: ReadonlyMap<string, Reason>): Reason | null {
  const keys = [exprKey(part), ...(part.kind === 'or' ? operandsOf(part, 'or').map(exprKey) : [])]
  return keys.map((key) => known.get(key)).find((reason) => reason !== undefined) ?? null
}

function nameOf(statement: Statement): string {
  if (statement.kind === 'config') return `\`${statement.name.text}\``
  return statement.kind === 'menu' || statement.kind === 'comment'
    ? `the ${statement.kind} "${statement.prompt.text}"`
    : ''
}
