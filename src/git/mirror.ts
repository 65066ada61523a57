import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { removal } from '../processes/remove-directory.ts'
import { gitEnvironment, type Environment } from './environment.ts'
import { gitOutput } from './run.ts'

/** What to bring up to date: the address of a repository, and the git directory here. */
export type MirrorWish = { readonly url: string; readonly repository: string; readonly signal: AbortSignal }

/** Keeps bare repositories as others have them. */
export type MirrorFetcher = {
  /**
   * Makes the repository what it is at the address: a clone where there is none yet, else a fetch of all branches, also where their history was
   * rewritten. A clone that is cut off leaves no half repository. Throws `GitError`.
   */
  fetch(wish: MirrorWish): Promise<void>
}

/** An epoch has at most about 1 GB (public-inbox-v2-format(5)). */
const cloneTimeoutMs = 2 * 3_600_000
const fetchTimeoutMs = 600_000

/** What a clone that was killed left is removed after so long. */
const staleAfterMs = 24 * 3_600_000

/**
 * No way but HTTP, no redirects, and a server that sends next to nothing for a minute is given up (git-config(1)).
 */
const settings = [
  ...['-c', 'protocol.allow=never', '-c', 'protocol.https.allow=always', '-c', 'protocol.http.allow=always'],
  ...['-c', 'http.followRedirects=false', '-c', 'http.lowSpeedLimit=100', '-c', 'http.lowSpeedTime=60'],
]

/** Fetches with the user's configuration, for proxies and certificates. */
export function createMirrorFetcher(environment: Environment): MirrorFetcher {
  const env = gitEnvironment(environment, 'user')
  return {
    fetch: async (wish) => {
      if (existsSync(join(wish.repository, 'HEAD'))) await update(wish, env)
      else await clone(wish, env)
    },
  }
}

type Env = Readonly<Record<string, string>>

async function update({ url, repository, signal }: MirrorWish, env: Env): Promise<void> {
  const args = [
    'fetch',
    '--quiet',
    '--prune',
    '--no-tags',
    '--no-write-fetch-head',
    '--',
    url,
    '+refs/heads/*:refs/heads/*',
  ]
  await gitOutput([...settings, '--git-dir', repository, ...args], { cwd: '/', env, timeoutMs: fetchTimeoutMs, signal })
}

/** Beside its place, and moved there when it is whole: of several processes one wins. */
async function clone({ url, repository, signal }: MirrorWish, env: Env): Promise<void> {
  const directory = dirname(repository)
  await mkdir(directory, { recursive: true })
  await removeStale(repository)
  const incoming = join(directory, `${basename(repository)}.incoming-${randomUUID()}`)
  try {
    const args = ['clone', '--quiet', '--mirror', '--', url, incoming]
    await gitOutput([...settings, ...args], { cwd: '/', env, timeoutMs: cloneTimeoutMs, signal })
    await rename(incoming, repository).catch((error: unknown) => {
      if (!existsSync(join(repository, 'HEAD'))) throw error
    })
  } finally {
    await rm(incoming, removal)
  }
}

async function removeStale(repository: string): Promise<void> {
  const directory = dirname(repository)
  for (const name of await readdir(directory)) {
    if (!name.startsWith(`${basename(repository)}.incoming-`)) continue
    const left = await stat(join(directory, name)).catch(() => null)
    if (left !== null && Date.now() - left.mtimeMs > staleAfterMs) await rm(join(directory, name), removal)
  }
}
