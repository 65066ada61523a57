/**
 * The lossless syntax tree of a makefile: types only.
 *
 * Every character of the text is in exactly one token of exactly one node, so `print(parse(text)) === text` for any text.
 * What make decides only after expansion (is `$(a): b` a rule or a variable of a target?) is left open here, as kati does.
 */

/** Half-open UTF-16 offsets into the file's text. */
export type Range = { readonly start: number; readonly end: number }

export type TokenKind = 'text' | 'space' | 'newline' | 'continuation' | 'comment' | 'keyword' | 'op' | 'tab' | 'bad'
export type Token = Range & { readonly kind: TokenKind }

/** A makefile, or the body of a branch. */
export type Makefile = { readonly text: string; readonly nodes: readonly Node[] }

export type AssignmentOp = '=' | ':=' | '::=' | ':::=' | '+=' | '?=' | '!='

/** What comes before a variable's name: `override`, `export`, `private`, `unexport`, `define`, `undefine`. */
export type Modifier = 'override' | 'export' | 'unexport' | 'private'

type Base = { readonly range: Range; readonly tokens: readonly Token[] }

/** `name op value`. */
export type Assignment = Base & {
  readonly kind: 'assignment'
  readonly modifiers: readonly Modifier[]
  readonly name: Expr
  readonly op: AssignmentOp
  readonly value: Expr
}

/** The condition of a branch: `ifeq (a,b)`, `ifdef X`. `bad` where make would stop with an error. */
export type Test =
  | { readonly kind: 'eq' | 'neq'; readonly left: Expr; readonly right: Expr; readonly range: Range }
  | { readonly kind: 'def' | 'ndef'; readonly name: Expr; readonly range: Range }
  | { readonly kind: 'bad'; readonly message: string; readonly range: Range }

/** A branch of a conditional; `test` is null for a plain `else`. `range` is that of its directive line. */
export type Branch = {
  readonly test: Test | null
  readonly keyword: Token
  readonly range: Range
  readonly tokens: readonly Token[]
  readonly body: readonly Node[]
}

/** `ifeq ... else ifdef ... else ... endif`; the chain is flat. `endif` is null where the file ends first. */
export type Conditional = {
  readonly kind: 'conditional'
  readonly range: Range
  readonly branches: readonly Branch[]
  readonly endif: { readonly range: Range; readonly tokens: readonly Token[] } | null
}

/** `include`, `-include`, `sinclude`. */
export type Include = Base & { readonly kind: 'include'; readonly optional: boolean; readonly paths: Expr }

/** `define NAME op ... endef`. The body is opaque: its text and, on demand, its own parse. `end` is null where the file ends first. */
export type Define = Base & {
  readonly kind: 'define'
  readonly modifiers: readonly Modifier[]
  readonly name: Expr
  readonly op: AssignmentOp
  readonly body: Range
  readonly end: Range | null
}

/** `targets: prerequisites`, or `targets: NAME op value`; which of them is known only after `left` and `right` are expanded. */
export type RuleLine = Base & {
  readonly kind: 'rule'
  readonly targets: Expr
  readonly separator: ':' | '::' | '&:' | '&::'
  /** What follows the separator, up to an inline recipe. */
  readonly right: Expr
  /** Set where the line reads as a variable of the targets without any expansion: `a.o: CFLAGS := x`. */
  readonly assignment: {
    readonly modifiers: readonly Modifier[]
    readonly name: Expr
    readonly op: AssignmentOp
    readonly value: Expr
  } | null
  /** `pattern: prerequisites` of a static pattern rule: the target pattern; null for other rules. */
  readonly targetPattern: Expr | null
  readonly prerequisites: Expr
  readonly orderOnly: Expr | null
  /** The recipe behind `;`. */
  readonly recipe: Expr | null
}

/** A recipe line with its continuations; `certain` is false where no rule line stands before it in the text. */
export type Recipe = Base & {
  readonly kind: 'recipe'
  readonly certain: boolean
  /** The line as an expression, without the first tab. */
  readonly text: Expr
  /** `@`, `-`, `+` and the blanks among them, before the command. */
  readonly prefix: string
}

/** `export NAMES`, `unexport NAMES`, bare `export`. */
export type Export = Base & {
  readonly kind: 'export'
  readonly modifier: 'export' | 'unexport'
  readonly names: Expr | null
}
export type Vpath = Base & { readonly kind: 'vpath'; readonly text: Expr }
export type Undefine = Base & {
  readonly kind: 'undefine'
  readonly modifiers: readonly Modifier[]
  readonly name: Expr
}
export type Load = Base & { readonly kind: 'load'; readonly optional: boolean; readonly paths: Expr }
/** A line that is only expressions: `$(call f,x)`, `$(eval ...)`, `$(warning ...)`. What it becomes is known after expansion. */
export type Eval = Base & { readonly kind: 'eval'; readonly expr: Expr }
/** White space and comments. */
export type Blank = Base & { readonly kind: 'blank' }
/** What make refuses: "missing separator", "extraneous `endif`"... */
export type Bad = Base & { readonly kind: 'bad'; readonly message: string }

export type Node =
  | Assignment
  | Conditional
  | Include
  | Define
  | RuleLine
  | Recipe
  | Export
  | Vpath
  | Undefine
  | Load
  | Eval
  | Blank
  | Bad

/** A text with references, unexpanded. */
export type Expr = { readonly range: Range; readonly parts: readonly Part[] }

export type Part =
  /** `cooked` is set where the meaning differs from the text: a continuation is a space, `$$` a dollar, `\#` a hash. */
  | { readonly kind: 'literal'; readonly range: Range; readonly cooked: string | null }
  /** `$(name)`, `${name}`, `$n`. */
  | { readonly kind: 'variable'; readonly range: Range; readonly name: Expr }
  /** `$(name:from=to)`. */
  | {
      readonly kind: 'substitution'
      readonly range: Range
      readonly name: Expr
      readonly from: Expr
      readonly to: Expr
    }
  /** `$(fn arg,arg)` of a function that make knows. */
  | { readonly kind: 'call'; readonly range: Range; readonly fn: string; readonly args: readonly Expr[] }
  /** `$(` that never closes, up to the end of the expression. */
  | { readonly kind: 'bad'; readonly range: Range; readonly message: string }
