import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** A clone that borrows the kernel's objects; commits are made without laying anything out. */
export class KernelClone {
  readonly path: string
  readonly #environment: NodeJS.ProcessEnv

  constructor(kernel: string, parent: string) {
    this.path = join(parent, 'kernel')
    const who = { GIT_AUTHOR_NAME: 'kbuild', GIT_AUTHOR_EMAIL: 'kbuild@example.org' }
    const committer = { GIT_COMMITTER_NAME: 'kbuild', GIT_COMMITTER_EMAIL: 'kbuild@example.org' }
    this.#environment = { ...process.env, ...who, ...committer, GIT_CONFIG_GLOBAL: '/dev/null' }
    execFileSync('git', ['clone', '--quiet', '--shared', '--no-checkout', kernel, this.path], {
      env: this.#environment,
    })
    this.git(['read-tree', 'HEAD'])
  }

  git(args: readonly string[], input = ''): string {
    return execFileSync('git', args, {
      cwd: this.path,
      env: this.#environment,
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    }).trim()
  }

  /** Changes one file, and makes it HEAD. */
  commit(title: string, path: string, change: (text: string) => string): void {
    const blob = this.git(['hash-object', '-w', '--stdin'], change(`${this.git(['show', `HEAD:${path}`])}\n`))
    this.git(['update-index', '--cacheinfo', `100644,${blob},${path}`])
    const commit = this.git(['commit-tree', this.git(['write-tree']), '-p', 'HEAD', '-m', title])
    this.git(['update-ref', 'HEAD', commit])
  }
}
