import { z } from 'zod'
import type { Review } from '../review/review.ts'
import type { Patch } from '../series/series.ts'
import { reviewedState, stateSummary, type ReviewedState } from './reviewed-state.ts'

/** A Patchwork to report to, and as whom. */
export type PatchworkOptions = {
  /** Where its API is: `https://patchwork.kernel.org`. */
  readonly url: string
  /** The API token of an account that may add checks to the project. */
  readonly token: string
  /** The name of the check: letters, digits, `-` and `_` (a SlugField of patchwork/models.py). */
  readonly context: string
  /** Default that of the process. */
  readonly fetch?: typeof fetch
}

/** What became of the check of one patch. */
export type CheckOutcome =
  | { readonly kind: 'posted' | 'already'; readonly id: string; readonly check: string }
  | { readonly kind: 'skipped'; readonly id: string; readonly reason: string }

/** Patchwork answers otherwise than its API says, or not at all. */
export class PatchworkError extends Error {
  override readonly name = 'PatchworkError'
  readonly code = 'patchwork'
}

/** `Check.STATE_CHOICES` of patchwork/models.py; what was not judged is pending. */
const states: Record<ReviewedState, string> = {
  clean: 'success',
  warning: 'warning',
  error: 'fail',
  'not-judged': 'pending',
}

const timeoutMs = 30_000

const patchesSchema = z.array(z.object({ id: z.number() }))
const checksSchema = z.array(
  z.object({
    id: z.number(),
    url: z.string(),
    context: z.string(),
    state: z.string(),
    description: z.string().nullable(),
  }),
)
const checkSchema = z.object({ url: z.string() })

/**
 * Reports a review as a check on each of its patches (REST API 1.2, the first that finds a patch by its Message-ID: `GET /patches/?msgid=`,
 * `GET` and `POST /patches/ID/checks/`; patchwork/api/check.py).
 * A patch whose last check of that name says the same gets no second one, so that a run can be repeated. A patch that Patchwork does
 * not have is skipped. Throws `PatchworkError` where the server refuses.
 */
export async function reportToPatchwork(review: Review, options: PatchworkOptions): Promise<readonly CheckOutcome[]> {
  const outcomes: CheckOutcome[] = []
  for (const patch of review.series.patches) outcomes.push(await reportPatch(patch, review, options))
  return outcomes
}

async function reportPatch(patch: Patch, review: Review, options: PatchworkOptions): Promise<CheckOutcome> {
  const { id } = patch.envelope
  const [found, ...more] = await call(patchesSchema, `/patches/?msgid=${encodeURIComponent(id)}`, options)
  if (found === undefined) return { kind: 'skipped', id, reason: 'Patchwork has no such patch' }
  if (more.length > 0) return { kind: 'skipped', id, reason: 'Patchwork has it in several projects' }
  const own = ofPatch(review, patch.index)
  const wanted = { state: states[reviewedState(own)], context: options.context, description: stateSummary(own) }
  const checks = `/patches/${found.id}/checks/`
  const earlier = await call(
    checksSchema,
    `${checks}?context=${encodeURIComponent(options.context)}&order=-id&per_page=100`,
    options,
  )
  const [last] = earlier.filter(({ context }) => context === options.context).sort((a, b) => b.id - a.id)
  if (last?.state === wanted.state && last.description === wanted.description)
    return { kind: 'already', id, check: last.url }
  const { url } = await call(checkSchema, checks, { ...options, body: wanted })
  return { kind: 'posted', id, check: url }
}

/** The part of a review that is about one patch. */
function ofPatch(review: Review, index: number): Review {
  const others = review.series.patches.flatMap((patch) => (patch.index === index ? [] : [patch.index]))
  const { application } = review
  return {
    ...review,
    series: { ...review.series, missing: [...review.series.missing, ...others] },
    findings: review.findings.filter(({ patch }) => patch === index),
    application:
      application.kind === 'applied'
        ? { ...application, patches: application.patches.filter((patch) => patch.index === index) }
        : application,
  }
}

type Call = PatchworkOptions & { readonly body?: object }

async function call<T>(schema: z.ZodType<T>, path: string, { url, token, body, fetch: ask = fetch }: Call): Promise<T> {
  const at = `${url.replace(/\/+$/, '')}/api/1.2${path}`
  const headers = { accept: 'application/json', authorization: `Token ${token}`, 'content-type': 'application/json' }
  const request = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
  const response = await ask(at, { ...request, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) }).catch(
    (error: unknown) => {
      throw new PatchworkError(`no answer from ${at}`, { cause: error })
    },
  )
  const text = await response.text()
  if (!response.ok) throw new PatchworkError(`${at} answers ${response.status}: ${text.slice(0, 200)}`)
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw new PatchworkError(`${at} answers otherwise than its API says`, { cause: error })
  }
}
