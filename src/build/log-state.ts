import type { Diagnostic, DiagnosticNote, FailedRecipe } from './diagnostic.ts'
import { createPathReader, type LogTrees, type PathReader } from './log-paths.ts'
import type { Opening } from './log-opening.ts'

/** A diagnostic that may still grow. */
export type Draft = { -readonly [K in keyof Diagnostic]: Diagnostic[K] } & {
  readonly lines: string[]
  readonly notes: DiagnosticNote[]
  readonly failed: FailedRecipe[]
  isFolded: boolean
}

/** A failure that no outer make has told yet. */
export type Pending = { readonly level: number; readonly drafts: readonly Draft[] }

/** Where the reading of a log stands. */
export type State = {
  readonly paths: PathReader
  readonly drafts: Draft[]
  readonly announced: string[]
  readonly made: Set<string>
  readonly commands: Map<string, string>
  readonly passed: Set<string>
  number: number
  open: { readonly draft: Draft; readonly belongs: NonNullable<Opening['belongs']> } | null
  /** Of the group: what was announced last, and since then. */
  command: string | null
  unit: string | null
  scope: { readonly path: string; readonly name: string | null } | null
  includedFrom: string | null
  assembled: string | null
  recent: string[]
  group: Draft[]
  program: { readonly name: string; readonly why: string } | null
  pending: readonly Pending[]
  areSymbolsUnknown: boolean
  hasChecks: boolean
  isFull: boolean
}

/** A log of these trees of which nothing is read. */
export function emptyState(trees: LogTrees): State {
  return {
    paths: createPathReader(trees),
    drafts: [],
    announced: [],
    made: new Set(),
    commands: new Map(),
    passed: new Set(),
    number: 0,
    open: null,
    command: null,
    unit: null,
    scope: null,
    includedFrom: null,
    assembled: null,
    recent: [],
    group: [],
    program: null,
    pending: [],
    areSymbolsUnknown: false,
    hasChecks: false,
    isFull: false,
  }
}
