/** Which variables makefiles read: by names as they are written, and by names that are put together. */
import type { Expr, Makefile, Node } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { parseMakefile } from '../../src/make/parse.ts'
import { parseText } from '../../src/make/script.ts'
import { exprsOf, visitNodes, visitParts, type Call } from '../../src/make/visit.ts'
import { oncePer } from '../../src/text/once-per.ts'

/** A name with parts that are not written: `CFLAGS_$(target-stem).o`, `$(quiet)cmd_$(1)`. */
export type ComputedName = {
  readonly prefix: string
  readonly suffix: string
  /** What is written between references. */
  readonly middle: readonly string[]
  /** From the first reference to the last, as it is written. */
  readonly inner: string
}

export type ReadNames = {
  readonly literal: ReadonlySet<string>
  readonly computed: readonly ComputedName[]
  /** What stands behind an object's name in the lists of its parts: `-objs`, `-y`, `-m`, `-dtbs`. */
  readonly partLists: ReadonlySet<string>
  /** Whether a name is read of which nothing is written: `$($(1))`. */
  readonly isOpen: boolean
}

type Collector = {
  readonly literal: Set<string>
  readonly computed: ComputedName[]
  readonly partLists: Set<string>
  isOpen: boolean
}

/** The variables that the statements of some makefiles read, `define`s and what they give to `$(eval ...)` included. */
export function readNames(makefiles: readonly Makefile[]): ReadNames {
  const each = makefiles.map(namesReadIn)
  const [only] = each
  if (only !== undefined && each.length === 1) return only
  return {
    literal: new Set(each.flatMap(({ literal }) => [...literal])),
    computed: each.flatMap(({ computed }) => computed),
    partLists: new Set(each.flatMap(({ partLists }) => [...partLists])),
    isOpen: each.some(({ isOpen }) => isOpen),
  }
}

const namesReadIn: (makefile: Makefile) => ReadNames = oncePer((makefile) => {
  const found: Collector = { literal: new Set(), computed: [], partLists: new Set(), isOpen: false }
  collect(makefile, found)
  // What `$(eval ...)` reads later, and lines of the shell that look the same.
  for (const [, name] of makefile.text.matchAll(/\$\$[({]([\w.-]+)[)}:]/g))
    if (name !== undefined) found.literal.add(name)
  return found
})

function collect({ text, nodes }: Makefile, found: Collector): void {
  for (const { node } of visitNodes(nodes)) {
    for (const { expr } of exprsOf(node)) collectExpr(text, expr, found)
    for (const name of testedNames(node)) addName(text, name, found)
    if (node.kind === 'export' && node.names !== null) {
      for (const word of textOf(text, node.names).split(/\s+/)) found.literal.add(word)
    }
    // A body is at most as deep as it is long: `define` in `define` is text of the outer one.
    if (node.kind === 'define') {
      const body = parseMakefile(text.slice(node.body.start, node.body.end))
      for (const inner of visitNodes(body.nodes)) {
        for (const { expr } of exprsOf(inner.node)) collectExpr(body.text, expr, found)
      }
      // What `$(call ...)` makes of it is no makefile, but text: commands that begin with a tab, of no rule.
      collectExpr(body.text, parseText(body.text, '', null).expr, found)
    }
  }
}

function testedNames(node: Node): readonly Expr[] {
  if (node.kind !== 'conditional') return []
  return node.branches.flatMap(({ test }) => (test?.kind === 'def' || test?.kind === 'ndef' ? [test.name] : []))
}

/** Functions whose first argument is the name of a variable (GNU make manual, 8.9 "The value Function", 8.10, 8.11). */
const namingFunctions: ReadonlySet<string> = new Set(['call', 'value', 'flavor', 'origin'])

/** The functions of scripts/Makefile.lib that find the parts of an object by its name; the third argument has what follows it. */
const partFunctions: ReadonlySet<string> = new Set(['suffix-search', 'multi-search', 'real-search', 'multi_depend'])

function collectExpr(text: string, expr: Expr, found: Collector): void {
  if (expr.parts.every(({ kind }) => kind === 'literal')) return
  for (const part of visitParts(expr)) {
    if (part.kind === 'variable' || part.kind === 'substitution') addName(text, part.name, found)
    if (part.kind !== 'call' || !namingFunctions.has(part.fn)) continue
    const [name] = part.args
    if (name !== undefined) addName(text, name, found)
    if (part.fn === 'call') addPartLists(text, part, found)
  }
}

function addPartLists(text: string, { args: [macro, , , endings] }: Call, found: Collector): void {
  if (macro === undefined || endings === undefined) return
  if (!partFunctions.has(literalText(text, macro)?.trim() ?? '')) return
  for (const ending of (literalText(text, endings) ?? '').split(/\s+/)) {
    if (ending !== '') found.partLists.add(ending)
  }
}

function addName(text: string, name: Expr, found: Collector): void {
  const literal = literalText(text, name)
  if (literal !== null) {
    found.literal.add(literal.trim())
    return
  }
  const isWritten = name.parts.map(({ kind }) => kind === 'literal')
  const [first, last] = [isWritten.indexOf(false), isWritten.lastIndexOf(false)]
  const written = (from: number, to: number): readonly string[] =>
    name.parts.slice(from, to).flatMap((part) => (part.kind === 'literal' ? textOf(text, part) : []))
  const prefix = written(0, first).join('').trimStart()
  const suffix = written(last + 1, name.parts.length)
    .join('')
    .trimEnd()
  const middle = written(first, last)
  const [from, to] = [name.parts[first], name.parts[last]]
  // `$($(target-stem)-$(o))` of scripts/Makefile.host: the lists that this reads are read by their whole names elsewhere.
  if (!/\w/.test(prefix + middle.join('') + suffix)) found.isOpen = true
  else if (from !== undefined && to !== undefined) {
    found.computed.push({ prefix, suffix, middle, inner: text.slice(from.range.start, to.range.end) })
  }
}

/** Whether a computed name may be this one; what is computed of it may be nothing, as `$(quiet)` mostly is. */
export function fitsName({ prefix, suffix, middle }: ComputedName, name: string): boolean {
  if (name.length < prefix.length + suffix.length || !name.startsWith(prefix) || !name.endsWith(suffix)) return false
  let at = prefix.length
  for (const piece of middle) {
    const found = name.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return at <= name.length - suffix.length
}
