import type { Expr, Part } from '../../src/make/cst.ts'
import { exprWords, literalText, textOf } from '../../src/make/expr-text.ts'
import type { Call } from '../../src/make/visit.ts'
import type { Definition } from '../../src/review/recipe-variables.ts'

/** Whether a list of prerequisites holds FORCE; `because` says what hides it. */
export type Answer = { readonly kind: 'yes' | 'no' } | { readonly kind: 'unknown'; readonly because: string }

/**
 * A makefile as far as lists of it can be followed: its text, and its variables by name. `top` is the same of the top Makefile, which hands
 * variables to all others.
 */
export type Lists = {
  readonly text: string
  readonly definitions: ReadonlyMap<string, readonly Definition[]>
  /** The values of `list-$(CONFIG_X)`, by `list-`. */
  readonly computed: ReadonlyMap<string, readonly Expr[]>
  readonly top: Lists | null
}

const yes: Answer = { kind: 'yes' }
const no: Answer = { kind: 'no' }

/** A variable of a variable of ...: no list of the kernel goes deeper than 4. */
const maxDepth = 8

/** Whether FORCE is in an expression, as far as it, and the variables of the same makefile that it names, tell. */
export function holdsForce(expr: Expr, lists: Lists, depth = 0): Answer {
  return combine(exprWords(lists.text, expr).map((word) => answerOfWord(word, lists, depth)))
}

function combine(answers: readonly Answer[]): Answer {
  return answers.find(({ kind }) => kind === 'yes') ?? answers.find(({ kind }) => kind === 'unknown') ?? no
}

/** A word with letters of its own beside a reference, `$(obj)/a.o`, is a path; so is `$$(obj)/$(1).o` in a text for `$(eval)`. */
function answerOfWord(word: Expr, lists: Lists, depth: number): Answer {
  const written = textOf(lists.text, word)
  if (/\bFORCE\b/.test(written)) return yes
  const literals = word.parts.filter((part) => part.kind === 'literal')
  if (literals.some((part) => textOf(lists.text, part).includes('/'))) return no
  if (written.includes('$$')) return { kind: 'unknown', because: `\`${written}\` is expanded a second time` }
  if (literals.length > 0) return no
  return combine(word.parts.map((part) => answerOfPart(part, lists, depth)))
}

function answerOfPart(part: Part, lists: Lists, depth: number): Answer {
  if (part.kind === 'literal') return no
  if (depth >= maxDepth || part.kind === 'bad') return hidden(part, lists)
  if (part.kind === 'call') return answerOfCall(part, lists, depth)
  const name = literalText(lists.text, part.name)
  if (name === null) return hidden(part, lists)
  if (isPath(name)) return no
  if (/^(?:obj|lib)-[ym]$/.test(name)) return no
  const values = valuesOf(name, lists)
  if (values.length > 0) return combine(values.map((value) => holdsForce(value, lists, depth + 1)))
  const { top } = lists
  const handed = top === null ? [] : valuesOf(name, top)
  if (top === null || handed.length === 0) return hidden(part, lists)
  return combine(handed.map((value) => holdsForce(value, top, depth + 1)))
}

/** What gives a variable its words: of `list-y` also `list-$(CONFIG_X)`. */
function valuesOf(name: string, { definitions, computed }: Lists): readonly Expr[] {
  const list = /^.+-(?=[ym]$)/.exec(name)?.[0] ?? ''
  return [...(definitions.get(name) ?? []).map(({ value }) => value), ...(computed.get(list) ?? [])]
}

function hidden(part: Part, lists: Lists): Answer {
  return { kind: 'unknown', because: `the value of \`${textOf(lists.text, part)}\` is not known from this file` }
}

/** Directories that scripts/Makefile.build and the top makefile set, and the values of Kconfig. */
function isPath(name: string): boolean {
  return /^(obj|src|objtree|srctree|srcroot|CONFIG_.*)$/.test(name)
}

/** Functions whose result is a path or nothing, whatever they are given. */
const givePaths: ReadonlySet<string> = new Set(['wildcard', 'realpath', 'abspath', 'dir', 'shell'])

/** Arguments that are not part of the result: what is filtered for, the condition of `if`, the variable of `foreach`. */
const leadingInputs: Readonly<Record<string, number>> = {
  if: 1,
  filter: 1,
  'filter-out': 1,
  patsubst: 1,
  subst: 2,
  foreach: 2,
}

function answerOfCall(call: Call, lists: Lists, depth: number): Answer {
  const { fn, args } = call
  if (givePaths.has(fn)) return no
  if (fn === 'call' || fn === 'eval' || fn === 'value' || fn === 'let') return hidden(call, lists)
  const [first] = args
  if ((fn === 'addprefix' || fn === 'addsuffix') && first?.parts.some((part) => part.kind === 'literal')) return no
  return combine(args.slice(leadingInputs[fn] ?? 0).map((arg) => holdsForce(arg, lists, depth + 1)))
}
