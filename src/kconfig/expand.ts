import { splitClause } from './macro-call.ts'
import type { Word } from './syntax.ts'

/** A variable; `depth` counts the expansions of it that are under way. */
type Variable = { value: string; recursive: boolean; depth: number }

/** What macros are expanded with: preprocess.c keeps the same. `fail` reports what conf would stop at. */
export type Macros = {
  readonly variables: Map<string, Variable>
  readonly env: ReadonlyMap<string, string>
  /** The output of a command, as `do_shell` returns it; null where it is not known. */
  readonly shell: (command: string) => string | null
  readonly filename: () => string
  readonly lineno: () => number
  readonly fail: (message: string) => void
  /** The names that were looked up. */
  uses: Set<string>
  /** How many characters have been expanded; what `maxWork` bounds. */
  work: number
}

/** Expansions may be nested this deep (preprocess.c has 1000 for a function that calls itself). */
const maxDepth = 200

/** All expansions of a tree may go over this many characters; those of Linux 6.12 go over 81,342. More is taken for hostile. */
export const maxWork = 20_000_000

/**
 * The text of a word with its macros expanded. A command whose output is not known stands as `$(shell,command)` in the
 * result, so that what rests on it can be told.
 */
export function expandWord(macros: Macros, word: Word): string {
  if (word.parts === null) return word.text
  return word.parts.map((part) => (part.kind === 'text' ? part.text : evalClause(macros, part.text, [], 0))).join('')
}

/** Whether a text rests on a command whose output is not known. */
export function isUnanswered(text: string): boolean {
  return text.includes('$(shell,')
}

/** What a name stands for, as a text that is the same where it stands for the same. */
export function stateOf({ variables, env }: Macros, name: string): string {
  const variable = variables.get(name)
  return JSON.stringify([variable?.recursive, variable?.value, env.get(name)])
}

/** `name op value`. `+=` keeps the flavor that the variable has, and is `=` where it has none (preprocess.c, `variable_add`). */
export function assignVariable(macros: Macros, name: string, op: '=' | ':=' | '+=', value: string): void {
  const known = macros.variables.get(name)
  const recursive = op === '+=' ? (known?.recursive ?? true) : op === '='
  const text = recursive ? value : expandText(macros, value, [], 0)
  const joined = op === '+=' && known ? `${known.value} ${text}` : text
  macros.variables.set(name, { value: joined, recursive, depth: known?.depth ?? 0 })
}

/** Expands every `$(...)` of a text; a `$` without parenthesis stands for itself. */
function expandText(macros: Macros, text: string, args: readonly string[], depth: number): string {
  let result = ''
  let literal = 0
  for (;;) {
    const dollar = text.indexOf('$(', literal)
    if (dollar === -1) break
    const end = closingParen(text, dollar + 1)
    if (end === -1) {
      macros.fail('a macro call is not closed')
      break
    }
    result += text.slice(literal, dollar) + evalClause(macros, text.slice(dollar + 2, end), args, depth)
    literal = end + 1
    if (isSpent(macros, result.length)) return ''
  }
  return result + text.slice(literal)
}

/** Adds to the work done; whether it is more than is allowed, which is reported once. */
function isSpent(macros: Macros, work: number): boolean {
  const before = macros.work
  macros.work += work
  if (before <= maxWork && macros.work > maxWork) macros.fail('the macros expand to more than is sensible')
  return macros.work > maxWork
}

/** Where the parenthesis opened at an offset closes; -1 where it does not. */
function closingParen(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 40) depth++
    else if (code === 41 && --depth === 0) return at
  }
  return -1
}

/** An argument of the enclosing call, a variable, a built-in function or an environment variable, in this order. */
function evalClause(macros: Macros, clause: string, args: readonly string[], depth: number): string {
  if (depth > maxDepth) {
    macros.fail('macros are nested too deep')
    return ''
  }
  if (isSpent(macros, clause.length)) return ''
  if (/^\s*[+-]?\d+$/.test(clause)) {
    const index = Number(clause)
    if (index > 0 && index <= args.length) return args[index - 1] ?? ''
  }
  const [name = '', ...values] = splitClause(clause).map((part) => expandText(macros, part, args, depth + 1))
  macros.uses.add(name)
  const variable = macros.variables.get(name)
  if (variable) return expandVariable(macros, { name, variable, args: values, depth })
  return callFunction(macros, name, values) ?? (values.length === 0 ? (macros.env.get(name) ?? '') : '')
}

type Expansion = { name: string; variable: Variable; args: readonly string[]; depth: number }

function expandVariable(macros: Macros, { name, variable, args, depth }: Expansion): string {
  if (!variable.recursive) return variable.value
  if (args.length === 0 && variable.depth > 0) {
    macros.fail(`\`${name}\` refers to itself`)
    return ''
  }
  variable.depth++
  const result = expandText(macros, variable.value, args, depth + 1)
  variable.depth--
  return result
}

/** The functions of preprocess.c; null where there is none of the name. What prints or stops conf has no effect here. */
function callFunction(macros: Macros, name: string, args: readonly string[]): string | null {
  switch (name) {
    case 'shell': {
      const [command = ''] = args
      return macros.shell(command) ?? `$(shell,${command})`
    }
    case 'filename':
      return macros.filename()
    case 'lineno':
      return String(macros.lineno())
    case 'error-if':
      if (args[0] === 'y') macros.fail(args[1] ?? '')
      return ''
    case 'warning-if':
    case 'info':
      return ''
    default:
      return null
  }
}
