import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { PatchSource } from '../build/reproduce.ts'
import { summariseBuilds } from '../build/summarise-builds.ts'
import { toolchainEnvironment } from '../build/toolchains.ts'
import { applySeries, type AppliedSeries } from '../git/apply-series.ts'
import { withBuilds } from '../review/join-builds.ts'
import { isMailedId } from '../review/mailed-id.ts'
import type { SeriesBuilds } from '../review/build-result.ts'
import type { Review } from '../review/review.ts'
import type { Step } from '../review/step.ts'
import type { Series } from '../series/series.ts'
import { buildProfile, type BuildRequest } from './build-profile.ts'
import { unbrokenSteps } from './judge-series.ts'

/** What is built, with what, and where; the tree and the patches come from each series. */
export type BuildPlan = Omit<BuildRequest, 'base' | 'steps' | 'evidenceDirectory' | 'until' | 'unsafeNoSandbox'>

/** Builds a series that was applied before and after each of its patches, and judges the builds. Nothing is kept but the bases. */
export async function buildApplied(series: Series, applied: AppliedSeries, plan: BuildPlan): Promise<SeriesBuilds> {
  const { application } = applied
  const what = `builds of ${plan.profile.name}`
  if (application.kind === 'no-base') return refused(what, application.reason)
  const steps = unbrokenSteps(series, applied)
  if (steps.length === 0) return refused(what, 'no patch applies')
  const base = application.base.commit
  const outcome = await buildProfile({
    ...plan,
    until: 'end',
    base,
    steps: stepsToBuild(applied, steps),
    evidenceDirectory: mkdtempSync(join(plan.repository.scratch, 'evidence-')),
  })
  if (outcome.kind === 'refused') return refused(what, `${outcome.reason}; ${outcome.advice}`)
  try {
    plan.signal?.throwIfAborted()
    const environment = toolchainEnvironment(plan.toolchain)
    return summariseBuilds(outcome.runs, { profile: plan.profile, base, steps, sources: sourcesOf(steps), environment })
  } finally {
    outcome.release()
  }
}

function refused(what: string, why: string): SeriesBuilds {
  return { results: [], findings: [], notRun: [{ what, why }], isComplete: false }
}

/** The same for a series that was judged already, on the tree that it was judged on: the review, with what builds say. */
export async function buildReviewed(review: Review, plan: BuildPlan): Promise<Review> {
  const { application, series } = review
  if (application.kind === 'no-base') return review
  const base = { given: application.base.commit, ...(plan.signal && { signal: plan.signal }) }
  const applied = await applySeries(plan.repository, series, base)
  return withBuilds(review, await buildApplied(series, applied, plan))
}

/** The steps of a series that are judged, as they are built. */
export function stepsToBuild({ steps }: AppliedSeries, judged: readonly Step[]): AppliedSeries['steps'] {
  const kept = new Set(judged.map(({ patch }) => patch.index))
  return steps.filter(({ index }) => kept.has(index))
}

/** Where others get the patches from: the archive of the lists, a commit if they have it, or else from here. */
export function sourcesOf(steps: readonly Step[]): readonly PatchSource[] {
  return steps.map(({ patch: { envelope, text } }) => {
    if (/^[\da-f]{40,64}$/.test(envelope.id)) return { kind: 'commit', id: envelope.id, text }
    return isMailedId(envelope.id) ? { kind: 'message', id: envelope.id } : { kind: 'text', text }
  })
}
