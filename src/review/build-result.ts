import type { Placed, Skipped } from './finding.ts'

/** A goal of a profile that was run. Only `ok` and `failed` are make's own word; the others say nothing of the patch. */
export type BuiltGoal = {
  readonly goal: string
  readonly status: 'ok' | 'failed' | 'timeout' | 'killed' | 'environment'
  /** Wall time. */
  readonly seconds: number
  /** Why it ended as it did, where that is not make's word. */
  readonly reason: string | null
  /** A shell script that does it again without this program, of a goal that failed; null for any other. */
  readonly reproduce: string | null
}

/** One architecture of a profile, at one tree of a series. */
export type BuildResult = {
  readonly profile: string
  readonly arch: string
  /** The patch that the tree is built after; null for the tree that the series goes on. */
  readonly patch: number | null
  /** The compiler and its version; null where nothing was run. */
  readonly toolchain: string | null
  readonly goals: readonly BuiltGoal[]
  /** Goals that were not run, and why. */
  readonly notRun: readonly Skipped[]
  /** What the patch changes in what is built, and what its livepatch modules are made of: at most 15 lines. */
  readonly evidence: readonly string[]
}

/** What the builds of a series say of it. */
export type SeriesBuilds = {
  readonly results: readonly BuildResult[]
  /** What is said after a patch and was not before it, placed on the patch. */
  readonly findings: readonly Placed[]
  readonly notRun: readonly Skipped[]
  /** Whether all that applies to the tree was built and judged. */
  readonly isComplete: boolean
}
