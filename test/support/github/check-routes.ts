import { z } from 'zod'
import { pageOf, refuse, type Answer, type Request } from './answer.ts'
import { hasCommit } from './git.ts'
import { checkGap } from './schema-gaps.ts'
import { checkShape, statusShape, timeOf, userShape } from './shapes.ts'
import { takeId, type Annotation, type Check, type World } from './world.ts'

const annotation: z.ZodType<Annotation> = z.object({
  path: z.string(),
  start_line: z.number(),
  end_line: z.number(),
  start_column: z.number().optional(),
  end_column: z.number().optional(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z.string(),
  title: z.string().optional(),
  raw_details: z.string().optional(),
})
const form = z.object({
  name: z.string().optional(),
  head_sha: z.string().optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  status: z.string().optional(),
  conclusion: z.string().optional(),
  output: z
    .object({
      title: z.string().optional(),
      summary: z.string(),
      text: z.string().optional(),
      annotations: z.array(annotation).default([]),
    })
    .optional(),
})
const statusForm = z.object({
  state: z.string(),
  context: z.string().default('default'),
  description: z.string().nullish(),
})

/** What GitHub does with requests about checks, statuses, the app and who may do what, by operation. */
export const checkRoutes: Readonly<Record<string, (request: Request) => Answer>> = {
  'checks/list-for-ref': ({ world, parameters, query, addresses }) => {
    const sha = parameters['ref'] ?? ''
    if (!isThere(world, sha)) return refuse(422, `No commit found for SHA: ${sha}`)
    const all = world.checks.filter((check) => check.sha === sha && (query['check_name'] ?? check.name) === check.name)
    const told = query['filter'] === 'all' ? all.toReversed() : latest(all)
    return pageOf(told, query, (page) => ({
      total_count: told.length,
      check_runs: page.map((check) => checkShape(world, check as Check, addresses)),
    }))
  },
  'checks/create': ({ world, body, token, addresses }) => {
    if (token.kind !== 'installation') return refuse(403, 'You must authenticate via a GitHub App.')
    const gap = checkGap(body)
    if (gap !== null) return refuse(422, gap)
    const { name = '', head_sha: sha = '' } = form.parse(body)
    if (!isThere(world, sha)) return refuse(422, `No commit found for SHA: ${sha}`)
    const check: Check = {
      id: takeId(world),
      sha,
      name,
      externalId: null,
      detailsUrl: null,
      status: 'queued',
      conclusion: null,
      startedAt: world.now,
      completedAt: null,
      title: null,
      summary: null,
      text: null,
      annotations: [],
    }
    world.checks.push(check)
    update(check, body, world)
    return { status: 201, body: checkShape(world, check, addresses) }
  },
  'checks/update': ({ world, body, parameters, token, addresses }) => {
    if (token.kind !== 'installation') return refuse(403, 'You must authenticate via a GitHub App.')
    const gap = checkGap(body)
    if (gap !== null) return refuse(422, gap)
    const check = world.checks.find(({ id }) => String(id) === parameters['check_run_id'])
    if (!check) return refuse(404, 'Not Found')
    update(check, body, world)
    return { status: 200, body: checkShape(world, check, addresses) }
  },
  'repos/create-commit-status': ({ world, body, parameters, token, addresses }) => {
    const sha = parameters['sha'] ?? ''
    if (!isThere(world, sha)) return refuse(422, `No commit found for SHA: ${sha}`)
    const { state, context, description = null } = statusForm.parse(body)
    const status = { id: takeId(world), sha, state, context, description, createdAt: world.now }
    world.statuses.push(status)
    return { status: 201, body: statusShape(world, status, token.login, addresses) }
  },
  'repos/get-combined-status-for-ref': ({ world, parameters, token, addresses }) => {
    const sha = parameters['ref'] ?? ''
    if (!isThere(world, sha)) return refuse(404, 'Not Found')
    const newest = new Map(world.statuses.filter((each) => each.sha === sha).map((each) => [each.context, each]))
    const statuses = [...newest.values()].map((each) => statusShape(world, each, token.login, addresses))
    return { status: 200, body: { sha, state: 'pending', total_count: statuses.length, statuses } }
  },
  'repos/get-collaborator-permission-level': ({ world, parameters, addresses }) => {
    const login = parameters['username'] ?? ''
    const account = world.accounts.get(login)
    if (!account) return refuse(404, 'Not Found')
    const permission = account.write ? 'write' : 'read'
    return { status: 200, body: { permission, role_name: permission, user: userShape(world, login, addresses) } }
  },
  'apps/get-repo-installation': ({ world, addresses }) => ({
    status: 200,
    body: {
      id: 77,
      app_id: world.appId,
      app_slug: world.appSlug,
      target_id: 1,
      target_type: 'Organization',
      single_file_name: null,
      repository_selection: 'selected',
      access_tokens_url: `${addresses.api}/app/installations/77/access_tokens`,
      repositories_url: `${addresses.api}/installation/repositories`,
      html_url: `${addresses.html}/settings/installations/77`,
      events: [],
      permissions: { checks: 'write', pull_requests: 'write' },
      account: userShape(world, world.owner, addresses),
      created_at: timeOf(0),
      updated_at: timeOf(0),
      suspended_by: null,
      suspended_at: null,
    },
  }),
  'apps/create-installation-access-token': ({ world }) => {
    const token = `ghs_${takeId(world)}`
    world.tokens.set(token, { login: `${world.appSlug}[bot]`, kind: 'installation', access: 'write' })
    return { status: 201, body: { token, expires_at: timeOf(world.now + 3_600_000), permissions: { checks: 'write' } } }
  },
}

function isThere(world: World, sha: string): boolean {
  return !world.gone.has(sha) && hasCommit(world.directory, sha)
}

/** Of check runs with one name the newest. */
function latest(checks: readonly Check[]): readonly Check[] {
  return [...new Map(checks.map((check) => [check.name, check])).values()].toReversed()
}

/** Annotations are added to those that there are; the rest replaces. */
function update(check: Check, body: unknown, world: World): void {
  const { status, conclusion, external_id, details_url, output } = form.parse(body)
  check.externalId = external_id ?? check.externalId
  check.detailsUrl = details_url ?? check.detailsUrl
  check.status = status ?? (conclusion === undefined ? check.status : 'completed')
  check.conclusion = conclusion ?? check.conclusion
  if (check.status === 'completed') check.completedAt = world.now
  if (!output) return
  check.title = output.title ?? check.title
  check.summary = output.summary
  check.text = output.text ?? check.text
  check.annotations.push(...output.annotations)
}
