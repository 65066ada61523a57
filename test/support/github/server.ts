import { createHash, createVerify } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { refuse, type Answer } from './answer.ts'
import { checkRoutes } from './check-routes.ts'
import { matchOperation } from './description.ts'
import type { Fault, FaultPlan } from './faults.ts'
import { answerGraphql } from './graphql.ts'
import { pullRoutes } from './pull-routes.ts'
import type { Addresses } from './shapes.ts'
import type { Token, World } from './world.ts'

/** A request that reached GitHub and what it answered. `operation` is null for GraphQL and for what it does not know. */
export type Exchange = {
  readonly operation: string | null
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly request: unknown
  readonly status: number
  readonly response: unknown
}

/** What happens on the wire besides the answers. */
export type Wire = {
  plan: FaultPlan
  readonly exchanges: Exchange[]
  /** Where a request or an answer of ours is not what the description says. */
  readonly problems: string[]
}

const prefix = '/api/v3'
const routes = { ...pullRoutes, ...checkRoutes }

/** Serves a world on loopback, as an Enterprise server does: REST below /api/v3, GraphQL at /api/graphql. */
export async function listen(world: World, wire: Wire): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    void readBody(request).then((body) => serve({ request, response, body }, world, wire))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo // of a TCP server that listens
  return { server, url: `http://127.0.0.1:${port}` }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array)) // a request without an encoding
  return Buffer.concat(chunks).toString('utf8')
}

type Arrived = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly body: string }

function serve({ request, response, body }: Arrived, world: World, wire: Wire): void {
  world.now += 1000
  const origin = `http://${request.headers.host ?? ''}`
  const url = new URL(request.url ?? '/', origin)
  const method = request.method ?? 'GET'
  const fault = wire.plan(`${method} ${url.pathname}`)
  if (fault !== null && isBefore(fault)) {
    fail(fault, response, world)
    return
  }
  const answer = answerTo({ method, url, body, authorization: request.headers.authorization ?? '' }, world, wire)
  if (fault !== null) {
    fail(fault, response, world)
    return
  }
  send({ answer, url, etag: request.headers['if-none-match'] }, response, world)
}

const isBefore = (fault: Fault): boolean => fault !== 'cut-after' && fault !== 'bad-gateway-after'

function fail(fault: Fault, response: ServerResponse, world: World): void {
  const json = (status: number, message: string, headers: Readonly<Record<string, string>> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ message }))
  }
  switch (fault) {
    case 'cut-before':
    case 'cut-after':
      response.destroy()
      return
    case 'server-error': {
      json(503, 'No server is currently available to service your request.')
      return
    }
    case 'bad-gateway-after': {
      json(502, 'Server Error')
      return
    }
    case 'rate-limit': {
      json(403, 'API rate limit exceeded for installation.', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.ceil(world.now / 1000) + 60),
      })
      return
    }
    case 'secondary-limit': {
      json(403, 'You have exceeded a secondary rate limit.', { 'retry-after': '60' })
      return
    }
    case 'gone': {
      json(404, 'Not Found')
      return
    }
    case 'unplaceable': {
      response.writeHead(422, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: 'Unprocessable Entity', errors: ['Line could not be resolved'] }))
      return
    }
  }
}

type Asked = { readonly method: string; readonly url: URL; readonly body: string; readonly authorization: string }

function answerTo(asked: Asked, world: World, wire: Wire): Answer {
  const { method, url, body } = asked
  const matched = matchOperation(method, url.pathname.slice(prefix.length))
  const parsed: unknown = body === '' ? undefined : JSON.parse(body)
  const answer = url.pathname === '/api/graphql' ? graphql(asked, parsed, world) : rest(asked, parsed, world)
  const operation = matched?.operation
  const query = Object.fromEntries(url.searchParams)
  const path = url.pathname.slice(prefix.length)
  wire.exchanges.push({
    operation: operation?.id ?? null,
    method,
    path,
    query,
    request: parsed,
    status: answer.status,
    response: answer.body,
  })
  if (answer.status === 400 || answer.status === 415)
    wire.problems.push(`${method} ${path}: ${JSON.stringify(answer.body)}`)
  if (operation && answer.status === operation.status) {
    const checked = operation.response.safeParse(answer.body)
    if (!checked.success) wire.problems.push(`the answer to ${operation.id}: ${z.prettifyError(checked.error)}`)
  }
  return answer
}

function graphql({ authorization }: Asked, body: unknown, world: World): Answer {
  const token = world.tokens.get(authorization.replace(/^(?:token|bearer) /i, ''))
  if (!token) return refuse(401, 'Bad credentials')
  const reply = answerGraphql(world, token, body)
  const isMistake =
    'errors' in reply && reply.errors.some(({ type }) => type === 'undefinedField' || type === 'INVALID')
  return isMistake ? { status: 400, body: reply } : { status: 200, body: reply }
}

function rest({ method, url, authorization }: Asked, body: unknown, world: World): Answer {
  const addresses: Addresses = { api: `${url.origin}${prefix}`, html: url.origin }
  const matched = matchOperation(method, url.pathname.slice(prefix.length))
  const route = matched === null ? undefined : routes[matched.operation.id]
  if (matched === null || !route) return refuse(404, 'Not Found')
  const { operation, parameters } = matched
  const token = tokenOf(operation.id, authorization, world)
  if (token === null) return refuse(401, 'Bad credentials')
  if (
    parameters['owner'] !== undefined &&
    `${parameters['owner']}/${parameters['repo'] ?? ''}` !== `${world.owner}/${world.repo}`
  )
    return refuse(404, 'Not Found')
  if (method !== 'GET' && token.access !== 'write') return refuse(403, 'Resource not accessible by integration')
  const query = Object.fromEntries(url.searchParams)
  const wrong = [operation.query.safeParse(query), operation.body.safeParse(body ?? {})].find(({ success }) => !success)
  if (wrong?.error) return refuse(wrong.error.issues.some(isOverLimit) ? 422 : 400, z.prettifyError(wrong.error))
  return route({ world, addresses, token, parameters, query, body })
}

/** Limits are refused as GitHub does; anything else in a form that it has not is a mistake of ours. */
const isOverLimit = ({ code }: { readonly code: string }): boolean => code === 'too_big'

/** An app speaks for itself with a JSON web token that it has signed (RS256, ten minutes at most). */
function tokenOf(operation: string, authorization: string, world: World): Token | null {
  const text = authorization.replace(/^(?:token|bearer) /i, '')
  if (!operation.startsWith('apps/')) return world.tokens.get(text) ?? null
  const [header = '', claims = '', signature = ''] = text.split('.')
  if (world.appKey === null || signature === '') return null
  const verify = createVerify('RSA-SHA256').update(`${header}.${claims}`)
  const { iss, iat, exp } = z
    .object({ iss: z.coerce.string(), iat: z.number(), exp: z.number() })
    .parse(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')))
  const isGood = verify.verify(world.appKey, signature, 'base64url') && iss === String(world.appId) && exp - iat <= 660
  return isGood ? { login: world.appSlug, kind: 'installation', access: 'write' } : null
}

type Sent = { readonly answer: Answer; readonly url: URL; readonly etag: string | undefined }

function send({ answer, url, etag }: Sent, response: ServerResponse, world: World): void {
  const text = JSON.stringify(answer.body)
  const tag = `"${createHash('sha1').update(text).digest('hex')}"`
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    etag: tag,
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': String(Math.ceil(world.now / 1000) + 3600),
    ...linkHeader(answer, url),
  }
  if (answer.status === 200 && etag === tag) response.writeHead(304, headers).end()
  else response.writeHead(answer.status, headers).end(text)
}

/** RFC 8288, as GitHub's pagination uses it. */
function linkHeader({ links = {} }: Answer, url: URL): Readonly<Record<string, string>> {
  const parts = Object.entries(links).map(([relation, page]) => {
    const target = new URL(url)
    target.searchParams.set('page', String(page))
    return `<${target.href}>; rel="${relation}"`
  })
  return parts.length === 0 ? {} : { link: parts.join(', ') }
}
