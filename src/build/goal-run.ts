import type { SemanticResult } from './build-semantics.ts'
import type { TapResult } from './read-tap.ts'

/**
 * What running builds leaves for those who read them: plain values, one a goal. Nothing here judges a log.
 */

/**
 * How a goal ended. `ok` and `failed` are make's own word. The other three say nothing of the patch, and never become findings:
 * `timeout` took longer than it may, `killed` was ended by a limit (memory, disk, output) or by a signal,
 * `environment` could not be started here at all (a tool, a header or the sandbox is missing).
 */
export type GoalStatus = 'ok' | 'failed' | 'timeout' | 'killed' | 'environment'

/** Where a goal saw its files: absolute paths inside the sandbox, the same for every build on every machine. They are what logs print. */
export type BuildPaths = {
  /** The kernel's source tree. */
  readonly source: string
  /** The directory that `O=` names. */
  readonly output: string
}

/** What a goal printed: standard output and standard error as they came, undecodable bytes replaced, nothing escaped. */
export type GoalLog = {
  readonly text: string
  /** Bytes that were thrown away after the limit was reached; 0 where `text` is all of it. */
  readonly droppedBytes: number
}

/** One goal that was run once. */
export type GoalRun = {
  /** The architecture's name in the profile: `ppc64le`. */
  readonly arch: string
  /** The goal's id in the profile: `modules`. */
  readonly goal: string
  /** The whole command as it was started, `make` first. */
  readonly command: readonly string[]
  /** Where it was started: absolute, inside the sandbox. */
  readonly directory: string
  readonly paths: BuildPaths
  readonly status: GoalStatus
  /** What the command ended with; null where it was ended by us or never began. */
  readonly exitCode: number | null
  /** Wall time. */
  readonly seconds: number
  readonly log: GoalLog
  /** For `timeout`, `killed` and `environment`, one line that says why; null for the other two. */
  readonly reason: string | null
  /**
   * A directory of this machine that holds what the builds made, `source/` and `output/` below it, as far as it is evidence: regular files alone
   * (`.config`, `.*.cmd`, `Module.symvers`, `modules.order`, `*.ko`). A hostile build wrote them. Null where nothing was kept.
   */
  readonly outputDirectory: string | null
  /** Of a goal that boots, what was tried there, in order; `log` is the console then. Not there for a goal of make. */
  readonly tests?: readonly TapResult[]
  /** Files of ours that the command reads, by their paths in the sandbox. Not there for a goal of make. */
  readonly files?: Readonly<Record<string, string>>
}

/**
 * What was not run, and why, in words for people. `inapplicable`: the tree has nothing of it; `missing`: this machine lacks something, or the
 * base could not be built; `blocked`: a goal that it needs failed.
 */
export type GoalNotRun = {
  readonly arch: string
  readonly goal: string
  readonly kind: 'inapplicable' | 'missing' | 'blocked'
  readonly reason: string
}

/** All goals of one architecture over one tree, in the order in which they ran. */
export type ArchRun = {
  readonly arch: string
  /** What built it, with its version; null where nothing was run. */
  readonly toolchain: string | null
  /** The commit or tree that was built. */
  readonly tree: string
  /** Before `paths` of the goals in all that was built, where there was no sandbox; left out where there was one. */
  readonly root?: string
  readonly goals: readonly GoalRun[]
  readonly notRun: readonly GoalNotRun[]
  /** What came of the checks of the build's semantics; left out where none was made. */
  readonly semantics?: readonly SemanticResult[]
}

/** The builds of a series: before it, and after each of its patches. `patch` is the index that the patch has in its series. */
export type SeriesRuns = {
  readonly profile: string
  readonly before: readonly ArchRun[]
  readonly after: readonly { readonly patch: number; readonly runs: readonly ArchRun[] }[]
}
