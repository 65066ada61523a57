import { verify } from '@octokit/webhooks-methods'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'

/** A pull request to be looked at. What was said of it does not count: it is read as it is now. */
export type Poke = { readonly repository: string; readonly number: number }

export type WebhookOptions = {
  /** What GitHub signs with. */
  readonly secret: string
  /** `owner/repo`, as GitHub writes them: those that are watched. */
  readonly repositories: readonly string[]
  readonly onPoke: (poke: Poke) => void
}

/** GitHub caps what it sends at 25 MB (docs.github.com, "Webhook events and payloads"). */
const maxBody = 25 * 1024 * 1024

/** Deliveries remembered: more than GitHub sends in the three days for which it can send one again. */
const mostRemembered = 10_000

const inRepository = z.looseObject({ repository: z.looseObject({ full_name: z.string() }) })
const number = z.number().int().positive()
const pullForm = inRepository.extend({ number })
const commentForm = inRepository.extend({
  issue: z.looseObject({ number, pull_request: z.looseObject({}).optional() }),
})

/**
 * Takes GitHub's webhooks at POST /github/webhooks. Only signed ones, each once, of repositories that are watched. They only say
 * where to look, so that it does not matter in which order they come, or that some never do.
 */
export function createGithubWebhooks({ secret, repositories, onPoke }: WebhookOptions): Hono {
  const seen = new Set<string>()
  const app = new Hono()
  app.post('/github/webhooks', bodyLimit({ maxSize: maxBody }), async (context) => {
    const body = await context.req.text()
    const signature = context.req.header('x-hub-signature-256') ?? ''
    if (!(await isSigned(secret, body, signature))) return context.text('not signed with the secret', 401)
    const delivery = context.req.header('x-github-delivery') ?? ''
    if (!/^[\w-]{1,64}$/.test(delivery)) return context.text('no X-GitHub-Delivery', 400)
    if (seen.has(delivery)) return context.text('this delivery was taken before', 409)
    const pokes = readPokes(context.req.header('x-github-event') ?? '', body)
    if (pokes === null) return context.text('not what GitHub sends', 400)
    remember(seen, delivery)
    const watched = pokes.filter(({ repository }) => repositories.includes(repository))
    for (const poke of watched) onPoke(poke)
    return context.text(watched.length > 0 ? 'taken' : 'nothing to do', 202)
  })
  return app
}

/** An HMAC of the body, compared in constant time by the library. */
async function isSigned(secret: string, body: string, signature: string): Promise<boolean> {
  return /^sha256=[\da-f]{64}$/.test(signature) && body !== '' && (await verify(secret, body, signature))
}

function remember(seen: Set<string>, delivery: string): void {
  seen.add(delivery)
  const [oldest] = seen
  if (seen.size > mostRemembered && oldest !== undefined) seen.delete(oldest)
}

/** The pull request that an event is about, if any; null where the body is not of its form. */
function readPokes(event: string, body: string): readonly Poke[] | null {
  const parsed = parseJson(body)
  if (parsed === undefined) return null
  if (event === 'pull_request') {
    const { success, data } = pullForm.safeParse(parsed)
    return success ? [{ repository: data.repository.full_name, number: data.number }] : null
  }
  if (event === 'issue_comment') {
    const { success, data } = commentForm.safeParse(parsed)
    if (!success) return null
    return data.issue.pull_request ? [{ repository: data.repository.full_name, number: data.issue.number }] : []
  }
  return []
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
