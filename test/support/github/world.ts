import type { KeyObject } from 'node:crypto'

/** A person or program that has an account. `write` is whether it may write to the repository. */
export type Account = { readonly login: string; readonly type: 'User' | 'Bot'; readonly write: boolean }

/** A comment of a thread; the first one began it. */
export type ThreadComment = {
  readonly id: number
  readonly review: number
  readonly author: string
  readonly commit: string
  body: string
}

/** A conversation on a line of the diff. */
export type Thread = {
  readonly id: string
  readonly path: string
  readonly line: number
  readonly side: 'LEFT' | 'RIGHT'
  readonly startLine: number | null
  readonly comments: ThreadComment[]
  resolvedBy: string | null
}

export type Review = {
  readonly id: number
  readonly author: string
  readonly commit: string
  readonly body: string
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED'
}

export type IssueComment = {
  readonly id: number
  readonly author: string
  body: string
  readonly createdAt: number
  updatedAt: number
}

export type Pull = {
  readonly number: number
  readonly author: string
  title: string
  body: string | null
  draft: boolean
  state: 'open' | 'closed'
  /** The branch it is to be merged in. */
  base: string
  /** Null where the fork is gone. */
  headRepository: string | null
  readonly headRef: string
  head: string
  /** What the API still says of the head after a push, and how often it will say so. */
  stale: { readonly head: string; reads: number } | null
  readonly createdAt: number
  updatedAt: number
  readonly reviews: Review[]
  readonly threads: Thread[]
  readonly comments: IssueComment[]
}

export type Annotation = {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly start_column?: number | undefined
  readonly end_column?: number | undefined
  readonly annotation_level: 'notice' | 'warning' | 'failure'
  readonly message: string
  readonly title?: string | undefined
  readonly raw_details?: string | undefined
}

export type Check = {
  readonly id: number
  readonly sha: string
  readonly name: string
  externalId: string | null
  detailsUrl: string | null
  status: string
  conclusion: string | null
  startedAt: number
  completedAt: number | null
  title: string | null
  summary: string | null
  text: string | null
  readonly annotations: Annotation[]
}

export type Status = {
  readonly id: number
  readonly sha: string
  readonly state: string
  readonly context: string
  readonly description: string | null
  readonly createdAt: number
}

/** A token and who comes with it: an installation of the app, a person, or one that may only read (a fork's in Actions). */
export type Token = {
  readonly login: string
  readonly kind: 'installation' | 'personal'
  readonly access: 'read' | 'write'
}

/** Everything that GitHub knows, of one repository. */
export type World = {
  readonly owner: string
  readonly repo: string
  /** The directory of the git repository. */
  readonly directory: string
  readonly appId: number
  readonly appSlug: string
  /** What the app signs with, to check it; null where there is no app. */
  readonly appKey: KeyObject | null
  readonly accounts: Map<string, Account>
  readonly tokens: Map<string, Token>
  readonly pulls: Map<number, Pull>
  readonly checks: Check[]
  readonly statuses: Status[]
  /** Commits that a force push left behind and GitHub has thrown away. */
  readonly gone: Set<string>
  nextId: number
  /** Milliseconds since 1970; ticks a second with every request. */
  now: number
}

export function takeId(world: World): number {
  world.nextId += 1
  return world.nextId
}
