import { z } from 'zod'
import type { Token, World } from './world.ts'

const form = z.strictObject({ query: z.string(), variables: z.record(z.string(), z.unknown()).default({}) })
const onPull = z.strictObject({
  owner: z.string(),
  repo: z.string(),
  number: z.number().int(),
  cursor: z.string().nullish(),
})
const onThread = z.strictObject({ thread: z.string() })

/** Names of GitHub's GraphQL schema (https://docs.github.com/en/graphql/reference) that our queries are made of. */
const names = new Set(
  (
    'query mutation repository owner name pullRequest number reviewThreads first after pageInfo hasNextPage endCursor nodes id ' +
    'isResolved comments totalCount viewerDidAuthor body fullDatabaseId author login resolveReviewThread input threadId thread ' +
    'String Int ID'
  ).split(' '),
)

/** Pages of lists; GitHub's greatest is 100. */
const pageSize = 100

type Reply =
  { readonly data: unknown } | { readonly errors: readonly { readonly type: string; readonly message: string }[] }

const failed = (type: string, message: string): Reply => ({ errors: [{ type, message }] })

/** What GitHub answers to the three questions that we put in GraphQL. */
export function answerGraphql(world: World, token: Token, body: unknown): Reply {
  const asked = form.safeParse(body)
  if (!asked.success) return failed('INVALID', z.prettifyError(asked.error))
  const { query, variables } = asked.data
  const [, operation = ''] = /^\s*(?:query|mutation)\s+(\w+)/.exec(query) ?? []
  const words = query.replaceAll(/\$\w+/g, '').match(/[A-Za-z]\w*/g) ?? []
  const unknown = words.find((word) => !names.has(word) && word !== operation)
  if (unknown !== undefined) return failed('undefinedField', `Field '${unknown}' doesn't exist`)
  if (/\bmutation\b/.test(query)) return resolveThread(world, token, variables)
  const parsed = onPull.safeParse(variables)
  const pull = parsed.success ? world.pulls.get(parsed.data.number) : undefined
  if (!parsed.success || !pull) return failed('NOT_FOUND', 'Could not resolve to a PullRequest')
  const isOwn = (author: string): boolean => author === token.login
  const threads = pull.threads.map(({ id, resolvedBy, comments }) => ({
    id,
    isResolved: resolvedBy !== null,
    comments: {
      totalCount: comments.length,
      nodes: comments.map(({ author, body: text }) => ({ viewerDidAuthor: isOwn(author), body: text })),
    },
  }))
  const comments = pull.comments.map(({ id, author, body: text }) => ({
    fullDatabaseId: String(id),
    viewerDidAuthor: isOwn(author),
    body: text,
    author: { login: author.replace(/\[bot\]$/, '') },
  }))
  const start = Number(parsed.data.cursor ?? 0)
  const page = (all: readonly unknown[]): object => ({
    pageInfo: { hasNextPage: start + pageSize < all.length, endCursor: String(start + pageSize) },
    nodes: all.slice(start, start + pageSize),
  })
  const pullRequest = query.includes('reviewThreads') ? { reviewThreads: page(threads) } : { comments: page(comments) }
  return { data: { repository: { pullRequest } } }
}

function resolveThread(world: World, token: Token, variables: unknown): Reply {
  const parsed = onThread.safeParse(variables)
  const threads = [...world.pulls.values()].flatMap((pull) => pull.threads)
  const thread = threads.find(({ id }) => parsed.success && id === parsed.data.thread)
  if (!thread) return failed('NOT_FOUND', 'Could not resolve to a node')
  if (token.access !== 'write') return failed('FORBIDDEN', 'Resource not accessible by integration')
  thread.resolvedBy ??= token.login
  return { data: { resolveReviewThread: { thread: { id: thread.id, isResolved: true } } } }
}
