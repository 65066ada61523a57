import { parseDiff } from '../diff/parse-diff.ts'
import type { FileDiff } from '../diff/file-diff.ts'
import { decodeBytes } from '../text/decode.ts'
import { GitError } from './git-error.ts'
import { resolveRevision } from './refs.ts'
import type { Repository } from './repository.ts'
import { gitOutput, lastLines, runGit, type RunOptions } from './run.ts'

/** Where a pull request lies: the repository it is made to, its number, and the branch it is to be merged in. */
export type PullPlace = {
  readonly url: string
  readonly number: number
  readonly base: string
  /** Shown to servers that the url names, over http and https alone; never on a command line. */
  readonly token?: string
  readonly signal?: AbortSignal
}

/** Commits of a pull request, fetched: its end, the end of the branch it is for, and where it left that. */
export type FetchedPull =
  | { readonly kind: 'fetched'; readonly head: string; readonly base: string; readonly mergeBase: string }
  | { readonly kind: 'none'; readonly reason: string }

/** A server may have to pack years of history. */
const fetchTimeoutMs = 600_000

/**
 * Fetches a pull request and the branch it is for into the private repository; the user's keeps neither objects nor refs, and
 * git asks only for what that one lacks. `none` says why it is not to be had.
 */
export async function fetchPull(repository: Repository, place: PullPlace): Promise<FetchedPull> {
  const { url, number, base, signal } = place
  if (!/^(?:https?|file|ssh):\/\//.test(url)) return none(`\`${url}\` is no address of a repository`)
  // git check-ref-format would refuse it; it must not become an option or another refspec.
  if (/[\s:*?[\\^~]|\.\./.test(base) || base === '') return none(`\`${base}\` is no name of a branch`)
  if (await isShallow(repository))
    return none(
      'the tree is a shallow clone, and what a pull request is made on may lie below its end: git fetch --unshallow',
    )
  const [head, tip] = [`refs/pulls/${number}/head`, `refs/pulls/${number}/base`]
  const run = {
    ...fetchOptions(repository, place),
    timeoutMs: fetchTimeoutMs,
    ...(signal === undefined ? {} : { signal }),
  }
  const specs = [`+refs/pull/${number}/head:${head}`, `+refs/heads/${base}:${tip}`]
  const { exitCode, stderr } = await runGit(
    ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', url, ...specs],
    run,
  )
  if (exitCode !== 0) return none(`git cannot fetch it: ${lastLines(stderr)}`)
  return locate(repository.own, { head, tip })
}

async function locate(own: RunOptions, refs: { readonly head: string; readonly tip: string }): Promise<FetchedPull> {
  const [head, base] = [await resolveRevision(own, refs.head), await resolveRevision(own, refs.tip)]
  if (head === null || base === null) throw new GitError('failed', `git fetched ${refs.head} and has not got it`)
  const { exitCode, stdout } = await runGit(['merge-base', base, head], own)
  if (exitCode !== 0) return none('it has no history in common with the branch that it is for')
  return { kind: 'fetched', head, base, mergeBase: stdout.toString('utf8').trim() }
}

const none = (reason: string): FetchedPull => ({ kind: 'none', reason })

async function isShallow({ user }: Repository): Promise<boolean> {
  return (await gitOutput(['rev-parse', '--is-shallow-repository'], user)).trim() === 'true'
}

/** With the user's configuration, for his credentials and proxies, but into our repository. */
function fetchOptions({ user, own }: Repository, { url, token }: PullPlace): RunOptions {
  const env: Readonly<Record<string, string>> = { ...user.env, GIT_DIR: own.cwd }
  if (token === undefined || !/^https?:\/\//.test(url)) return { ...user, env }
  const count = Number(env['GIT_CONFIG_COUNT'] ?? 0)
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  return {
    ...user,
    env: {
      ...env,
      GIT_CONFIG_COUNT: String(count + 1),
      [`GIT_CONFIG_KEY_${count}`]: `http.${new URL(url).origin}/.extraHeader`,
      [`GIT_CONFIG_VALUE_${count}`]: `Authorization: Basic ${basic}`,
    },
  }
}

/**
 * What a pull request changes as a whole, with three lines of context and renames found, as GitHub shows it; binary files
 * without their contents. Null where it is more than a person would read (64 MB).
 */
export async function readWholeDiff(
  { own }: Repository,
  { mergeBase, head }: { readonly mergeBase: string; readonly head: string },
): Promise<readonly FileDiff[] | null> {
  const options = [
    '--patch',
    '--full-index',
    '--find-renames',
    '--unified=3',
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
  ]
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/', '--submodule=short']
  try {
    const { exitCode, stdout, stderr } = await runGit(
      ['diff-tree', '-r', ...options, ...prefixes, mergeBase, head],
      own,
    )
    if (exitCode !== 0) throw new GitError('failed', `git diff-tree failed on ${head}: ${lastLines(stderr)}`)
    const { files, problems } = parseDiff(decodeBytes(stdout).text)
    return problems.length > 0 ? null : files
  } catch (error) {
    if (error instanceof GitError && error.code === 'too-much-output') return null
    throw error
  }
}
