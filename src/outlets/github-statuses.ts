import type { Octokit } from 'octokit'
import type { WantedCheck } from './github-checks.ts'
import type { PullTarget } from './github-state.ts'

/** A status has three states and no neutral one: what is nobody's fault stops nobody. */
const states = { success: 'success', failure: 'failure', neutral: 'success' } as const

/** Characters of a description that GitHub takes. */
const maxDescription = 140

/** Check runs as commit statuses, for who speaks with a person's token: only apps may make check runs. Says how many were new. */
export async function postStatuses(
  octokit: Octokit,
  target: PullTarget,
  wanted: readonly WantedCheck[],
): Promise<number> {
  const { owner, repo, head } = target
  const { data } = await octokit.rest.repos.getCombinedStatusForRef({ owner, repo, ref: head, per_page: 100 })
  let made = 0
  for (const { name, title, conclusion } of wanted) {
    const description = title.slice(0, maxDescription)
    const state = states[conclusion]
    const isThere = data.statuses.some(
      (status) => status.context === name && status.state === state && status.description === description,
    )
    if (isThere) continue
    await octokit.rest.repos.createCommitStatus({ owner, repo, sha: head, state, context: name, description })
    made += 1
  }
  return made
}
