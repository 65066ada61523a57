import { z } from 'zod'
import { pageOf, refuse, type Answer, type Request } from './answer.ts'
import { branchHead, hasCommit, pullCommits, pullDiff, runGit } from './git.ts'
import { reviewGap } from './schema-gaps.ts'
import { commitShape, fullPullShape, issueCommentShape, pullShape, reviewShape, threadCommentShape } from './shapes.ts'
import { takeId, type Pull, type Review, type Thread } from './world.ts'

/** How many commits of a pull request GitHub lists, however many it has. */
const listedCommits = 250

const reviewForm = z.object({
  commit_id: z.string().optional(),
  body: z.string().default(''),
  event: z.string().optional(),
  comments: z
    .array(
      z.object({
        path: z.string(),
        body: z.string(),
        line: z.number().default(1),
        side: z.enum(['LEFT', 'RIGHT']).default('RIGHT'),
        start_line: z.number().optional(),
      }),
    )
    .default([]),
})
const textForm = z.object({ body: z.string() })

/** What GitHub does with requests about pull requests, by operation. */
export const pullRoutes: Readonly<Record<string, (request: Request) => Answer>> = {
  'pulls/list': ({ world, addresses, query }) => {
    const state = query['state'] ?? 'open'
    const pulls = [...world.pulls.values()].filter((pull) => state === 'all' || pull.state === state).reverse()
    const page = pageOf(pulls, query, (some) => some.map((pull) => pullShape(world, pull as Pull, addresses)))
    for (const pull of pulls) countRead(pull)
    return page
  },
  'pulls/get': (request) =>
    withPull(request, (pull) => {
      const body = fullPullShape(request.world, pull, request.addresses)
      countRead(pull)
      return { status: 200, body }
    }),
  'pulls/list-commits': (request) =>
    withPull(request, (pull) => {
      const { world, addresses, query } = request
      const ids = pullCommits(world.directory, pull.base, pull.head).slice(0, listedCommits)
      return pageOf(ids, query, (page) => page.map((id) => commitShape(world, String(id), addresses)))
    }),
  'pulls/list-files': (request) => withPull(request, (pull) => pageOf(filesOf(request, pull), request.query)),
  'pulls/list-reviews': (request) =>
    withPull(request, (pull) =>
      pageOf(
        pull.reviews.map((review) => reviewShape(request.world, pull, review, request.addresses)),
        request.query,
      ),
    ),
  'pulls/create-review': (request) => withPull(request, (pull) => createReview(request, pull)),
  'pulls/list-review-comments': (request) =>
    withPull(request, (pull) =>
      pageOf(
        pull.threads.flatMap((thread) =>
          thread.comments.map((comment) =>
            threadCommentShape(request.world, { pull, thread, comment }, request.addresses),
          ),
        ),
        request.query,
      ),
    ),
  'issues/list-comments': (request) =>
    withPull(request, (pull) =>
      pageOf(
        pull.comments.map((comment) => issueCommentShape(request.world, pull, comment, request.addresses)),
        request.query,
      ),
    ),
  'issues/create-comment': (request) =>
    withPull(request, (pull) => {
      const { world, token, addresses } = request
      const { body } = textForm.parse(request.body)
      const comment = { id: takeId(world), author: token.login, body, createdAt: world.now, updatedAt: world.now }
      pull.comments.push(comment)
      return { status: 201, body: issueCommentShape(world, pull, comment, addresses) }
    }),
  'issues/update-comment': ({ world, parameters, body, addresses, token }) => {
    for (const pull of world.pulls.values()) {
      const comment = pull.comments.find(({ id }) => String(id) === parameters['comment_id'])
      if (!comment) continue
      if (comment.author !== token.login) return refuse(403, 'You cannot update this comment.')
      comment.body = textForm.parse(body).body
      comment.updatedAt = world.now
      return { status: 200, body: issueCommentShape(world, pull, comment, addresses) }
    }
    return refuse(404, 'Not Found')
  },
}

function withPull({ world, parameters }: Request, answer: (pull: Pull) => Answer): Answer {
  const pull = world.pulls.get(Number(parameters['pull_number'] ?? parameters['issue_number']))
  return pull ? answer(pull) : refuse(404, 'Not Found')
}

/** After a push GitHub answers with the old head for a while. */
function countRead(pull: Pull): void {
  if (pull.stale === null) return
  pull.stale.reads -= 1
  if (pull.stale.reads <= 0) pull.stale = null
}

function createReview({ world, body, token, addresses }: Request, pull: Pull): Answer {
  const files = pullDiff(world.directory, pull.base, pull.head)
  const gap = reviewGap(body, files)
  if (gap !== null) return refuse(422, gap)
  const form = reviewForm.parse(body)
  const commit = form.commit_id ?? pull.head
  const ofPull = pullCommits(world.directory, pull.base, pull.head)
  if (world.gone.has(commit) || !hasCommit(world.directory, commit)) return refuse(404, 'Not Found')
  if (!ofPull.includes(commit)) return refuse(422, 'commit_id is not part of the pull request')
  const states = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED' } as const
  const state = form.event === 'APPROVE' || form.event === 'REQUEST_CHANGES' ? states[form.event] : 'COMMENTED'
  const review: Review = { id: takeId(world), author: token.login, commit, body: form.body, state }
  pull.reviews.push(review)
  for (const { path, line, side, start_line, body: text } of form.comments) {
    const comment = { id: takeId(world), review: review.id, author: token.login, commit, body: text }
    const thread: Thread = {
      id: `PRRT_${takeId(world)}`,
      path,
      line,
      side,
      startLine: start_line ?? null,
      comments: [comment],
      resolvedBy: null,
    }
    pull.threads.push(thread)
  }
  return { status: 200, body: reviewShape(world, pull, review, addresses) }
}

const kinds = { modify: 'modified', add: 'added', delete: 'removed', rename: 'renamed', copy: 'copied' } as const

function filesOf({ world, addresses }: Request, pull: Pull): readonly object[] {
  const base = branchHead(world.directory, pull.base)
  return pullDiff(world.directory, base, pull.head).map((file) => {
    const path = file.newPath ?? file.oldPath ?? ''
    const lines = file.hunks.flatMap((hunk) => hunk.lines)
    const additions = lines.filter(({ kind }) => kind === 'add').length
    const deletions = lines.filter(({ kind }) => kind === 'delete').length
    const text = runGit(world.directory, 'diff', '--find-renames', `${base}...${pull.head}`, '--', path)
    const url = `${addresses.api}/repos/${world.owner}/${world.repo}/contents/${path}`
    return {
      sha: file.newBlob,
      filename: path,
      status: kinds[file.kind],
      additions,
      deletions,
      changes: additions + deletions,
      blob_url: url,
      raw_url: url,
      contents_url: url,
      patch: text.slice(Math.max(0, text.indexOf('@@'))),
      ...(file.kind === 'rename' && { previous_filename: file.oldPath }),
    }
  })
}
