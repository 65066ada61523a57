import { createPublicKey } from 'node:crypto'
import { runGit } from './git.ts'
import { noFaults, type FaultPlan } from './faults.ts'
import { listen, type Exchange, type Wire } from './server.ts'
import { deliver, type Delivery } from './webhooks.ts'
import { takeId, type Check, type Pull, type Thread, type Token, type World } from './world.ts'

export type FakeOptions = {
  /** A git repository whose branches are the base branches. */
  readonly directory: string
  /** The private key of the app, as PEM; without it there is no app. */
  readonly appKey?: string
}

type NewPull = {
  readonly head: string
  readonly title: string
  readonly base?: string
  readonly body?: string
  readonly draft?: boolean
  /** Who opens it; default `dana`, who may not write. */
  readonly author?: string
}

/** A stateful GitHub on loopback over a real git repository, and what people do there. Close it. */
export type FakeGithub = {
  /** As the base URL of an Enterprise server. */
  readonly api: string
  readonly url: string
  /** `owner/repo`. */
  readonly repository: string
  readonly world: World
  readonly exchanges: readonly Exchange[]
  /** Requests and answers that are not as described; empty where all is well. */
  readonly problems: readonly string[]
  setFaults(plan: FaultPlan): void
  openPull(pull: NewPull): number
  /** Moves the head of a pull request; the API tells the old one for `late` more reads, and forgets it with `forget`. */
  push(number: number, head: string, options?: { readonly late?: number; readonly forget?: boolean }): void
  changeBase(number: number, branch: string): void
  setState(number: number, state: 'open' | 'closed'): void
  comment(number: number, login: string, body: string): number
  reply(thread: Thread, login: string, body: string): void
  pull(number: number): Pull
  /** The newest check run of each name on a commit. */
  checks(sha: string): readonly Check[]
  /** Sends a webhook; gives the status of the answer. */
  deliver(target: string, delivery: Delivery): Promise<number>
  close(): Promise<void>
}

/** Tokens that every fake knows: `app-token` (an installation's), `person-token`, `fork-token` (may only read). */
const tokens: readonly (readonly [string, Token])[] = [
  ['app-token', { login: 'kbuild-review[bot]', kind: 'installation', access: 'write' }],
  ['person-token', { login: 'maintainer', kind: 'personal', access: 'write' }],
  ['fork-token', { login: 'github-actions[bot]', kind: 'installation', access: 'read' }],
]

const accounts = [
  { login: 'boards', type: 'User', write: true },
  { login: 'maintainer', type: 'User', write: true },
  { login: 'dana', type: 'User', write: false },
  { login: 'kbuild-review[bot]', type: 'Bot', write: true },
] as const

export async function startGithub({ directory, appKey }: FakeOptions): Promise<FakeGithub> {
  const world: World = {
    owner: 'boards',
    repo: 'linux',
    directory,
    appId: 4242,
    appSlug: 'kbuild-review',
    appKey: appKey === undefined ? null : createPublicKey(appKey),
    accounts: new Map(accounts.map((account) => [account.login, account])),
    tokens: new Map(tokens),
    pulls: new Map(),
    checks: [],
    statuses: [],
    gone: new Set(),
    nextId: 100,
    now: Date.UTC(2025, 2, 4),
  }
  const wire: Wire = { plan: noFaults, exchanges: [], problems: [] }
  const { server, url } = await listen(world, wire)
  const pull = (number: number): Pull => {
    const found = world.pulls.get(number)
    if (!found) throw new Error(`there is no pull request ${number}`)
    return found
  }
  const touch = (number: number): Pull => {
    const touched = pull(number)
    touched.updatedAt = world.now += 1000
    return touched
  }
  const setHead = (number: number, head: string): void => {
    runGit(directory, 'update-ref', `refs/pull/${number}/head`, head)
  }
  return {
    api: `${url}/api/v3`,
    url,
    repository: `${world.owner}/${world.repo}`,
    world,
    exchanges: wire.exchanges,
    problems: wire.problems,
    setFaults: (plan) => {
      wire.plan = plan
    },
    openPull: ({ head, title, base = 'main', body, draft = false, author = 'dana' }) => {
      const number = world.pulls.size + 1
      setHead(number, head)
      world.pulls.set(number, {
        number,
        author,
        title,
        body: body ?? null,
        draft,
        state: 'open',
        base,
        headRepository: `${author}/linux`,
        headRef: 'topic',
        head,
        stale: null,
        createdAt: world.now,
        updatedAt: world.now,
        reviews: [],
        threads: [],
        comments: [],
      })
      return number
    },
    push: (number, head, { late = 0, forget = false } = {}) => {
      const moved = touch(number)
      if (late > 0) moved.stale = { head: moved.head, reads: late }
      if (forget) world.gone.add(moved.head)
      moved.head = head
      setHead(number, head)
    },
    changeBase: (number, branch) => {
      touch(number).base = branch
    },
    setState: (number, state) => {
      touch(number).state = state
    },
    comment: (number, author, body) => {
      const id = takeId(world)
      touch(number).comments.push({ id, author, body, createdAt: world.now, updatedAt: world.now })
      return id
    },
    reply: (thread, author, body) => {
      thread.comments.push({ id: takeId(world), review: 0, author, commit: thread.comments[0]?.commit ?? '', body })
    },
    pull,
    checks: (sha) => [
      ...new Map(world.checks.filter((each) => each.sha === sha).map((each) => [each.name, each])).values(),
    ],
    deliver: (target, delivery) => deliver(target, delivery),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
