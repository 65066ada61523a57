import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** A commit of a list archive: a mail that comes, or one that is deleted from it. Times in milliseconds since 1970. */
export type MirrorStep = {
  readonly kind: 'mail' | 'delete'
  readonly mail: string
  readonly postedAt: number
  readonly arrivedAt?: number
}

/** Git that reads no configuration but the repository's own. */
const fence = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  HOME: '/nonexistent',
}

/** Adds commits to an epoch of a public-inbox v2 mirror (public-inbox-v2-format(5)), which is made where it is not there. Gives its git directory. */
export function addToMirror(directory: string, epoch: number, steps: readonly MirrorStep[]): string {
  const repository = join(directory, 'git', `${epoch}.git`)
  mkdirSync(repository, { recursive: true })
  const git = (args: readonly string[], input = ''): string =>
    execFileSync('git', ['--git-dir', repository, ...args], {
      env: fence,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  git(['init', '--quiet', '--bare', '--initial-branch=master'])
  const head = git(['for-each-ref', '--format=%(objectname)', 'refs/heads/master']).trim()
  git(
    ['fast-import', '--quiet', '--date-format=raw'],
    steps.map((step, at) => commit(step, at === 0 ? head : null)).join(''),
  )
  return repository
}

function commit(step: MirrorStep, from: string | null): string {
  const seconds = (time: number): string => `${Math.floor(time / 1000)} +0000`
  return [
    'commit refs/heads/master',
    `author Ada Byron <ada@example.org> ${seconds(step.postedAt)}`,
    `committer boards <boards@example.org> ${seconds(step.arrivedAt ?? step.postedAt)}`,
    data('a mail'),
    ...(from ? [`from ${from}`] : []),
    'deleteall',
    `M 100644 inline ${step.kind === 'mail' ? 'm' : 'd'}`,
    data(step.mail),
    '',
  ].join('\n')
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`
}
