import type { Octokit } from 'octokit'

/** A repository on GitHub. */
export type GithubRepository = { readonly owner: string; readonly repo: string }

/** A pull request as GitHub's API tells it; a push shows there some seconds later than in git. */
export type PullRequest = GithubRepository & {
  readonly number: number
  readonly title: string
  readonly state: 'open' | 'closed'
  readonly draft: boolean
  readonly author: string
  /** The commit at its end. */
  readonly head: string
  /** The branch it is to be merged in. */
  readonly base: string
  /** Whether its branch is in another repository, or in one that is gone. */
  readonly isFork: boolean
  /** Where git finds the repository that it is made to; `refs/pull/NUMBER/head` there holds it whatever became of the fork. */
  readonly gitUrl: string
  /** When anything was last done with it, as GitHub writes it. */
  readonly updatedAt: string
}

/** The open pull requests; `unchanged` where GitHub says that its list is the one given last. */
export type OpenPulls =
  { readonly kind: 'pulls'; readonly pulls: readonly PullRequest[] } | { readonly kind: 'unchanged' }

/** Reads the pull requests of one repository. Throws octokit's `RequestError` where GitHub does not answer. */
export type PullSource = {
  readonly repository: GithubRepository
  /** One request where nothing has changed, which costs nothing of the rate limit (ETag, RFC 9110 §13.1.2). */
  open(): Promise<OpenPulls>
  /** One pull request, open or closed; null where there is none. */
  pull(number: number): Promise<PullRequest | null>
}

/** Pull requests a page; GitHub's greatest. */
const pageSize = 100

/** The pull requests of a repository. */
export function createPullSource(octokit: Octokit, repository: GithubRepository): PullSource {
  const { owner, repo } = repository
  let known: string | null = null
  return {
    repository,
    open: async () => {
      const query = { owner, repo, state: 'open', sort: 'updated', direction: 'desc', per_page: pageSize } as const
      // The newest are first, so that whatever happens to one shows on the first page.
      const first = await unlessUnchanged(() =>
        octokit.rest.pulls.list({ ...query, ...(known !== null && { headers: { 'if-none-match': known } }) }),
      )
      if (first === null) return { kind: 'unchanged' }
      const all = first.data.length < pageSize ? first.data : await octokit.paginate(octokit.rest.pulls.list, query)
      known = first.headers.etag ?? null
      return { kind: 'pulls', pulls: all.map((pull) => toPull(pull, repository)) }
    },
    pull: async (number) => {
      try {
        const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number: number })
        return toPull(data, repository)
      } catch (error) {
        if (statusOf(error) === 404) return null
        throw error
      }
    },
  }
}

async function unlessUnchanged<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (statusOf(error) === 304) return null
    throw error
  }
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && 'status' in error ? error.status : null
}

/** What lists and single answers have in common. A fork that was deleted is null, whatever the types say. */
type Told = {
  readonly number: number
  readonly title: string
  readonly state: string
  readonly draft?: boolean | undefined
  readonly updated_at: string
  readonly user: { readonly login: string } | null
  readonly head: { readonly sha: string; readonly repo: { readonly full_name: string } | null }
  readonly base: { readonly ref: string; readonly repo: { readonly full_name: string; readonly clone_url: string } }
}

function toPull(told: Told, { owner, repo }: GithubRepository): PullRequest {
  return {
    owner,
    repo,
    number: told.number,
    title: told.title,
    state: told.state === 'open' ? 'open' : 'closed',
    draft: told.draft ?? false,
    author: told.user?.login ?? 'ghost',
    head: told.head.sha,
    base: told.base.ref,
    isFork: told.head.repo?.full_name !== told.base.repo.full_name,
    gitUrl: told.base.repo.clone_url,
    updatedAt: told.updated_at,
  }
}
