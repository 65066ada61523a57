import { readFileSync, statSync } from 'node:fs'
import { App, Octokit } from 'octokit'
import type { GithubRepository } from '../sources/github.ts'
import type { GithubConfig } from './github-config.ts'
import { packageVersion } from './package.ts'

/** A way to a server of GitHub, as somebody. */
export type GithubClient = {
  readonly octokit: Octokit
  /** What git shows to the server; null where nobody is logged in. */
  token(): Promise<string | null>
}

/** A secret or key could not be read, or says nothing. */
export class GithubSetupError extends Error {
  override readonly name = 'GithubSetupError'
  readonly code = 'github-setup'
}

export type Environment = Readonly<Record<string, string | undefined>>

type Settings = Pick<GithubConfig, 'base-url' | 'token-file' | 'app'>

/** How octokit deals with limits and failures; tests switch both off for speed. */
export type Patience = { readonly throttle: 'on' | 'off' }

/** Repetitions of a request that GitHub put off because of a limit; then it fails, and the caller decides. */
const mostRepetitions = 2

/** Sees to it that octokit tells limits to nobody but us: its own words would land on the terminal. */
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * The client for a repository: as the installation of the app there, where there is an app, else with the token of the file, else
 * with that of the environment, else as nobody, who may read what is public. Throws `GithubSetupError`.
 */
export async function openGithub(
  settings: Settings,
  repository: GithubRepository,
  { env, patience = { throttle: 'on' } }: { readonly env: Environment; readonly patience?: Patience },
): Promise<GithubClient> {
  const options = clientOptions(settings['base-url'], patience)
  if (settings.app === undefined) {
    const token =
      settings['token-file'] === undefined ? tokenOf(env, settings['base-url']) : readSecret(settings['token-file'])
    return asTold(new Octokit({ ...options, ...(token !== null && { auth: token }) }), () => Promise.resolve(token))
  }
  const privateKey = readSecret(settings.app['key-file'])
  const app = new App({ appId: settings.app.id, privateKey, Octokit: Octokit.defaults(options), log: silent })
  const { data } = await app.octokit.rest.apps.getRepoInstallation({ ...repository })
  const octokit = await app.getInstallationOctokit(data.id)
  return asTold(octokit, async () => {
    const authentication: unknown = await octokit.auth({ type: 'installation' })
    return typeof authentication === 'object' && authentication !== null && 'token' in authentication
      ? String(authentication.token)
      : null
  })
}

/**
 * The token that the environment holds for a server: GITHUB_TOKEN and GH_TOKEN are those of github.com, and of the server that runs
 * a workflow (GITHUB_API_URL); other servers get GH_ENTERPRISE_TOKEN, as of the command `gh`. Null where there is none.
 */
export function tokenOf(env: Environment, baseUrl: string): string | null {
  const own = baseUrl === 'https://api.github.com' || baseUrl === env['GITHUB_API_URL']
  const names = own ? ['GITHUB_TOKEN', 'GH_TOKEN'] : ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN']
  return names.map((name) => env[name]).find((token) => token !== undefined && token !== '') ?? null
}

/** The only line of a file; throws `GithubSetupError` where it cannot be read or says nothing. */
export function readSecret(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false })
  if (!status?.isFile() || status.size > maxSecretBytes)
    throw new GithubSetupError(`${path}: no file that holds a secret`)
  const text = readFileSync(path, 'utf8').trim()
  if (text === '') throw new GithubSetupError(`${path}: is empty`)
  return text
}

const maxSecretBytes = 1 << 16

function clientOptions(baseUrl: string, { throttle }: Patience): object {
  const onLimit = (_after: number, _options: object, _octokit: object, repetition: number): boolean =>
    repetition < mostRepetitions
  return {
    baseUrl,
    userAgent: `kbuild-review/${packageVersion()}`,
    log: silent,
    throttle: throttle === 'off' ? { enabled: false } : { onRateLimit: onLimit, onSecondaryRateLimit: onLimit },
    ...(throttle === 'off' && { retry: { enabled: false } }),
  }
}

/**
 * A write is not simply repeated: what is lost may be the answer alone, and then it would be done twice. Whoever writes looks what
 * is there before he tries again.
 */
function asTold(octokit: Octokit, token: GithubClient['token']): GithubClient {
  octokit.hook.before('request', (options) => {
    if (options.method !== 'GET') options.request = { ...options.request, retries: 0 }
  })
  return { octokit, token }
}
