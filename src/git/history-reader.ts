import { execa } from 'execa'
import type { CommitFiles, HistoryReader } from '../ports.ts'
import { gitEnvironment } from './environment.ts'
import type { Environment } from './environment.ts'
import { GitError } from './git-error.ts'
import { gitOutput, lastLines, runGit } from './run.ts'

/** A log that raw has some 250 bytes a commit; an epoch of the busiest list has 500,000 commits. */
const logBytes = 256 * 1024 * 1024
const logTimeoutMs = 300_000

type Env = Readonly<Record<string, string>>

/** Reads the history of bare repositories through `git`; one process a call, and none is left behind. Throws GitErrors. */
export function createHistoryReader(environment: Environment): HistoryReader {
  const env = gitEnvironment(environment, 'user')
  return {
    head: (repository) => readHead(repository, env),
    committedAt: (repository, commit) => readTime(repository, commit, env),
    commits: (repository, range) => readCommits(repository, range, env),
    blobs: (repository, ids) => readBlobs(repository, ids, env),
  }
}

async function readHead(repository: string, env: Env): Promise<string | null> {
  const arguments_ = ['--git-dir', repository, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}']
  const { exitCode, stdout, stderr } = await runGit(arguments_, { cwd: '/', env })
  if (exitCode === 0) return stdout.toString('latin1').trim()
  if (exitCode === 1 || stderr.includes('not a git repository')) return null
  throw new GitError('failed', `cannot read ${repository}: ${lastLines(stderr)}`)
}

async function readTime(repository: string, commit: string, env: Env): Promise<number> {
  const arguments_ = ['--git-dir', repository, 'show', '--no-patch', '--format=%ct', commit, '--']
  return Number((await gitOutput(arguments_, { cwd: '/', env })).trim()) * 1000
}

async function readCommits(
  repository: string,
  range: { readonly head: string; readonly after: string | null },
  env: Env,
): Promise<readonly CommitFiles[] | null> {
  const { head, after } = range
  if (after === head) return []
  const options = { cwd: '/', env, timeoutMs: logTimeoutMs, maxOutput: logBytes }
  if (after !== null) {
    const ancestor = await runGit(['--git-dir', repository, 'merge-base', '--is-ancestor', after, head], options)
    if (ancestor.exitCode !== 0) return null
  }
  const revisions = after === null ? head : `${after}..${head}`
  return parseRawLog(await gitOutput(['--git-dir', repository, ...rawLog, revisions, '--'], options))
}

const rawLog = [
  ...['-c', 'log.showRoot=true', 'log', '--reverse', '--raw', '-z', '--no-abbrev', '--no-renames'],
  '--format=%x01%H %at %ct',
]

/** With -z: `\x01COMMIT AUTHORED COMMITTED\0` and `:MODE MODE BLOB BLOB STATUS\0PATH\0` for each changed path (git-diff-tree(1)). */
function parseRawLog(log: string): readonly CommitFiles[] {
  return log
    .split('\x01')
    .slice(1)
    .map((record) => {
      const fields = record.split('\0')
      const [commit = '', authored = '', committed = ''] = (fields[0] ?? '').split(' ')
      const files = new Map<string, string | null>()
      for (let at = 1; at + 1 < fields.length; at++) {
        const [, , , blob, status] = (fields[at] ?? '').replace(/^\s*:/, '').split(' ')
        if (status === undefined) continue
        files.set(fields[++at] ?? '', status === 'D' ? null : (blob ?? null))
      }
      return { commit, authoredAt: Number(authored) * 1000, committedAt: Number(committed) * 1000, files }
    })
}

/** Not through `runGit`: mails are given while git still reads the next ones, and a reader may stop in the middle. */
async function* readBlobs(repository: string, ids: readonly string[], env: Env): AsyncGenerator<Uint8Array | null> {
  if (ids.length === 0) return
  const child = execa('git', ['--git-dir', repository, 'cat-file', '--batch'], {
    cwd: '/',
    input: ids.map((id) => `${id}\n`).join(''),
    env,
    extendEnv: false,
    reject: false,
    buffer: { stdout: false },
    encoding: 'buffer',
  })
  let given = 0
  try {
    for await (const blob of splitBatch(child.stdout)) {
      given++
      yield blob
    }
    if (given === ids.length) return
    const { stderr, shortMessage } = await child
    throw new GitError(
      'failed',
      `cannot read from ${repository}: ${lastLines(Buffer.from(stderr).toString()) || shortMessage}`,
    )
  } finally {
    if (given < ids.length) child.kill('SIGKILL')
    await child
  }
}

/** The objects in the output of `git cat-file --batch`: `ID TYPE SIZE\n`, the bytes, `\n`; or `ID missing\n`. */
async function* splitBatch(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | null> {
  let pieces: Uint8Array[] = []
  let held = 0
  let wanted = 0
  for await (const chunk of stream) {
    pieces.push(chunk)
    held += chunk.length
    if (held < wanted) continue
    let bytes = Buffer.concat(pieces)
    for (;;) {
      const next = takeObject(bytes)
      if (next.kind === 'more') {
        wanted = next.wanted
        break
      }
      yield next.blob
      bytes = bytes.subarray(next.length)
    }
    pieces = [bytes]
    held = bytes.length
  }
}

type Taken = { kind: 'object'; blob: Uint8Array | null; length: number } | { kind: 'more'; wanted: number }

function takeObject(bytes: Buffer): Taken {
  const feed = bytes.indexOf('\n')
  if (feed === -1) return { kind: 'more', wanted: bytes.length + 1 }
  const header = bytes.toString('latin1', 0, feed)
  if (header.endsWith(' missing')) return { kind: 'object', blob: null, length: feed + 1 }
  const end = feed + 1 + Number(header.slice(header.lastIndexOf(' ') + 1))
  if (bytes.length < end + 1) return { kind: 'more', wanted: end + 1 }
  // A copy of its own: a view would keep the whole chunk in memory for as long as the mail lives.
  return { kind: 'object', blob: new Uint8Array(bytes.subarray(feed + 1, end)), length: end + 1 }
}
