import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gitEnvironment, type Environment } from './environment.ts'
import { createObjectWriter, type WriteObject } from './object-writer.ts'
import { layOutRepository, type ObjectFormat } from './private-repository.ts'
import { newestRefs, resolveRevision, type Ref } from './refs.ts'
import { lastLines, runGit, type RunOptions } from './run.ts'
import { openScratch } from './scratch.ts'
import { createTree, type GitTree } from './tree.ts'
import { openTrees, treeOf, type TreePlace, type Trees } from './trees.ts'

/**
 * A user's repository, opened to be read, and a private one beside it that borrows its objects. All that we write goes
 * to the private one, below a temporary directory that `close()` removes; nothing is ever written to the user's.
 */
export type Repository = Trees & {
  /** The git directory of the user's repository; absolute. */
  readonly gitDirectory: string
  /** Where its trees are read. The checkout is the one that the repository was opened in, or that `core.worktree` names; none in a bare one. */
  readonly place: TreePlace
  readonly format: ObjectFormat
  /** How to run git on the user's repository: its refs, its configuration. For questions only. */
  readonly user: RunOptions
  /** How to run git on the private one: all objects of both, no refs, no configuration. */
  readonly own: RunOptions
  /** A directory for files of our own. */
  readonly scratch: string
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
  /** For who will hardly ask for objects, as the checkout has the files: no thread is started for them before that. Default: false. */
  readonly readsLate?: boolean
}

export type OpenedRepository =
  { readonly kind: 'repository'; readonly repository: Repository } | { readonly kind: 'none'; readonly reason: string }

/** Opens the repository at or around a directory: a checkout, a worktree, a bare one. `none` where git sees none there. */
export async function openRepository(path: string, options: OpenOptions): Promise<OpenedRepository> {
  const cwd = physical(path)
  const env = gitEnvironment(options.environment, 'user')
  const question = ['rev-parse', '--absolute-git-dir', '--show-object-format', '--git-path', 'objects', '--show-cdup']
  const { exitCode, stdout, stderr } = await runGit(question, { cwd, env })
  if (exitCode !== 0) return { kind: 'none', reason: `\`${path}\` is no git repository: ${lastLines(stderr)}` }
  // git-rev-parse(1): --show-cdup prints a line in a checkout alone.
  const [gitDirectory = '', format = '', objects = '', ...rest] = stdout.toString('utf8').split('\n')
  const up = rest.length === 2 ? rest[0] : undefined
  // A git before 2.25 prints the option.
  if (!['sha1', 'sha256', '--show-object-format'].includes(format) || rest.length > 2)
    return { kind: 'none', reason: `\`${path}\` has a line break in its path` }
  const repository = openPrivate({
    gitDirectory,
    workTree: up === undefined ? null : resolve(cwd, up),
    format: format === 'sha256' ? 'sha256' : 'sha1',
    objects: resolve(cwd, objects),
    user: { cwd: gitDirectory, env: { ...env, GIT_DIR: gitDirectory } },
    options,
  })
  return { kind: 'repository', repository }
}

/** The directory without symbolic links, which is what git's answers are relative to; as it is where there is none. */
function physical(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

type Found = {
  readonly gitDirectory: string
  readonly workTree: string | null
  readonly format: ObjectFormat
  readonly objects: string
  readonly user: RunOptions
  readonly options: OpenOptions
}

function openPrivate({ gitDirectory, workTree, format, objects, user, options }: Found): Repository {
  const scratch = openScratch(options.temporaryDirectory ?? tmpdir())
  const own = join(scratch.path, 'repository.git')
  layOutRepository(own, { objects, format })
  const env = gitEnvironment(options.environment, 'none')
  const place: TreePlace = { gitDirectory: own, format, workTree, env }
  const trees = openTrees(place)
  if (options.readsLate !== true) trees.reader.start()
  return {
    ...trees,
    gitDirectory,
    place,
    format,
    user,
    own: { cwd: own, env: { ...env, GIT_DIR: own } },
    scratch: scratch.path,
    head: once(() => resolveRevision(user, 'HEAD^{commit}')),
    newestRefs: once(() => newestRefs(user)),
    write: createObjectWriter(join(own, 'objects'), format),
    close: async () => {
      await trees.reader.close()
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
