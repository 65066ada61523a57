import { z } from 'zod'

/** What answers of GitHub hold, as far as anybody here could read it; there is more. */

const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
const sha = z.string().regex(/^[\da-f]{40}$/)
const id = z.number().int().positive()
export const user = z.looseObject({ login: z.string(), id, type: z.enum(['User', 'Bot', 'Organization']) })
const repository = z.looseObject({ full_name: z.string(), clone_url: z.string(), fork: z.boolean(), owner: user })
const end = z.looseObject({ ref: z.string(), sha, label: z.string(), user: user.nullable() })

export const pullSummary = z.looseObject({
  number: id,
  state: z.enum(['open', 'closed']),
  title: z.string(),
  body: z.string().nullable(),
  draft: z.boolean(),
  user,
  head: end.extend({ repo: repository.nullable() }),
  base: end.extend({ repo: repository }),
  created_at: time,
  updated_at: time,
  closed_at: time.nullable(),
  html_url: z.url(),
})

export const pull = pullSummary.extend({ commits: z.number(), changed_files: z.number(), merged: z.boolean() })

export const commit = z.looseObject({
  sha,
  commit: z.looseObject({ message: z.string() }),
  parents: z.array(z.looseObject({ sha })),
})

export const file = z.looseObject({
  filename: z.string(),
  status: z.enum(['added', 'removed', 'modified', 'renamed', 'copied', 'changed']),
  additions: z.number(),
  deletions: z.number(),
  changes: z.number(),
  patch: z.string().optional(),
})

export const review = z.looseObject({
  id,
  user,
  body: z.string(),
  state: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED']),
  commit_id: sha,
  submitted_at: time,
})

export const comment = z.looseObject({
  id,
  user,
  body: z.string(),
  path: z.string(),
  line: z.number().nullable(),
  side: z.enum(['LEFT', 'RIGHT']),
  commit_id: sha,
  diff_hunk: z.string(),
})

export const issueComment = z.looseObject({
  id,
  user,
  body: z.string(),
  created_at: time,
  updated_at: time,
  html_url: z.url(),
})

export const checkRun = z.looseObject({
  id,
  name: z.string(),
  head_sha: sha,
  external_id: z.string().nullable(),
  status: z.enum(['queued', 'in_progress', 'completed']),
  conclusion: z.string().nullable(),
  output: z.looseObject({
    title: z.string().nullable(),
    summary: z.string().nullable(),
    annotations_count: z.number(),
  }),
  app: z.looseObject({ id, slug: z.string() }),
})

export const status = z.looseObject({ id, state: z.string(), context: z.string(), description: z.string().nullable() })

export const installation = z.looseObject({ id, app_id: id, account: user })
