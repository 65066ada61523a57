import type { Octokit } from 'octokit'
import { z } from 'zod'
import { readMarker } from './github-marker.ts'

/** A pull request, and the commit that was judged. */
export type PullTarget = {
  readonly owner: string
  readonly repo: string
  readonly number: number
  readonly head: string
}

/** A conversation that we began about a finding. */
export type OwnThread = {
  readonly id: string
  readonly key: string
  readonly isResolved: boolean
  /** Whether anybody else has written in it: then it is theirs. */
  readonly isTouched: boolean
}

/** A comment of somebody else that may be a command. */
export type OtherComment = { readonly id: string; readonly author: string; readonly body: string }

/** What stands on a pull request, as far as it is ours or said to us. */
export type PullState = {
  readonly threads: readonly OwnThread[]
  /** The comment with the summary; the oldest where there were two. */
  readonly sticky: { readonly id: number; readonly body: string } | null
  /** The comments that commands were given in and that have their answer. */
  readonly answered: ReadonlySet<string>
  readonly others: readonly OtherComment[]
}

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() })
const threadPage = z.object({
  repository: z.object({
    pullRequest: z.object({
      reviewThreads: z.object({
        pageInfo,
        nodes: z.array(
          z.object({
            id: z.string(),
            isResolved: z.boolean(),
            comments: z.object({
              totalCount: z.number(),
              nodes: z.array(z.object({ viewerDidAuthor: z.boolean(), body: z.string() })),
            }),
          }),
        ),
      }),
    }),
  }),
})
const commentPage = z.object({
  repository: z.object({
    pullRequest: z.object({
      comments: z.object({
        pageInfo,
        nodes: z.array(
          z.object({
            fullDatabaseId: z.coerce.string(),
            viewerDidAuthor: z.boolean(),
            body: z.string(),
            author: z.object({ login: z.string() }).nullable(),
          }),
        ),
      }),
    }),
  }),
})

// `viewerDidAuthor` is the one way to know oneself that is the same for apps and people: their logins are spelled otherwise in REST.
const threadsQuery = `
  query kbuildReviewThreads($owner: String!, $repo: String!, $number: Int!, $cursor: String) {
    repository(owner: $owner, name: $repo) {
      pullRequest(number: $number) {
        reviewThreads(first: 100, after: $cursor) {
          pageInfo { hasNextPage endCursor }
          nodes { id isResolved comments(first: 100) { totalCount nodes { viewerDidAuthor body } } }
        }
      }
    }
  }`
const commentsQuery = `
  query kbuildReviewComments($owner: String!, $repo: String!, $number: Int!, $cursor: String) {
    repository(owner: $owner, name: $repo) {
      pullRequest(number: $number) {
        comments(first: 100, after: $cursor) {
          pageInfo { hasNextPage endCursor }
          nodes { fullDatabaseId viewerDidAuthor body author { login } }
        }
      }
    }
  }`

/** Reads what stands on a pull request. */
export async function readPullState(octokit: Octokit, target: Omit<PullTarget, 'head'>): Promise<PullState> {
  const { owner, repo, number } = target
  const place = { owner, repo, number }
  const threads = threadPage.parse(await octokit.graphql.paginate(threadsQuery, place))
  const comments = commentPage.parse(await octokit.graphql.paginate(commentsQuery, place))
  const { nodes } = comments.repository.pullRequest.comments
  const own = nodes.flatMap(({ viewerDidAuthor, fullDatabaseId, body }) => {
    const marker = viewerDidAuthor ? readMarker(body) : null
    return marker === null ? [] : [{ id: Number(fullDatabaseId), body, marker }]
  })
  const sticky = own.find(({ marker }) => marker.kind === 'summary')
  return {
    threads: threads.repository.pullRequest.reviewThreads.nodes.flatMap(toOwnThread),
    sticky: sticky === undefined ? null : { id: sticky.id, body: sticky.body },
    answered: new Set(own.flatMap(({ marker }) => (marker.kind === 'answer' ? [marker.comment] : []))),
    others: nodes
      .filter(({ viewerDidAuthor }) => !viewerDidAuthor)
      .map(({ fullDatabaseId, author, body }) => ({ id: fullDatabaseId, author: author?.login ?? 'ghost', body })),
  }
}

type ThreadNode = z.infer<typeof threadPage>['repository']['pullRequest']['reviewThreads']['nodes'][number]

function toOwnThread({ id, isResolved, comments }: ThreadNode): readonly OwnThread[] {
  const [first] = comments.nodes
  const marker = first?.viewerDidAuthor === true ? readMarker(first.body) : null
  if (marker?.kind !== 'finding') return []
  const own = comments.nodes.filter(({ viewerDidAuthor }) => viewerDidAuthor).length
  return [{ id, key: marker.key, isResolved, isTouched: comments.totalCount > own }]
}
