import type { Expr, Test } from '../../src/make/cst.ts'
import { literalText } from '../../src/make/expr-text.ts'
import { callsOf, referencesOf, type Enclosing } from '../../src/make/visit.ts'

/**
 * Whether `make clean`, which reads no configuration (scripts/Makefile.clean does not include auto.conf), gets to a place:
 * `no` where a condition keeps it away or is about configuration or goals at all, `unknown` where it depends on something else;
 * `on what is installed` where that is only a program or file that is looked for.
 */
export type Reached = 'yes' | 'no' | 'unknown' | 'on what is installed'

/** Variables that say what make was called for, or that there is a configuration. */
const guards =
  /^(?:CONFIG_\w*|MAKECMDGOALS|need-compiler|need-config|may-sync-config|config-build|mixed-build|KBUILD_BUILTIN|KBUILD_MODULES)$/

/** Whether an expression is about the configuration or the goals. */
export function isAboutGoals(expr: Expr, text: string): boolean {
  return referencesOf(expr).some(({ name }) => guards.test(literalText(text, name)?.trim() ?? ''))
}

/** Whether make gets to what stands in these branches while it cleans. */
export function reachedWhileCleaning(enclosing: readonly Enclosing[], text: string, looksFor: LooksFor): Reached {
  const open: Test[] = []
  for (const { conditional, branch } of enclosing) {
    for (const [at, { test }] of conditional.branches.slice(0, branch + 1).entries()) {
      if (test === null) continue
      const value = valueWhileCleaning(test, text)
      if (value === 'guard' || (typeof value === 'boolean' && value !== (at === branch))) return 'no'
      if (value === 'unknown') open.push(test)
    }
  }
  if (open.length === 0) return 'yes'
  return open.every(looksFor) ? 'on what is installed' : 'unknown'
}

/** Whether a condition is about a program or file that may be there or not. */
export type LooksFor = (test: Test) => boolean

/** What a condition is with no CONFIG_ variable set; `guard` where that is not known but it is about configuration or goals. */
function valueWhileCleaning(test: Test, text: string): boolean | 'guard' | 'unknown' {
  if (test.kind === 'def' || test.kind === 'ndef') {
    const name = literalText(text, test.name)?.trim() ?? ''
    if (name.startsWith('CONFIG_')) return test.kind === 'ndef'
    return guards.test(name) ? 'guard' : 'unknown'
  }
  if (test.kind !== 'eq' && test.kind !== 'neq') return 'unknown'
  const left = textWhileCleaning(test.left, text)
  const right = textWhileCleaning(test.right, text)
  if (left !== null && right !== null) return (left === right) === (test.kind === 'eq')
  return isAboutGoals(test.left, text) || isAboutGoals(test.right, text) ? 'guard' : 'unknown'
}

/** The text of an expression of nothing but literals and CONFIG_ variables; null for others. */
function textWhileCleaning(expr: Expr, text: string): string | null {
  const rest = expr.parts.filter((part) => {
    const name = part.kind === 'variable' ? literalText(text, part.name) : null
    return name === null || !name.startsWith('CONFIG_')
  })
  return literalText(text, { ...expr, parts: rest })
}

/** Whether an expression looks for a program or file itself: `$(shell command -v x)`, `$(wildcard x)`. */
export function looksForFiles(expr: Expr): boolean {
  return callsOf(expr, 'shell').length > 0 || callsOf(expr, 'wildcard').length > 0
}
