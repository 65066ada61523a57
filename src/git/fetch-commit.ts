import type { Repository } from './repository.ts'
import { runGit } from './run.ts'

/** A server may have to pack a whole tree. */
const fetchTimeoutMs = 600_000

/** Remotes asked at most. */
const mostRemotes = 5

/**
 * Fetches a commit, without its history, from the remotes of the user's repository into the private one, so that the
 * user's keeps neither objects nor refs. Null where no remote hands it out. Abbreviated ids cannot be asked for.
 */
export async function fetchCommit(repository: Repository, id: string, signal?: AbortSignal): Promise<string | null> {
  if (!/^(?:[\da-f]{40}|[\da-f]{64})$/.test(id)) return null
  const { stdout } = await runGit(['remote'], repository.user)
  const remotes = stdout
    .toString('utf8')
    .split('\n')
    .filter((name) => name !== '' && !name.startsWith('-'))
  for (const remote of remotes.slice(0, mostRemotes)) {
    const url = await urlOf(repository, remote)
    if (url !== null && (await fetchFrom(repository, { url, id, signal }))) return id
  }
  return null
}

async function urlOf(repository: Repository, remote: string): Promise<string | null> {
  const { exitCode, stdout } = await runGit(['remote', 'get-url', '--', remote], repository.user)
  const url = stdout.toString('utf8').trim()
  return exitCode === 0 && url !== '' && !url.startsWith('-') ? url : null
}

type Wanted = { readonly url: string; readonly id: string; readonly signal: AbortSignal | undefined }

/** With the user's configuration, for his credentials and proxies, but into our repository. */
async function fetchFrom(repository: Repository, { url, id, signal }: Wanted): Promise<boolean> {
  const { exitCode } = await runGit(
    ['fetch', '--quiet', '--no-tags', '--depth=1', '--no-write-fetch-head', '--', url, id],
    {
      ...repository.user,
      env: { ...repository.user.env, GIT_DIR: repository.own.cwd },
      timeoutMs: fetchTimeoutMs,
      ...(signal === undefined ? {} : { signal }),
    },
  )
  return exitCode === 0
}
