import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compiled } from './command-line.ts'
import { removeDirectory } from '../../src/processes/remove-directory.ts'

/** What a fenced repository holds at a path: its text or bytes, a symbolic link, a program, or (null) no longer anything. */
export type Content = string | Uint8Array | { readonly link: string } | { readonly program: string } | null

/** Files of a fenced repository by path. */
export type Files = Readonly<Record<string, Content>>

/**
 * A real repository in a directory of its own: a fixed identity, a clock that ticks a minute a commit, no configuration
 * but its own, and no way up out of its directory. The same calls give the same commit ids, here and everywhere.
 */
export type FencedRepository = {
  readonly path: string
  /** What git and our own code get as environment inside the fence. */
  readonly environment: Readonly<Record<string, string>>
  /** Runs git; gives its standard output, throws where it fails. */
  git(...args: string[]): string
  /** Writes files, adds all there is, commits; gives the commit's id. */
  commit(title: string, files: Files): string
  /** What `git format-patch` writes of a commit: headers, log, diff. */
  formatPatch(commit: string, ...args: string[]): string
  /** Everything in the git directory that a reader could have changed: paths, contents, objects, refs. */
  snapshot(): string
  remove(): void
}

const start = Date.UTC(2024, 5, 1, 12) / 1000

/** Makes an empty repository; `bare` and `format` as `git init` takes them. */
export function createRepository(options: { readonly format?: 'sha1' | 'sha256' } = {}): FencedRepository {
  const fence = mkdtempSync(join(tmpdir(), 'fenced-'))
  const path = join(fence, 'tree')
  const environment = fenceEnvironment(fence)
  let ticks = 0
  const git = (...args: string[]): string => {
    const date = `${start + ticks * 60} +0000`
    const env = { ...environment, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
    return execFileSync('git', args, {
      cwd: path,
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }
  mkdirSync(path)
  git('init', '--quiet', '--initial-branch=main', `--object-format=${options.format ?? 'sha1'}`)
  return {
    path,
    environment,
    git,
    commit: (title, files) => {
      ticks += 1
      for (const [name, content] of Object.entries(files)) put(join(path, name), content)
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '-m', title)
      return git('rev-parse', 'HEAD').trim()
    },
    formatPatch: (commit, ...args) => git('format-patch', '--stdout', '--signature=2.40.1', '-1', ...args, commit),
    snapshot: () => snapshotOf(path),
    remove: () => removeDirectory(fence),
  }
}

/** `HOME` is empty, so that nobody's settings are read; PATH is what the test runs with. */
function fenceEnvironment(fence: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: fence,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CEILING_DIRECTORIES: fence,
    GIT_AUTHOR_NAME: 'Ada Author',
    GIT_AUTHOR_EMAIL: 'ada@boards.example',
    GIT_COMMITTER_NAME: 'Carl Committer',
    GIT_COMMITTER_EMAIL: 'carl@boards.example',
    LC_ALL: 'C',
    ...compiled,
    TZ: 'UTC',
  }
}

function put(path: string, content: Content): void {
  removeDirectory(path)
  if (content === null) return
  mkdirSync(dirname(path), { recursive: true })
  if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(path, content)
  else if ('link' in content) symlinkSync(content.link, path)
  else {
    writeFileSync(path, content.program)
    chmodSync(path, 0o755)
  }
}

function snapshotOf(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((name) => `${name} ${readFileSync(name, 'latin1')}`)
    .join('\n')
}
