import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'

/** How a command ended, what it said on both of its outputs, and how long it took (milliseconds). */
export type Ended = {
  readonly status: number | null
  readonly stdout: string
  readonly output: string
  readonly ms: number
}

/** `off` is git as if there were no hook of ours. */
export type HookSwitch = 'on' | 'off'

/** A checkout of a kernel of its own, whose objects it borrows. Close it. */
export type KernelCopy = {
  readonly directory: string
  /** A directory beside it, for mails and the like. */
  readonly work: string
  /** The environment of all that is run in it: nothing of the user's configuration, and the same time at every commit. */
  readonly environment: NodeJS.ProcessEnv
  git(args: readonly string[], hook?: HookSwitch): Ended
  /** `kbuild-review`, in the copy. */
  review(args: readonly string[], input?: string | Buffer): Ended
  /** Puts another git first on PATH, for all that is run from now on. */
  useGit(directory: string | null): void
  /** Back to the kernel as it was, whatever git was at. */
  reset(): void
  close(): void
}

/** The tag at the kernel's commit. */
const startTag = 'start'

/** The longest that anything run in the copy may take, on a machine that has other work (milliseconds). */
const timeoutMs = 600_000

export function openKernelCopy(kernel: string, root: string): KernelCopy {
  const work = mkdtempSync(join(tmpdir(), 'kbuild-review-kernel-'))
  const directory = join(work, 'linux')
  const path = process.env['PATH'] ?? ''
  mkdirSync(join(work, 'home'))
  const environment: NodeJS.ProcessEnv = {
    PATH: path,
    HOME: join(work, 'home'),
    TMPDIR: work,
    XDG_CACHE_HOME: join(work, 'cache'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_COMMITTER_NAME: 'A Maintainer',
    GIT_COMMITTER_EMAIL: 'maintainer@boards.example',
    GIT_COMMITTER_DATE: '2024-11-18T12:00:00Z',
  }
  execFileSync('git', ['clone', '--quiet', '--shared', kernel, directory], { env: environment })
  const run = (
    program: string,
    args: readonly string[],
    more: { env?: object; input?: string | Buffer } = {},
  ): Ended => {
    const started = performance.now()
    const env = { ...environment, ...more.env }
    const options = { cwd: directory, env, input: more.input ?? '', encoding: 'utf8', timeout: timeoutMs } as const
    const { status, stdout, stderr } = spawnSync(program, args, { ...options, maxBuffer: 1 << 28 })
    return { status, stdout, output: stdout + stderr, ms: performance.now() - started }
  }
  const copy: KernelCopy = {
    ...{ directory, work, environment },
    git: (args, hook = 'off') => run('git', args, { env: { KBUILD_REVIEW_HOOK: hook } }),
    review: (args, input = '') =>
      run(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'src/cli/main.ts'), ...args], {
        input,
      }),
    useGit: (first) => {
      environment['PATH'] = first === null ? path : `${first}${delimiter}${path}`
    },
    reset: () => {
      copy.git(['am', '--abort'])
      const { status, output } = copy.git(['reset', '--quiet', '--hard', startTag])
      if (status !== 0) throw new Error(output)
    },
    close: () => {
      copy.review(['hook', 'uninstall'])
      removeDirectory(work)
    },
  }
  copy.git(['tag', startTag])
  return copy
}
