import type { Cond, Conditions } from '../cond/conditions.ts'
import type { Span } from '../text/span.ts'
import type { Tree } from '../text/tree.ts'
import type { Expr, Makefile, Node } from './cst.ts'
import type { Environment, Variable } from './environment.ts'
import type { Export, Include, Setting, Stop, UnknownEffect } from './evaluation.ts'
import type { Reads } from './reads.ts'
import type { RecipeLine, Rule, TargetVariable } from './rule.ts'
import type { Script } from './script.ts'
import type { ValueScope } from './scope.ts'
import type { Unknown, Value } from './value.ts'
import type { WorkingDirectory } from './working-directory.ts'

/** Variables that hold during `$(foreach ...)` or `$(call ...)`; the innermost counts. */
export type Bindings = {
  readonly values: ReadonlyMap<string, Value>
  /** A call also hides the arguments `$(1)`, `$(2)`... of the calls around it. */
  readonly isCall: boolean
}

/** What is known from outside, and what asks for it. */
export type Surroundings = {
  readonly tree: Tree | null
  readonly include: (path: string) => Makefile | null
  /** Null where paths are those from the top of the tree. */
  readonly directory: WorkingDirectory | null
  /** What a command prints, where that is known. */
  readonly shell: (command: string) => string | null
}

/** A rule that recipe lines may follow, and where. */
export type PendingRule = { readonly rule: { readonly recipe: RecipeLine[] }; open: Cond }

/** What an evaluation has found so far. */
export type Findings = {
  readonly settings: Setting[]
  readonly rules: Rule[]
  readonly targetVariables: TargetVariable[]
  readonly includes: Include[]
  readonly exports: Export[]
  readonly stops: Stop[]
  readonly unknownEffects: UnknownEffect[]
}

/** An evaluation under way. */
export type Machine = {
  readonly conditions: Conditions
  readonly values: ValueScope
  readonly environment: Environment
  readonly surroundings: Surroundings
  readonly findings: Findings
  readonly reads: Reads
  readonly bindings: Bindings[]
  /** The variables being expanded: a reference from one to itself is an error, unless it is in `called`. */
  readonly expanding: Set<string>
  /** The variables being called; `$(call f,...)` may lead to itself. */
  readonly called: Set<string>
  /** What recursive variables expand to, while nothing is assigned. */
  readonly memo: WeakMap<Variable, { readonly version: number; readonly value: Value }>
  /** The files being included. */
  readonly including: Set<string>
  readonly pending: PendingRule[]
  /** Expansions inside expansions, and makefiles inside makefiles. */
  depth: number
  /** Counts what depended on the guard: an expansion during which it stands still is the same under every guard. */
  guardUses: number
  /** Whether the makefile has been read: `$(eval ...)` in what is expanded later has no effect on what was read. */
  isDone: boolean
  readonly expand: (expr: Expr, script: Script, guard: Cond) => Value
  readonly run: (nodes: readonly Node[], script: Script, guard: Cond) => void
}

/** A call of a function: arguments as written, where, and under which condition it is made. */
export type Call = {
  readonly fn: string
  readonly args: readonly Expr[]
  readonly script: Script
  readonly site: Span
  readonly guard: Cond
}

/** Expansions inside expansions that are followed; GNU make has no limit, makefiles of the kernel stay below 30. */
export const maxDepth = 200

export function limitReached(what: string): Unknown {
  return { kind: 'limit', reason: `${what} nested too deeply`, key: `<${what}>` }
}
