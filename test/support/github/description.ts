import { z } from 'zod'
import {
  checkRun,
  comment,
  commit,
  file,
  installation,
  issueComment,
  pull,
  pullSummary,
  review,
  status,
} from './responses.ts'

/** An operation of GitHub's REST API: how it is asked for, and what a good answer looks like. */
export type Operation = {
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT'
  /** As GitHub's description writes it: `/repos/{owner}/{repo}/pulls`. */
  readonly path: string
  readonly query: z.ZodType
  readonly body: z.ZodType
  readonly status: number
  readonly response: z.ZodType
}

const nothing = z.strictObject({})
const paging = {
  per_page: z.coerce.number().int().min(1).max(100).optional(),
  page: z.coerce.number().int().min(1).optional(),
}
const paged = z.strictObject(paging)
const sha = z.string().regex(/^[\da-f]{40}$/)
const repository = '/repos/{owner}/{repo}'
const onePull = `${repository}/pulls/{pull_number}`

const annotation = z.strictObject({
  path: z.string().min(1),
  start_line: z.number().int().min(1),
  end_line: z.number().int().min(1),
  start_column: z.number().int().min(1).optional(),
  end_column: z.number().int().min(1).optional(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z.string().min(1).max(65_536),
  title: z.string().max(255).optional(),
  raw_details: z.string().max(65_536).optional(),
})

const output = z.strictObject({
  title: z.string().optional(),
  summary: z.string().max(65_535),
  text: z.string().max(65_535).optional(),
  annotations: z.array(annotation).max(50).optional(),
})

const checkBody = {
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  started_at: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z
    .enum(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'stale', 'timed_out'])
    .optional(),
  completed_at: z.string().optional(),
}

/** A line of the diff that a comment stands on; `position` is the old way to say it. */
const place = {
  path: z.string().min(1),
  body: z.string().min(1).max(65_536),
  position: z.number().int().optional(),
  line: z.number().int().optional(),
  side: z.string().optional(),
  start_line: z.number().int().optional(),
  start_side: z.string().optional(),
}

const reviewBody = z.strictObject({
  commit_id: sha.optional(),
  body: z.string().max(65_536).optional(),
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']).optional(),
  comments: z.array(z.strictObject(place)).optional(),
})

const commentBody = z.strictObject({ body: z.string().min(1).max(65_536) })

/** What we ask of GitHub, written from its documentation (https://docs.github.com/en/rest); unknown properties are mistakes. */
export const operations: readonly Operation[] = [
  {
    id: 'apps/get-repo-installation',
    method: 'GET',
    path: `${repository}/installation`,
    query: nothing,
    body: nothing,
    status: 200,
    response: installation,
  },
  {
    id: 'apps/create-installation-access-token',
    method: 'POST',
    path: '/app/installations/{installation_id}/access_tokens',
    query: nothing,
    body: z.strictObject({
      repositories: z.array(z.string()).optional(),
      permissions: z.record(z.string(), z.string()).optional(),
    }),
    status: 201,
    response: z.looseObject({ token: z.string(), expires_at: z.string() }),
  },
  {
    id: 'pulls/list',
    method: 'GET',
    path: `${repository}/pulls`,
    query: z.strictObject({
      ...paging,
      state: z.enum(['open', 'closed', 'all']).optional(),
      sort: z.enum(['created', 'updated', 'popularity', 'long-running']).optional(),
      direction: z.enum(['asc', 'desc']).optional(),
      head: z.string().optional(),
      base: z.string().optional(),
    }),
    body: nothing,
    status: 200,
    response: z.array(pullSummary),
  },
  { id: 'pulls/get', method: 'GET', path: onePull, query: nothing, body: nothing, status: 200, response: pull },
  {
    id: 'pulls/list-commits',
    method: 'GET',
    path: `${onePull}/commits`,
    query: paged,
    body: nothing,
    status: 200,
    response: z.array(commit).max(250),
  },
  {
    id: 'pulls/list-files',
    method: 'GET',
    path: `${onePull}/files`,
    query: paged,
    body: nothing,
    status: 200,
    response: z.array(file),
  },
  {
    id: 'pulls/list-reviews',
    method: 'GET',
    path: `${onePull}/reviews`,
    query: paged,
    body: nothing,
    status: 200,
    response: z.array(review),
  },
  {
    id: 'pulls/create-review',
    method: 'POST',
    path: `${onePull}/reviews`,
    query: nothing,
    body: reviewBody,
    status: 200,
    response: review,
  },
  {
    id: 'pulls/list-review-comments',
    method: 'GET',
    path: `${onePull}/comments`,
    query: z.strictObject({
      ...paging,
      sort: z.string().optional(),
      direction: z.string().optional(),
      since: z.string().optional(),
    }),
    body: nothing,
    status: 200,
    response: z.array(comment),
  },
  {
    id: 'issues/list-comments',
    method: 'GET',
    path: `${repository}/issues/{issue_number}/comments`,
    query: z.strictObject({ ...paging, since: z.string().optional() }),
    body: nothing,
    status: 200,
    response: z.array(issueComment),
  },
  {
    id: 'issues/create-comment',
    method: 'POST',
    path: `${repository}/issues/{issue_number}/comments`,
    query: nothing,
    body: commentBody,
    status: 201,
    response: issueComment,
  },
  {
    id: 'issues/update-comment',
    method: 'PATCH',
    path: `${repository}/issues/comments/{comment_id}`,
    query: nothing,
    body: commentBody,
    status: 200,
    response: issueComment,
  },
  {
    id: 'checks/list-for-ref',
    method: 'GET',
    path: `${repository}/commits/{ref}/check-runs`,
    query: z.strictObject({
      ...paging,
      check_name: z.string().optional(),
      status: z.string().optional(),
      filter: z.enum(['latest', 'all']).optional(),
      app_id: z.coerce.number().int().optional(),
    }),
    body: nothing,
    status: 200,
    response: z.looseObject({ total_count: z.number(), check_runs: z.array(checkRun) }),
  },
  {
    id: 'checks/create',
    method: 'POST',
    path: `${repository}/check-runs`,
    query: nothing,
    body: z.strictObject({
      name: z.string().min(1),
      head_sha: sha,
      ...checkBody,
      output: output.required({ title: true }).optional(),
    }),
    status: 201,
    response: checkRun,
  },
  {
    id: 'checks/update',
    method: 'PATCH',
    path: `${repository}/check-runs/{check_run_id}`,
    query: nothing,
    body: z.strictObject({ name: z.string().min(1).optional(), ...checkBody, output: output.optional() }),
    status: 200,
    response: checkRun,
  },
  {
    id: 'repos/create-commit-status',
    method: 'POST',
    path: `${repository}/statuses/{sha}`,
    query: nothing,
    body: z.strictObject({
      state: z.enum(['error', 'failure', 'pending', 'success']),
      target_url: z.string().nullable().optional(),
      description: z.string().max(140).nullable().optional(),
      context: z.string().optional(),
    }),
    status: 201,
    response: status,
  },
  {
    id: 'repos/get-combined-status-for-ref',
    method: 'GET',
    path: `${repository}/commits/{ref}/status`,
    query: paged,
    body: nothing,
    status: 200,
    response: z.looseObject({ state: z.string(), statuses: z.array(status) }),
  },
  {
    id: 'repos/get-collaborator-permission-level',
    method: 'GET',
    path: `${repository}/collaborators/{username}/permission`,
    query: nothing,
    body: nothing,
    status: 200,
    response: z.looseObject({ permission: z.enum(['admin', 'write', 'read', 'none']), role_name: z.string() }),
  },
]

/** A request that was understood: its operation, and what stands in the places of `{...}`. */
export type Matched = { readonly operation: Operation; readonly parameters: Readonly<Record<string, string>> }

/** The operation that a method and path stand for; null where it is none that we know. */
export function matchOperation(method: string, path: string): Matched | null {
  for (const operation of operations) {
    if (operation.method !== method) continue
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
    const pattern = new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`)
    const found = pattern.exec(path)
    if (!found) continue
    return {
      operation,
      parameters: Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(found[at + 1] ?? '')])),
    }
  }
  return null
}
