import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gitEnvironment, type Environment } from './environment.ts'
import { ObjectReader } from './object-reader.ts'
import { createObjectWriter, type WriteObject } from './object-writer.ts'
import { layOutRepository, type ObjectFormat } from './private-repository.ts'
import { newestRefs, resolveRevision, type Ref } from './refs.ts'
import { lastLines, runGit, type RunOptions } from './run.ts'
import { openScratch } from './scratch.ts'
import { createTree, type GitTree } from './tree.ts'
import { createTreeStore, type TreeStore } from './tree-store.ts'

/**
 * A user's repository, opened to be read, and a private one beside it that borrows its objects. All that we write goes
 * to the private one, below a temporary directory that `close()` removes; nothing is ever written to the user's.
 */
export type Repository = {
  /** The git directory of the user's repository; absolute. */
  readonly gitDirectory: string
  readonly format: ObjectFormat
  /** How to run git on the user's repository: its refs, its configuration. For questions only. */
  readonly user: RunOptions
  /** How to run git on the private one: all objects of both, no refs, no configuration. */
  readonly own: RunOptions
  /** A directory for files of our own. */
  readonly scratch: string
  readonly reader: ObjectReader
  readonly store: TreeStore
  readonly write: WriteObject
  /** The commit of HEAD when it was first asked for; null where there is none. */
  head(): Promise<string | null>
  /** The newest 50 branches and tags when they were first asked for. */
  newestRefs(): Promise<readonly Ref[]>
  close(): Promise<void>
}

export type OpenOptions = {
  /** `process.env`: where git is found, and the user's configuration. */
  readonly environment: Environment
  /** Where the temporary directory is made. Default: the system's. */
  readonly temporaryDirectory?: string
}

export type OpenedRepository =
  { readonly kind: 'repository'; readonly repository: Repository } | { readonly kind: 'none'; readonly reason: string }

/** Opens the repository at or around a directory: a checkout, a worktree, a bare one. `none` where git sees none there. */
export async function openRepository(path: string, options: OpenOptions): Promise<OpenedRepository> {
  const cwd = resolve(path)
  const env = gitEnvironment(options.environment, 'user')
  const question = ['rev-parse', '--absolute-git-dir', '--show-object-format', '--git-path', 'objects']
  const { exitCode, stdout, stderr } = await runGit(question, { cwd, env })
  if (exitCode !== 0) return { kind: 'none', reason: `\`${path}\` is no git repository: ${lastLines(stderr)}` }
  const [gitDirectory = '', format = '', objects = '', ...rest] = stdout.toString('utf8').split('\n')
  if (rest.length !== 1) return { kind: 'none', reason: `\`${path}\` has a line break in its path` }
  const repository = openPrivate({
    gitDirectory,
    format: format === 'sha256' ? 'sha256' : 'sha1',
    objects: resolve(cwd, objects),
    user: { cwd: gitDirectory, env: { ...env, GIT_DIR: gitDirectory } },
    options,
  })
  return { kind: 'repository', repository }
}

type Found = {
  readonly gitDirectory: string
  readonly format: ObjectFormat
  readonly objects: string
  readonly user: RunOptions
  readonly options: OpenOptions
}

function openPrivate({ gitDirectory, format, objects, user, options }: Found): Repository {
  const scratch = openScratch(options.temporaryDirectory ?? tmpdir())
  const own = join(scratch.path, 'repository.git')
  layOutRepository(own, { objects, format })
  const env = gitEnvironment(options.environment, 'none')
  const reader = new ObjectReader(own, env)
  return {
    gitDirectory,
    format,
    user,
    own: { cwd: own, env: { ...env, GIT_DIR: own } },
    scratch: scratch.path,
    reader,
    store: createTreeStore(reader, format),
    head: once(() => resolveRevision(user, 'HEAD^{commit}')),
    newestRefs: once(() => newestRefs(user)),
    write: createObjectWriter(join(own, 'objects'), format),
    close: async () => {
      await reader.close()
      scratch.close()
    },
  }
}

/** Asks once and keeps the answer: a review takes the repository as it found it. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null
  return () => (answer ??= ask())
}

/** The commit that a revision names in the user's repository; null where it names none. */
export async function resolveCommit(repository: Repository, revision: string): Promise<string | null> {
  return resolveRevision(repository.user, `${revision}^{commit}`)
}

/** The tree of a commit, tag or tree, by id (applied ones too) or by a name in the user's repository; null where it names none. */
export async function openTree(repository: Repository, treeish: string): Promise<GitTree | null> {
  if (/^[\da-f]{40,64}$/.test(treeish)) return treeOf(repository, treeish)
  const id = await resolveRevision(repository.user, `${treeish}^{tree}`)
  return id === null ? null : createTree(repository.store, id)
}

/** The tree of a commit, tag or tree with a full id, at once; null where the repository has none. */
export function treeOf(repository: Repository, id: string): GitTree | null {
  const [object] = repository.reader.read([`${id}^{tree}`], 0)
  return object === null || object === undefined ? null : createTree(repository.store, object.id)
}
