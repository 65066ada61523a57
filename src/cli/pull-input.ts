import { setTimeout as sleep } from 'node:timers/promises'
import { GithubSetupError, openGithub, type GithubClient } from '../app/github-client.ts'
import { githubSchema } from '../app/github-config.ts'
import { parsePullUrl, type PullAddress } from '../app/pull-url.ts'
import { readPull, type ReadPull } from '../app/read-pull.ts'
import { createPullSource, type PullRequest } from '../sources/github.ts'
import { UsageError } from './exit.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

type Context = { readonly session: Session; readonly terminal: Terminal }

/** A pull request that was read, and the way back to where it is. */
export type PullInput = Extract<ReadPull, { kind: 'series' }> & {
  readonly pull: PullRequest
  readonly client: GithubClient
}

/** After a push GitHub tells the old head for up to 30 seconds: how long to wait before each further look (milliseconds). */
const waits = [1000, 2000, 4000, 8000, 16_000]

/** Reads the pull request at an address; throws `UsageError` where there is none, or it cannot be judged. */
export async function gatherPull(url: string, context: Context): Promise<PullInput> {
  const address = parsePullUrl(url)
  if (address === null) throw new UsageError(`--pr: \`${url}\` is no https://HOST/OWNER/REPOSITORY/pull/NUMBER`)
  const client = await openClient(address, context)
  const source = createPullSource(client.octokit, { owner: address.owner, repo: address.repo })
  for (const wait of [...waits, null]) {
    const pull = await source.pull(address.number)
    if (pull === null) throw new UsageError(`--pr: there is no ${url}, or nobody may see it without a token that may`)
    const token = await client.token()
    const { signal } = context.terminal
    const read = await readPull(pull, { repository: context.session.repository, token, signal })
    if (read.kind === 'series') return { ...read, pull, client }
    if (read.kind === 'none') throw new UsageError(`--pr: ${read.reason}`)
    if (wait !== null) await sleep(wait, undefined, { signal })
  }
  throw new Error(`GitHub and git do not agree where ${url} ends; try again in a minute`)
}

/** Credentials of the configuration are for its server alone. */
async function openClient(address: PullAddress, { session, terminal }: Context): Promise<GithubClient> {
  const configured = session.config.github
  const settings =
    configured?.['base-url'] === address.api ? configured : githubSchema.parse({ 'base-url': address.api })
  try {
    return await openGithub(settings, { owner: address.owner, repo: address.repo }, { env: terminal.env })
  } catch (error) {
    if (error instanceof GithubSetupError) throw new UsageError(error.message)
    throw error
  }
}
