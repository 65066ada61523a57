import { execa } from 'execa'
import type { CommitFiles, HistoryReader } from '../ports.ts'

/** Reading history failed although the repository is there: git's own words are in the message. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError'
  readonly code = 'git-failed'
}

/** Reads bare repositories through the `git` on PATH of `environment`; starts one process a call and leaves none behind. */
export function createHistoryReader(environment: Readonly<Record<string, string | undefined>>): HistoryReader {
  const env = gitEnvironment(environment)
  return {
    head: (repository) => readHead(repository, env),
    commits: (repository, range) => readCommits(repository, range, env),
    blobs: (repository, ids) => readBlobs(repository, ids, env),
  }
}

type Environment = Readonly<Record<string, string>>

/** A commit of a log takes about 250 bytes; an epoch of the busiest list has some 500,000. */
const logBytes = 512 * 1024 * 1024
const logTimeoutMs = 300_000
const headTimeoutMs = 30_000

/** What git may see of our environment: nothing that points it at another repository or changes what it prints. */
function gitEnvironment(environment: Readonly<Record<string, string | undefined>>): Environment {
  const kept = Object.entries(environment).filter(([name, value]) => value !== undefined && !name.startsWith('GIT_'))
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ''])),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_TERMINAL_PROMPT: '0',
  }
}

async function readHead(repository: string, env: Environment): Promise<string | null> {
  const result = await execa('git', ['--git-dir', repository, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], {
    env,
    extendEnv: false,
    reject: false,
    timeout: headTimeoutMs,
  })
  if (result.exitCode === 0) return result.stdout
  if (result.exitCode === 1 || /not a git repository/i.test(result.stderr)) return null
  throw new HistoryError(`cannot read \`${repository}\`: ${lastLine(result.stderr) || result.shortMessage}`)
}

async function readCommits(
  repository: string,
  range: { readonly head: string; readonly after: string | null },
  env: Environment,
): Promise<readonly CommitFiles[] | null> {
  const { head, after } = range
  if (after === head) return []
  const options = { env, extendEnv: false, reject: false, timeout: logTimeoutMs, maxBuffer: logBytes } as const
  if (after !== null) {
    const ancestor = await execa('git', ['--git-dir', repository, 'merge-base', '--is-ancestor', after, head], options)
    if (ancestor.exitCode !== 0) return null
  }
  const log = [
    '-c',
    'log.showRoot=true',
    'log',
    '--reverse',
    '--raw',
    '-z',
    '--no-abbrev',
    '--no-renames',
    '--format=%x01%H %at %ct',
  ]
  const result = await execa(
    'git',
    ['--git-dir', repository, ...log, after === null ? head : `${after}..${head}`, '--'],
    options,
  )
  if (result.exitCode === 0) return parseRawLog(result.stdout)
  throw new HistoryError(`cannot read the log of \`${repository}\`: ${lastLine(result.stderr) || result.shortMessage}`)
}

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

async function* readBlobs(
  repository: string,
  ids: readonly string[],
  env: Environment,
): AsyncGenerator<Uint8Array | null> {
  if (ids.length === 0) return
  const child = execa('git', ['--git-dir', repository, 'cat-file', '--batch'], {
    input: ids.map((id) => `${id}\n`).join(''),
    env,
    extendEnv: false,
    reject: false,
    buffer: { stdout: false },
    encoding: 'buffer',
    forceKillAfterDelay: 1000,
  })
  let given = 0
  try {
    for await (const blob of splitBatch(child.stdout)) {
      given++
      yield blob
    }
    if (given < ids.length) {
      const result = await child
      throw new HistoryError(`cannot read mails of \`${repository}\`: ${Buffer.from(result.stderr).toString().trim()}`)
    }
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

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
