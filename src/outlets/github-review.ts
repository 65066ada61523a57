import type { Octokit } from 'octokit'
import { planPull, type NewComment, type PullPlan, type PullReview } from './github-plan.ts'
import { readPullState, type PullTarget } from './github-state.ts'

/** What was done on a pull request: how many comments on lines, resolved threads, and what became of the summary. */
export type Posted = {
  readonly comments: number
  readonly resolved: number
  readonly sticky: PullPlan['sticky']['kind']
}

/**
 * Brings what a pull request says of a review in line with it. Everything that is there is read first and known by its marker, so
 * that doing it again, after a failure in the middle as well, adds nothing. Throws octokit's `RequestError` where GitHub refuses or
 * does not answer.
 */
export async function postReview(octokit: Octokit, target: PullTarget, told: PullReview): Promise<Posted> {
  const state = await readPullState(octokit, target)
  const first = planPull(told, state)
  const refused = await postComments(octokit, target, first.comments)
  const plan = refused ? planPull(told, state, new Set(first.comments.map(({ key }) => key))) : first
  for (const thread of plan.resolve) await resolveThread(octokit, thread)
  await postSticky(octokit, target, plan.sticky)
  return { comments: plan.comments.length, resolved: plan.resolve.length, sticky: plan.sticky.kind }
}

/**
 * All comments on lines as one review, which GitHub takes or refuses as a whole. Says whether it was refused for its lines, which
 * happens where GitHub shows less of a diff than git does: then the summary tells all.
 */
async function postComments(octokit: Octokit, target: PullTarget, comments: readonly NewComment[]): Promise<boolean> {
  if (comments.length === 0) return false
  const { owner, repo, number, head } = target
  try {
    await octokit.rest.pulls.createReview({
      owner,
      repo,
      pull_number: number,
      commit_id: head,
      event: 'COMMENT',
      // Required with this event (docs.github.com, "Create a review for a pull request").
      body: comments.length === 1 ? 'One remark, on its line.' : `${comments.length} remarks, on their lines.`,
      comments: comments.map(({ path, line, side, body }) => ({ path, line, side, body })),
    })
    return false
  } catch (error) {
    if (isUnplaceable(error)) return true
    throw error
  }
}

function isUnplaceable(error: unknown): boolean {
  return (
    error instanceof Error &&
    'status' in error &&
    error.status === 422 &&
    /could not be resolved|part of the diff/i.test(error.message)
  )
}

async function resolveThread(octokit: Octokit, thread: string): Promise<void> {
  const mutation = `
    mutation kbuildReviewResolve($thread: ID!) {
      resolveReviewThread(input: { threadId: $thread }) { thread { id isResolved } }
    }`
  await octokit.graphql(mutation, { thread })
}

async function postSticky(octokit: Octokit, target: PullTarget, sticky: PullPlan['sticky']): Promise<void> {
  const { owner, repo, number } = target
  switch (sticky.kind) {
    case 'none':
      return
    case 'create':
      await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body: sticky.body })
      return
    case 'edit':
      await octokit.rest.issues.updateComment({ owner, repo, comment_id: sticky.id, body: sticky.body })
  }
}
