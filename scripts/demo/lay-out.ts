import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Whoever commits in the demo, so that its commit ids are the same everywhere; the mails name one as their base-commit. */
const identity = {
  GIT_AUTHOR_NAME: 'demo',
  GIT_AUTHOR_EMAIL: 'demo@kernel.example',
  GIT_AUTHOR_DATE: '2025-03-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'demo',
  GIT_COMMITTER_EMAIL: 'demo@kernel.example',
  GIT_COMMITTER_DATE: '2025-03-01T00:00:00Z',
}

function git(
  repository: string,
  args: readonly string[],
  { env = {}, input }: { readonly env?: Record<string, string>; readonly input?: Buffer } = {},
): string {
  const fenced = {
    PATH: process.env['PATH'],
    HOME: repository,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...identity,
    ...env,
  }
  return execFileSync('git', ['-C', repository, ...args], {
    env: fenced,
    encoding: 'utf8',
    ...(input && { input }),
    stdio: ['pipe', 'pipe', 'inherit'],
  }).trim()
}

/** A repository with one commit of the files of `from`; the result is its path. */
export function layOutTree(from: string, to: string): string {
  cpSync(from, to, { recursive: true })
  git(to, ['init', '-q', '-b', 'main'])
  git(to, ['-c', 'core.autocrlf=false', 'add', '-A'])
  git(to, ['commit', '-q', '-m', 'A small Kbuild tree'])
  return to
}

/** A public-inbox v2 mirror of the mails in `from`, in the order of their names: a commit a mail, which is its blob `m`. */
export function layOutArchive(from: string, to: string): string {
  const repository = join(to, 'git', '0.git')
  mkdirSync(repository, { recursive: true })
  git(repository, ['init', '-q', '--bare', '-b', 'master'])
  let parent: string[] = []
  for (const name of readdirSync(from).sort()) {
    const mail = readFileSync(join(from, name))
    const header = (wanted: string): string =>
      new RegExp(`^${wanted}: *(.*)$`, 'im').exec(mail.toString('utf8'))?.[1] ?? ''
    const [, author = '', address = ''] = /^(.*?) *<(.*)>$/.exec(header('From')) ?? []
    const blob = git(repository, ['hash-object', '-w', '--stdin'], { input: mail })
    const tree = git(repository, ['mktree'], { input: Buffer.from(`100644 blob ${blob}\tm\n`) })
    const date = new Date(header('Date')).toISOString()
    const env = { GIT_AUTHOR_NAME: author, GIT_AUTHOR_EMAIL: address, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
    const commit = git(repository, ['commit-tree', tree, '-m', header('Subject'), ...parent], { env })
    git(repository, ['update-ref', 'refs/heads/master', commit])
    parent = ['-p', commit]
  }
  return to
}
