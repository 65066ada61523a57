import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Dates and names are always the same, so that commits are, and with them what is kept of their builds. */
const who = {
  GIT_AUTHOR_NAME: 'kbuild',
  GIT_AUTHOR_EMAIL: 'kbuild@example.org',
  GIT_AUTHOR_DATE: '2024-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'kbuild',
  GIT_COMMITTER_EMAIL: 'kbuild@example.org',
  GIT_COMMITTER_DATE: '2024-01-01T00:00:00Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
}

/** A clone that borrows a kernel's objects; commits are made in it without laying anything out. */
export type KernelCommits = {
  readonly path: string
  /** A file of a commit. */
  show(commit: string, path: string): string
  /** The commit that changes a file of another; the id. */
  change(parent: string, path: string, edit: (text: string) => string): string
  /** The commit that has files otherwise than another; null takes a file away. */
  commit(parent: string, title: string, files: Readonly<Record<string, string | null>>): string
  /** The same for symbolic links: where they lead, by path. */
  link(parent: string, title: string, links: Readonly<Record<string, string>>): string
}

function run(args: readonly string[], input = ''): string {
  const env = { ...process.env, ...who }
  return execFileSync('git', args, { env, input, encoding: 'utf8', maxBuffer: 1 << 26 })
}

/** Clones below `parent`; `HEAD` is the kernel's. */
export function cloneKernel(kernel: string, parent: string): KernelCommits {
  const path = join(parent, 'kernel')
  run(['clone', '--quiet', '--shared', '--no-checkout', kernel, path])
  return commitsIn(path)
}

/** A repository of our own below `parent` with one commit, which `HEAD` is. */
export function createKernel(parent: string, files: Readonly<Record<string, string>>): KernelCommits {
  const path = join(parent, 'kernel')
  run(['init', '--quiet', path])
  const empty = run(['-C', path, 'commit-tree', run(['-C', path, 'mktree']).trim(), '-m', 'nothing']).trim()
  const commits = commitsIn(path)
  run(['-C', path, 'update-ref', 'HEAD', commits.commit(empty, 'a kernel', files)])
  return commits
}

function commitsIn(path: string): KernelCommits {
  const git = (args: readonly string[], input = ''): string => run(['-C', path, ...args], input)
  const show = (commit: string, file: string): string => git(['show', `${commit}:${file}`])
  const make = (
    from: string,
    title: string,
    { mode, files }: { mode: string; files: Readonly<Record<string, string | null>> },
  ): string => {
    git(['read-tree', from])
    for (const [file, text] of Object.entries(files)) {
      if (text === null) git(['update-index', '--force-remove', file])
      else {
        const blob = git(['hash-object', '-w', '--stdin'], text).trim()
        git(['update-index', '--add', '--replace', '--cacheinfo', `${mode},${blob},${file}`])
      }
    }
    return git(['commit-tree', git(['write-tree']).trim(), '-p', from, '-m', title]).trim()
  }
  const commit: KernelCommits['commit'] = (from, title, files) => make(from, title, { mode: '100644', files })
  return {
    path,
    show,
    commit,
    link: (from, title, files) => make(from, title, { mode: '120000', files }),
    change: (from, file, edit) => {
      const old = show(from, file)
      const text = edit(old)
      if (text === old) throw new Error(`${file} is not as this proof expects it: the edit changes nothing`)
      return commit(from, `${file}: an edit`, { [file]: text })
    },
  }
}
