import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gitEnvironment, type Environment } from './environment.ts'
import { ObjectReader } from './object-reader.ts'
import { createObjectWriter, type WriteObject } from './object-writer.ts'
import { layOutRepository, type ObjectFormat } from './private-repository.ts'
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
    write: createObjectWriter(join(own, 'objects'), format),
    close: async () => {
      await reader.close()
      scratch.close()
    },
  }
}

/** The commit that a revision names in the user's repository; null where it names none. */
export async function resolveCommit(repository: Repository, revision: string): Promise<string | null> {
  if (revision.startsWith('-')) return null
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
  const { exitCode, stdout } = await runGit(args, repository.user)
  return exitCode === 0 ? stdout.toString('utf8').trim() : null
}

/** The tree of a commit, tag or tree, by id (applied ones too) or by a name in the user's repository; null where it names none. */
export async function openTree(repository: Repository, treeish: string): Promise<GitTree | null> {
  const id = /^[\da-f]{40,64}$/.test(treeish) ? treeish : await resolveTree(repository, treeish)
  const tree = id === null ? null : treeOf(repository, id)
  return tree
}

async function resolveTree(repository: Repository, name: string): Promise<string | null> {
  if (name.startsWith('-')) return null
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{tree}`]
  const { exitCode, stdout } = await runGit(args, repository.user)
  return exitCode === 0 ? stdout.toString('utf8').trim() : null
}

/** The tree of a commit, tag or tree with a full id, at once; null where the repository has none. */
export function treeOf(repository: Repository, id: string): GitTree | null {
  const [object] = repository.reader.read([`${id}^{tree}`], 0)
  return object === null || object === undefined ? null : createTree(repository.store, object.id)
}
