/** Whose words a diagnostic is. `compiler` is gcc or clang: what they print is read the same way. */
export type DiagnosticTool =
  | 'compiler'
  | 'assembler'
  | 'linker'
  | 'modpost'
  | 'objtool'
  | 'sparse'
  | 'kconfig'
  | 'make'
  | 'shell'
  | 'dtc'
  | 'selftest'

/**
 * What a diagnostic is about. `message`: a tool said something. `undefined`: `subject` is a symbol that nothing defines.
 * `missing`: `subject` is a file that is not there. `failure`: a command failed that said nothing which is understood.
 * `test`: `subject` is a test that failed. `environment`: the machine, not the patch; never a finding.
 */
export type DiagnosticKind = 'message' | 'undefined' | 'missing' | 'failure' | 'test' | 'environment'

/** A place as a log names it, brought to one spelling. `other` is neither tree: a header of the host, a temporary file. */
export type LogPlace = {
  readonly root: 'source' | 'output' | 'other'
  /** Relative to its root; of `other` as it was printed. */
  readonly path: string
  readonly line: number | null
  readonly column: number | null
  /** Set where the directory that the path is relative to is not known: then `path` is only the end of one. */
  readonly isPartial?: true
}

/** A recipe that failed, as GNU make tells it (job.c child_error()): `*** [scripts/Makefile.build:229: a.o] Error 1`. */
export type FailedRecipe = {
  /** Where the recipe stands; null for make's own rules (`<builtin>`) and for a make that does not say it. */
  readonly place: LogPlace | null
  readonly isBuiltin: boolean
  readonly target: string
  /** `Error 1`, `Segmentation fault`. */
  readonly how: string
}

/** A further place that a diagnostic names: a `note:`, a macro, the file that includes. */
export type DiagnosticNote = { readonly place: LogPlace; readonly message: string }

/** One thing that a tool said in a log, with all the lines that belong to it. */
export type Diagnostic = {
  readonly tool: DiagnosticTool
  readonly kind: DiagnosticKind
  readonly severity: 'error' | 'warning'
  readonly place: LogPlace | null
  /** One line, as the tool words it, without place, severity and option. */
  readonly message: string
  /** The option that asks for it: `unused-variable` of `-Wunused-variable`, the check of dtc. */
  readonly option: string | null
  /** The symbol, file or test that it is about, where it is about one. */
  readonly subject: string | null
  /** The function that the tool names it for. */
  readonly scope: string | null
  /** What was being made when it was printed: the path of the object without its ending, `drivers/a`. */
  readonly unit: string | null
  /** As kbuild announced it: `CC [M]  drivers/a.o`; null where it is not certain which one printed it. */
  readonly command: string | null
  readonly notes: readonly DiagnosticNote[]
  /** As printed, bounded. */
  readonly lines: readonly string[]
  /** The line of the log that it begins at, 1-based. */
  readonly logLine: number
  /** The recipes that failed for it, the innermost first; empty where none did. */
  readonly failed: readonly FailedRecipe[]
}

/** What a log says. */
export type LogReading = {
  readonly diagnostics: readonly Diagnostic[]
  /** What was made, as `Diagnostic.unit`. Bounded. */
  readonly made: ReadonlySet<string>
  /** What kbuild announced, in order, without its indentation: `CC [M]  drivers/a.o`. Bounded. */
  readonly announced: readonly string[]
  /** Whether modpost could not know which symbols are defined, or left some out: its undefined symbols say nothing then. */
  readonly areSymbolsUnknown: boolean
  /** The tests that passed, by name. */
  readonly passed: ReadonlySet<string>
  /** Whether some of the log was not read, since it is longer than the limits. */
  readonly isCut: boolean
}
