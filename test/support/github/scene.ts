import { join } from 'node:path'
import { rules as allRules } from '../../../rules/index.ts'
import { openGithub } from '../../../src/app/github-client.ts'
import { githubSchema } from '../../../src/app/github-config.ts'
import { judgeApplied } from '../../../src/app/judge-series.ts'
import type { PullDesk } from '../../../src/app/review-pull.ts'
import { openRepository, type Repository } from '../../../src/git/repository.ts'
import type { SuiteResult } from '../../../src/outlets/github-checks.ts'
import { createFacts } from '../../../src/review/facts.ts'
import { createPullSource } from '../../../src/sources/github.ts'
import { createRepository, type FencedRepository, type Files } from '../git.ts'
import { startGithub, type FakeGithub } from './fake.ts'
import { smallKernel } from './small-kernel.ts'

/** The rules that a scene is judged with: one that stops, one that remarks. */
const ruleIds = ['ko-missing-source', 'kcfg-redundant-line']

/** A commit of a pull request: its title and the files that it writes. */
export type Step = readonly [title: string, files: Files]

/** GitHub with a small kernel, a clone of it that the bot has, and somebody who works on a branch. Close it. */
export type Scene = {
  readonly github: FakeGithub
  readonly server: FencedRepository
  readonly tree: Repository
  /** The sleeps of desks, in milliseconds; none is slept. */
  readonly slept: number[]
  /** Writes a branch anew on top of another and gives its end, and its commits. */
  branch(
    name: string,
    steps: readonly Step[],
    onto?: string,
  ): { readonly head: string; readonly commits: readonly string[] }
  /** A bot that has just been started. */
  desk(options?: DeskOptions): Promise<PullDesk>
  close(): Promise<void>
}

export type DeskOptions = Partial<Pick<PullDesk, 'post' | 'drafts' | 'failOn'>> & {
  readonly token?: string
  readonly suites?: readonly SuiteResult[]
}

type DeskPlace = {
  readonly github: {
    readonly api: string
    readonly world: { readonly owner: string; readonly repo: string; now: number }
  }
  readonly tree: Repository
  readonly slept: number[]
}

export async function openScene(kernel: Files = smallKernel): Promise<Scene> {
  const server = createRepository()
  server.commit('base', kernel)
  const clone = join(server.path, '..', 'clone')
  server.git('clone', '--quiet', server.path, clone)
  const opened = await openRepository(clone, { environment: server.environment })
  if (opened.kind === 'none') throw new Error(opened.reason)
  const tree = opened.repository
  const github = await startGithub({ directory: server.path })
  const slept: number[] = []
  return {
    github,
    server,
    tree,
    slept,
    branch: (name, steps, onto = 'main') => {
      server.git('checkout', '--quiet', '-B', name, onto)
      const commits = steps.map(([title, files]) => server.commit(title, files))
      return { head: server.git('rev-parse', 'HEAD').trim(), commits }
    },
    desk: (options = {}) => openDesk({ github, tree, slept }, options),
    close: async () => {
      await github.close()
      await tree.close()
      server.remove()
    },
  }
}

/** A bot for the server at `api`, in this process or another. */
export async function openDesk({ github, tree, slept }: DeskPlace, options: DeskOptions): Promise<PullDesk> {
  const { token = 'app-token', suites = [], post = true, drafts = false, failOn = 'error' } = options
  const place = { owner: github.world.owner, repo: github.world.repo }
  const settings = githubSchema.parse({ 'base-url': github.api })
  const client = await openGithub(settings, place, {
    env: { GH_ENTERPRISE_TOKEN: token },
    patience: { throttle: 'off' },
  })
  const rules = allRules.filter(({ id }) => ruleIds.includes(id))
  const facts = createFacts()
  return {
    client,
    source: createPullSource(client.octokit, place),
    repository: tree,
    judge: ({ series, applied }) =>
      Promise.resolve({ review: judgeApplied(series, applied, { rules, facts }), suites }),
    post,
    drafts,
    failOn,
    now: () => github.world.now,
    sleep: (ms) => {
      slept.push(ms)
      github.world.now += ms
      return Promise.resolve()
    },
    judged: new Map(),
  }
}
