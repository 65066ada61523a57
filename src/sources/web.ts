import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../ports.ts'
import { UnavailableError } from './unavailable.ts'

/** How servers are asked. */
export type WebOptions = {
  /** Says who asks, and where to complain. */
  readonly userAgent: string
  /** Between the beginnings of two requests to one server (milliseconds). */
  readonly pauseMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Where it is kept until when a server asked to be left alone, so that the next process holds to it. */
  readonly directory: string
}

/** What to ask for. */
export type Question = {
  /** The most bytes of an answer, unpacked; one that is longer fails. */
  readonly maxBytes: number
  /** For all of the answer (milliseconds). */
  readonly timeoutMs?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A whole answer: of status 200 to 299, 304, or 4xx. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Buffer }

/** Asks web servers, one question at a time each, never faster than it may. */
export type Web = {
  /** Throws `UnavailableError` for all that servers and networks do wrong, and what the signal is aborted with. */
  get(url: URL, question: Question): Promise<Answer>
}

const defaultTimeoutMs = 60_000
const mostRedirects = 5
/** A server that asks for more is asked again after a day. */
const longestWaitMs = 24 * 3_600_000

/** A client for all servers of a process. Bodies are unpacked by their Content-Encoding; redirects are followed within one origin. */
export function createWeb(options: WebOptions): Web {
  const gates = new Map<string, Gate>()
  return {
    get: (url, question) => {
      const gate = gates.get(url.origin) ?? { last: Promise.resolve(), next: 0 }
      gates.set(url.origin, gate)
      const asked = gate.last.then(() => askFrom(url, question, { options, gate }))
      gate.last = asked.then(
        () => undefined,
        () => undefined,
      )
      return asked
    },
  }
}

/** What is known of a server: the last question to it, and when the next may be asked. */
type Gate = { last: Promise<void>; next: number }
type Asker = { readonly options: WebOptions; readonly gate: Gate }

async function askFrom(url: URL, question: Question, asker: Asker): Promise<Answer> {
  let at = url
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const answer = await askOnce(at, question, asker)
    if (answer.kind === 'answer') return answer.answer
    if (answer.to.origin !== url.origin)
      throw new UnavailableError(`${url.href} redirects to another server, ${answer.to.origin}`)
    at = answer.to
  }
  throw new UnavailableError(`${url.href} redirects more than ${mostRedirects} times`)
}

type Asked = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'redirect'; readonly to: URL }

async function askOnce(url: URL, question: Question, { options, gate }: Asker): Promise<Asked> {
  await waitTurn(url, options, gate)
  const { timeoutMs = defaultTimeoutMs, headers = {} } = question
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)])
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal,
      headers: { 'user-agent': options.userAgent, ...headers },
    })
    return await take(url, response, { question, options })
  } catch (error) {
    options.signal.throwIfAborted()
    if (error instanceof UnavailableError) throw error
    const why = signal.aborted ? `took longer than ${timeoutMs} ms` : reasonOf(error)
    throw new UnavailableError(`${url.href}: ${why}`, { cause: error })
  }
}

async function waitTurn(url: URL, { clock, pauseMs, directory, signal }: WebOptions, gate: Gate): Promise<void> {
  const now = clock()
  const until = await readWait(waitPath(directory, url.origin))
  // none is longer: what is farther off was written by a clock that was ahead
  if (until > now && until - now <= longestWaitMs) {
    const asked = new Date(until).toISOString()
    throw new UnavailableError(`${url.host} asked to be left alone until ${asked}`, { retryAfterMs: until - now })
  }
  // a clock that was set back does not stop us
  const waitMs = Math.min(gate.next - now, pauseMs)
  if (waitMs > 0) await sleep(waitMs, undefined, { signal })
  gate.next = clock() + pauseMs
}

async function take(
  url: URL,
  response: Response,
  { question, options }: { readonly question: Question; readonly options: WebOptions },
): Promise<Asked> {
  const { status, headers } = response
  const location = headers.get('location')
  if (status >= 300 && status < 400 && status !== 304) {
    await response.body?.cancel()
    if (location === null || !URL.canParse(location, url.href))
      throw new UnavailableError(`${url.href}: status ${status}`)
    return { kind: 'redirect', to: new URL(location, url) }
  }
  if (status >= 500 || status === 429 || status === 408) {
    await response.body?.cancel()
    const retryAfterMs = parseRetryAfter(headers.get('retry-after'), options.clock())
    if (retryAfterMs > 0) await writeWait(waitPath(options.directory, url.origin), options.clock() + retryAfterMs)
    throw new UnavailableError(`${url.href}: status ${status}`, { retryAfterMs })
  }
  return { kind: 'answer', answer: { status, headers, body: await readBody(url, response, question.maxBytes) } }
}

async function readBody(url: URL, { body }: Response, maxBytes: number): Promise<Buffer> {
  if (body === null) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let size = 0
  // A body of fetch() gives bytes, which its type leaves open; leaving the loop cancels the rest of the answer.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) throw new UnavailableError(`${url.href}: more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** RFC 9110 §10.2.3: seconds, or a date. In milliseconds from now, at most a day; 0 for none. */
export function parseRetryAfter(value: string | null, now: number): number {
  const text = value?.trim() ?? ''
  const waitMs = /^\d{1,10}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(waitMs) ? 0 : Math.max(0, Math.min(waitMs, longestWaitMs))
}

function waitPath(directory: string, origin: string): string {
  return join(directory, 'web', `${createHash('sha256').update(origin).digest('hex').slice(0, 16)}.wait`)
}

/** Our own file, by `writeWait`; what cannot be read says nothing. */
async function readWait(path: string): Promise<number> {
  const until = Number(await readFile(path, 'utf8').catch(() => '0'))
  return Number.isSafeInteger(until) ? until : 0
}

async function writeWait(path: string, until: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID()}`
  await writeFile(temporary, String(Math.round(until)), { mode: 0o600 })
  await rename(temporary, path)
}

/** `fetch failed` says nothing; what is behind it does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message
}
