/** What a failure of GitHub calls for. */
export type Trouble =
  /** It will pass: after so many milliseconds, or where nothing is known, soon. */
  | { readonly kind: 'wait'; readonly ms: number | null; readonly why: string }
  /** What was asked about is not there, as after a force push: look again what is. */
  | { readonly kind: 'moved'; readonly why: string }
  /** Who asks may not: a fork's token, a person's where only apps may. */
  | { readonly kind: 'forbidden'; readonly why: string }

/** GitHub asks for a minute after a secondary limit that does not say how long (docs.github.com, "Rate limits for the REST API"). */
const secondaryMs = 60_000

/** What to do about an error that octokit threw; null where it is no failure of GitHub. `now` in milliseconds since 1970. */
export function troubleOf(error: unknown, now: number): Trouble | null {
  if (!(error instanceof Error)) return null
  const why = error.message.split('\n')[0] ?? ''
  const types = graphqlTypes(error)
  if (types !== null) return graphqlTrouble(types, why)
  if (!('status' in error) || typeof error.status !== 'number') return null
  const { status } = error
  // octokit gives what the network did the status 500.
  if (status >= 500) return { kind: 'wait', ms: null, why }
  const limit = status === 403 || status === 429 ? limitMs(headersOf(error), why, now) : null
  if (limit !== null) return { kind: 'wait', ms: limit, why }
  if (status === 401 || status === 403) return { kind: 'forbidden', why }
  return status === 404 || status === 409 || status === 422 ? { kind: 'moved', why } : null
}

/** The types of the errors of an answer in GraphQL, which comes with status 200; null where it is none. */
function graphqlTypes(error: Error): readonly string[] | null {
  if (error.name !== 'GraphqlResponseError' || !('errors' in error) || !Array.isArray(error.errors)) return null
  return error.errors.map((each: unknown) =>
    typeof each === 'object' && each !== null && 'type' in each ? String(each.type) : '',
  )
}

function graphqlTrouble(types: readonly string[], why: string): Trouble | null {
  if (types.includes('RATE_LIMITED')) return { kind: 'wait', ms: secondaryMs, why }
  if (types.includes('FORBIDDEN') || types.includes('INSUFFICIENT_SCOPES')) return { kind: 'forbidden', why }
  return types.includes('NOT_FOUND') ? { kind: 'moved', why } : null
}

type Headers = Readonly<Record<string, unknown>>

function headersOf(error: Error): Headers {
  const response: unknown = 'response' in error ? error.response : null
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {}
  return typeof response.headers === 'object' && response.headers !== null ? { ...response.headers } : {}
}

/** How long a limit holds, as the answer says; null where it is none. */
function limitMs(headers: Headers, why: string, now: number): number | null {
  const after = Number(headers['retry-after'])
  if (headers['retry-after'] !== undefined && Number.isFinite(after)) return after * 1000
  if (String(headers['x-ratelimit-remaining']) === '0')
    return Math.max(1000, Number(headers['x-ratelimit-reset']) * 1000 - now)
  return /rate limit/i.test(why) ? secondaryMs : null
}
