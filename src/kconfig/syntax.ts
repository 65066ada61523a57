/**
 * The syntax tree of one Kconfig file: types only.
 *
 * The language is that of scripts/kconfig/lexer.l and parser.y. It is parsed without expanding macros: a macro expands
 * within one word or one string (lexer.l, `expand_token` and `append_expanded_string`) and so never changes the shape of
 * a statement, except that a word that expands to nothing vanishes. What only some kernels accept (`optional`,
 * `transitional`, `depends on X if Y`, `rsource`) is accepted here; `unsupportedSyntax` says what a given tree refuses.
 *
 * All offsets are UTF-16 offsets into the text, half-open `[start, end)`.
 */
export type Range = { readonly start: number; readonly end: number }

/** A `$(...)` within a word: `text` is what stands between the parentheses, unexpanded. */
export type MacroPart = Range & { readonly kind: 'macro'; readonly text: string }
export type WordPart = MacroPart | { readonly kind: 'text'; readonly text: string }

/**
 * A name, a number or a quoted string. `text` is its value with quotes and escapes undone and macros left as they stand;
 * `parts` splits it where it holds macros, and is null where it holds none.
 */
export type Word = Range & {
  readonly quoted: boolean
  readonly text: string
  readonly parts: readonly WordPart[] | null
}

export type CompareOp = '=' | '!=' | '<' | '<=' | '>' | '>='

/** An expression. Chains of one operator are flat; parentheses leave no node, only nesting. */
export type Expr =
  | (Range & { readonly kind: 'symbol'; readonly word: Word })
  | (Range & { readonly kind: 'compare'; readonly op: CompareOp; readonly left: Word; readonly right: Word })
  | (Range & { readonly kind: 'not'; readonly operand: Expr })
  | (Range & { readonly kind: 'and' | 'or'; readonly operands: readonly Expr[] })

export type TypeName = 'bool' | 'tristate' | 'int' | 'hex' | 'string'

/** A line below `config`, `menuconfig`, `choice`, `menu` or `comment`. `condition` is what follows `if`, null where none does. */
export type Property =
  | (Range & {
      readonly kind: 'type'
      readonly type: TypeName
      readonly prompt: Word | null
      readonly condition: Expr | null
    })
  | (Range & { readonly kind: 'prompt'; readonly prompt: Word; readonly condition: Expr | null })
  /** `default`, or `def_bool` and `def_tristate`, which give a type as well. */
  | (Range & {
      readonly kind: 'default'
      readonly type: 'bool' | 'tristate' | null
      readonly value: Expr
      readonly condition: Expr | null
    })
  /** `condition` is of Linux 7.0 and means `expr || (condition = n)`. */
  | (Range & { readonly kind: 'depends'; readonly expr: Expr; readonly condition: Expr | null })
  | (Range & { readonly kind: 'select' | 'imply'; readonly symbol: Word; readonly condition: Expr | null })
  | (Range & { readonly kind: 'range'; readonly low: Word; readonly high: Word; readonly condition: Expr | null })
  | (Range & { readonly kind: 'visible'; readonly condition: Expr | null })
  | (Range & { readonly kind: 'modules' | 'transitional' | 'optional' })
  /** Before Linux 5.13: `option env="ARCH"`, `option modules`, `option defconfig_list`. */
  | (Range & { readonly kind: 'option'; readonly name: string; readonly value: Word | null })
  /** `textStart` is where the line after `help` begins; `helpText` gives the text without its indentation. */
  | (Range & { readonly kind: 'help'; readonly textStart: number })
  | (Range & { readonly kind: 'error'; readonly message: string })

export type BlockKind = 'menu' | 'choice' | 'if'

/**
 * A statement. `start` to `end` covers its line and its properties, not the statements inside of it. `parent` is the
 * index, in `KconfigFile.statements`, of the block it stands in (the `end` of a block stands where its start does); null
 * at the top of the file.
 */
export type Statement = Range & { readonly parent: number | null } & (
    | { readonly kind: 'config'; readonly menu: boolean; readonly name: Word; readonly properties: readonly Property[] }
    /** `name` was allowed before Linux 6.10. `close` is the index of the `endchoice`; null where it is missing. */
    | {
        readonly kind: 'choice'
        readonly name: Word | null
        readonly properties: readonly Property[]
        readonly close: number | null
      }
    | {
        readonly kind: 'menu'
        readonly prompt: Word
        readonly properties: readonly Property[]
        readonly close: number | null
      }
    | { readonly kind: 'comment'; readonly prompt: Word; readonly properties: readonly Property[] }
    | { readonly kind: 'if'; readonly condition: Expr; readonly close: number | null }
    /** `open` is the index of the block it closes; null where there is none to close. */
    | { readonly kind: 'end'; readonly of: BlockKind; readonly open: number | null }
    /** `rsource` is relative to the file, `o` forgives a file that is not there: both Kconfiglib's, not the kernel's. */
    | {
        readonly kind: 'source'
        readonly path: Word
        readonly relative: boolean
        readonly optional: boolean
      }
    | { readonly kind: 'mainmenu'; readonly prompt: Word }
    /** `valueStart` is where `value`, the rest of the line, begins. */
    | {
        readonly kind: 'assignment'
        readonly name: Word
        readonly op: '=' | ':=' | '+='
        readonly value: string
        readonly valueStart: number
      }
    /** A line that is one macro call: `$(error-if,...)`. */
    | { readonly kind: 'macro'; readonly word: Word }
    | { readonly kind: 'error'; readonly message: string }
  )

/** What scripts/kconfig/conf would stop at (`error`), or would warn of and read on (`warning`). */
export type SyntaxProblem = Range & { readonly kind: 'error' | 'warning'; readonly message: string }

/** One Kconfig file: its statements in the order of the text, and what is wrong with it, in the same order. */
export type KconfigFile = {
  readonly statements: readonly Statement[]
  readonly problems: readonly SyntaxProblem[]
}
