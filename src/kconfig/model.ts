/**
 * What the Kconfig files of a tree say for one architecture: types only. `loadKconfig` makes a model.
 *
 * Conditions are final: those of the enclosing ifs, menus and choices are in them, as menu.c's `_menu_finalize` puts them
 * there, and `m` in them is `m && MODULES`. Objects are shared within a model, and between models of a tree.
 */
import type { Span } from '../text/span.ts'
import type { CompareOp, TypeName } from './syntax.ts'
import type { KconfigDialect } from './dialect.ts'

/**
 * What a word of an expression names. A `constant` is quoted, or y, m or n; anything else is looked up among the symbols, and stands
 * for its own text where there is none of the name (`64`). A name with `$(shell,` in it rests on a command that was not
 * answered: see `KconfigModel.probes`.
 */
export type Operand = { readonly name: string; readonly constant: boolean }

/** An expression over symbols with three values: n < m < y. `and` is the least of its operands, `or` the greatest. */
export type KconfigExpr =
  | { readonly kind: 'symbol'; readonly operand: Operand }
  | { readonly kind: 'compare'; readonly op: CompareOp; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'not'; readonly operand: KconfigExpr }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly KconfigExpr[] }

/** A condition, null where there is none: it holds always. */
export type Condition = KconfigExpr | null

/** `own` is the condition as the line gives it, `condition` with all that encloses the line. `at` is the line's place. */
type PropertyBase = { readonly condition: Condition; readonly own: Condition; readonly at: Span }

export type Prompt = PropertyBase & { readonly text: string }
export type Default = PropertyBase & { readonly value: KconfigExpr }
/** `select` or `imply`: `from` names the symbol that has the line, `target` the one that it raises. */
export type Selection = PropertyBase & { readonly from: string; readonly target: string }
export type Bounds = PropertyBase & { readonly low: Operand; readonly high: Operand }

export type SymbolType = TypeName | 'unknown'

/**
 * A symbol, or a choice: a choice has members and a name that no symbol can have (`<choice lib/Kconfig.debug 1>`). Symbols that are only
 * referred to are none of the model's.
 */
export type KconfigSymbol = {
  readonly name: string
  /** That of the first line that gives one; `unknown` where no line does. */
  readonly type: SymbolType
  /** The `config`, `menuconfig` or `choice` statements, in the order in which they are read. */
  readonly definitions: readonly MenuNode[]
  readonly prompts: readonly Prompt[]
  /** In order: the first whose condition is not n counts. */
  readonly defaults: readonly Default[]
  readonly ranges: readonly Bounds[]
  readonly selects: readonly Selection[]
  readonly implies: readonly Selection[]
  readonly selectedBy: readonly Selection[]
  readonly impliedBy: readonly Selection[]
  /** What it depends on: the conditions of its definitions, any of which will do; null where it depends on nothing. */
  readonly dependency: Condition
  /** The name of the choice that it is a member of; null where it is of none. */
  readonly choice: string | null
  /** Linux 6.18 and later: its value is read from an old .config, and not written. */
  readonly transitional: boolean
  /** Set for a choice. */
  readonly members: readonly string[]
  /** Set for a choice that may be n although it is visible (before Linux 6.10). */
  readonly optional: boolean
}

/** A node of the menu tree, in the order of the files; ifs are nodes, automatic submenus are not made. */
export type MenuNode = {
  readonly kind: 'root' | 'menu' | 'comment' | 'if' | 'choice' | 'symbol'
  /** That of the symbol or the choice; null for all else. */
  readonly name: string | null
  /** The last prompt of the statement. */
  readonly prompt: Prompt | null
  /** What the node depends on, all that encloses it included. */
  readonly condition: Condition
  /** `visible if`, of a menu. */
  readonly visibleIf: Condition
  readonly children: readonly MenuNode[]
  /** The statement with its properties. */
  readonly at: Span
}

/** Something conf would stop at or warn of. `code` is for programs. */
export type ModelProblem = {
  readonly code: 'syntax' | 'missing-file' | 'recursive-source' | 'macro' | 'unknown-path'
  readonly message: string
  readonly at: Span
}

/** A `$(shell,...)` by its command after expansion; `answer` is null where none was given. */
export type Probe = { readonly command: string; readonly answer: string | null; readonly at: Span }

export type KconfigModel = {
  readonly dialect: KconfigDialect
  /** Symbols by name, in the order in which they are first defined. */
  readonly symbols: ReadonlyMap<string, KconfigSymbol>
  readonly choices: ReadonlyMap<string, KconfigSymbol>
  readonly root: MenuNode
  /** The name of the symbol with `modules`; null where none has it. */
  readonly modules: string | null
  /** The files read, in order of their first reading, each with the `source` lines that bring it in. */
  readonly files: ReadonlyMap<string, readonly Span[]>
  readonly probes: ReadonlyMap<string, Probe>
  readonly problems: readonly ModelProblem[]
}
