import { createHash } from 'node:crypto'
import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildCache, CacheOutcome, Made } from './build-cache.ts'
import type { SandboxSupport, Sandbox } from './sandbox-model.ts'
import { openSandbox } from './sandbox.ts'
import type { TreeArchives } from './tree-archive.ts'

/** What laying out a kernel may take: it is a matter of the disk, and nothing of the tree is run. */
const limits = { seconds: 1800, memory: 512 * 2 ** 20, processes: 64, disk: 2 ** 40, log: 100_000 }

type LayOutOptions = {
  readonly cache: BuildCache
  readonly archives: TreeArchives
  readonly support: SandboxSupport
  readonly signal?: AbortSignal
}

/**
 * The files of a commit as a layer: the entry's `layer/source/`. It is unpacked inside a sandbox, so that no name or link of a tree leads anywhere
 * else, and by whom builds are run, so that they may write beside it.
 */
export function layOutSource(commit: string, options: LayOutOptions): Promise<CacheOutcome> {
  const make = (directory: string): Promise<Made> => unpackInto(join(directory, 'layer'), commit, options)
  // Files have the owner who builds, and nobody else could write beside them.
  const key = createHash('sha256')
    .update(JSON.stringify([commit, options.support.identity]))
    .digest('hex')
  return options.cache.get(`source-${key}`, make, options.signal)
}

async function unpackInto(
  directory: string,
  commit: string,
  { archives, support, signal }: LayOutOptions,
): Promise<Made> {
  makeOwned(directory, support)
  const opened = await openSandbox({
    support,
    limits,
    ground: { kind: 'directory', path: directory },
    evidence: null,
    directories: [],
    environment: {},
  })
  if (opened.kind === 'failed') return opened
  try {
    const reason = await unpack(opened.sandbox, {
      archives,
      treeish: commit,
      paths: [],
      times: 'kept',
      ...(signal && { signal }),
    })
    return reason === null ? { kind: 'made' } : { kind: 'failed', reason }
  } finally {
    await opened.sandbox.close()
  }
}

/** Makes a directory that builds may write. */
export function makeOwned(directory: string, { identity }: SandboxSupport): void {
  mkdirSync(directory, { recursive: true })
  if (identity.kind === 'root') chownSync(directory, identity.uid, identity.uid)
}

type UnpackOptions = {
  readonly archives: TreeArchives
  readonly treeish: string
  /** Those alone; all where it is empty. */
  readonly paths: readonly string[]
  /** `now`: newer than all that was built of the old content. */
  readonly times: 'kept' | 'now'
  readonly signal?: AbortSignal
}

async function unpack(
  sandbox: Sandbox,
  { archives, treeish, paths, times, signal }: UnpackOptions,
): Promise<string | null> {
  const { stream, end } = archives.archive(treeish, { prefix: 'source/', paths })
  const options = [
    '--no-same-owner',
    '--no-same-permissions',
    '--warning=no-timestamp',
    ...(times === 'now' ? ['--touch'] : []),
  ]
  const [unpacked, complaint] = await Promise.all([
    sandbox.run({
      command: ['tar', '--extract', ...options, '--directory=/build'],
      directory: '/build',
      timeoutMs: limits.seconds * 1000,
      stdin: stream,
      ...(signal && { signal }),
    }),
    end,
  ])
  if (unpacked.status !== 'ok')
    return `the tree cannot be laid out: ${unpacked.reason ?? unpacked.log.text.trim().slice(0, 500)}`
  return complaint
}

/** What differs between the tree that was laid out and the one that is wanted. */
export type TreeChange = {
  readonly archives: TreeArchives
  /** The wanted tree. */
  readonly treeish: string
  /** Paths of files that the two have differently, or only one of them has. */
  readonly changed: readonly string[]
  /** Those of them that the wanted tree has. */
  readonly there: readonly string[]
}

/** As many paths as one command line may surely hold (execve(2), MAX_ARG_STRLEN and 128 kB of old). */
const pathsAtOnce = 200

/** Brings the source of an open sandbox from one tree to another; null where it succeeded, else why not. */
export async function applyChange(
  sandbox: Sandbox,
  { archives, treeish, changed, there }: TreeChange,
  signal?: AbortSignal,
): Promise<string | null> {
  for (const paths of chunks(changed)) {
    const command = ['rm', '-rf', '--', ...paths.map((path) => `./${path}`)]
    const removed = await sandbox.run({
      command,
      directory: '/build/source',
      timeoutMs: 60_000,
      ...(signal && { signal }),
    })
    if (removed.status !== 'ok')
      return `cannot remove what the patch changes: ${removed.reason ?? removed.log.text.trim()}`
  }
  for (const paths of chunks(there)) {
    const reason = await unpack(sandbox, { archives, treeish, paths, times: 'now', ...(signal && { signal }) })
    if (reason !== null) return reason
  }
  return null
}

function chunks(paths: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(paths.length / pathsAtOnce)
  return Array.from({ length: count }, (_, index) => paths.slice(index * pathsAtOnce, (index + 1) * pathsAtOnce))
}
