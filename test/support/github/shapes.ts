import { branchHead, pullCommits, pullDiff, runGit } from './git.ts'
import { repositoryUrls, userUrls } from './urls.ts'
import type { Check, IssueComment, Pull, Review, Status, Thread, ThreadComment, World } from './world.ts'

/** Where the API and the pages are. */
export type Addresses = { readonly api: string; readonly html: string }

/** A time as GitHub writes it, without fractions. */
export function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

function numberOf(text: string): number {
  return Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7) + 1
}

const nodeId = (kind: string, id: number | string): string => Buffer.from(`${kind}${id}`).toString('base64url')

export function userShape(world: World, login: string, { api, html }: Addresses): object {
  const type = world.accounts.get(login)?.type ?? 'User'
  const id = numberOf(login)
  return {
    login,
    id,
    node_id: nodeId('U', id),
    gravatar_id: '',
    type,
    site_admin: false,
    ...userUrls(login, { api, html }),
  }
}

export function repositoryShape(world: World, fullName: string, addresses: Addresses): object {
  const [owner = '', name = ''] = fullName.split('/')
  const fork = fullName !== `${world.owner}/${world.repo}`
  const counts = [
    'forks',
    'forks_count',
    'open_issues',
    'open_issues_count',
    'size',
    'stargazers_count',
    'watchers',
    'watchers_count',
  ]
  const flags = [
    'has_downloads',
    'has_issues',
    'has_projects',
    'has_wiki',
    'has_pages',
    'archived',
    'disabled',
    'private',
  ]
  return {
    id: numberOf(fullName),
    node_id: nodeId('R', fullName),
    name,
    full_name: fullName,
    owner: userShape(world, owner, addresses),
    fork,
    description: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: 'main',
    pushed_at: timeOf(0),
    created_at: timeOf(0),
    updated_at: timeOf(0),
    ...Object.fromEntries(counts.map((key) => [key, 0])),
    ...Object.fromEntries(flags.map((key) => [key, false])),
    ...repositoryUrls(fullName, addresses),
    clone_url: `file://${world.directory}`,
  }
}

/** The head that the API tells: of a push it may not know yet. */
function toldHead(pull: Pull): string {
  return pull.stale !== null && pull.stale.reads > 0 ? pull.stale.head : pull.head
}

type End = { readonly repository: string | null; readonly ref: string; readonly sha: string }

function endShape(world: World, { repository: fullName, ref, sha }: End, addresses: Addresses): object {
  const [owner = world.owner] = (fullName ?? '').split('/')
  return {
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: fullName === null ? null : userShape(world, owner, addresses),
    repo: fullName === null ? null : repositoryShape(world, fullName, addresses),
  }
}

/** A pull request as a list has it. */
export function pullShape(world: World, pull: Pull, addresses: Addresses): object {
  const full = `${world.owner}/${world.repo}`
  const url = `${addresses.api}/repos/${full}/pulls/${pull.number}`
  const issue = `${addresses.api}/repos/${full}/issues/${pull.number}`
  const html = `${addresses.html}/${full}/pull/${pull.number}`
  const head = toldHead(pull)
  const statuses = `${addresses.api}/repos/${full}/statuses/${head}`
  const links = {
    self: url,
    html,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${addresses.api}/repos/${full}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses,
  }
  return {
    url,
    id: 1000 + pull.number,
    node_id: nodeId('PR', pull.number),
    number: pull.number,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: statuses,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: pull.body,
    draft: pull.draft,
    user: userShape(world, pull.author, addresses),
    assignee: null,
    assignees: [],
    labels: [],
    milestone: null,
    auto_merge: null,
    merge_commit_sha: null,
    merged_at: null,
    created_at: timeOf(pull.createdAt),
    updated_at: timeOf(pull.updatedAt),
    closed_at: pull.state === 'closed' ? timeOf(pull.updatedAt) : null,
    author_association: associationOf(world, pull.author),
    head: endShape(world, { repository: pull.headRepository, ref: pull.headRef, sha: head }, addresses),
    base: endShape(world, { repository: full, ref: pull.base, sha: branchHead(world.directory, pull.base) }, addresses),
    _links: Object.fromEntries(Object.entries(links).map(([key, href]) => [key, { href }])),
  }
}

/** A pull request by itself. */
export function fullPullShape(world: World, pull: Pull, addresses: Addresses): object {
  const files = pullDiff(world.directory, pull.base, pull.head)
  const lines = files.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines))
  return {
    ...pullShape(world, pull, addresses),
    commits: pullCommits(world.directory, pull.base, pull.head).length,
    changed_files: files.length,
    additions: lines.filter(({ kind }) => kind === 'add').length,
    deletions: lines.filter(({ kind }) => kind === 'delete').length,
    comments: pull.comments.length,
    review_comments: pull.threads.flatMap(({ comments }) => comments).length,
    mergeable: null,
    mergeable_state: 'unknown',
    merged: false,
    merged_by: null,
    maintainer_can_modify: false,
  }
}

export function associationOf(world: World, login: string): string {
  return world.accounts.get(login)?.write === true ? 'MEMBER' : 'CONTRIBUTOR'
}

export function commitShape(world: World, id: string, { api, html }: Addresses): object {
  const full = `${world.owner}/${world.repo}`
  const [tree = '', parents = '', name = '', email = '', message = ''] = runGit(
    world.directory,
    'show',
    '--no-patch',
    '--format=%T%x00%P%x00%an%x00%ae%x00%B',
    id,
  ).split('\0')
  const person = { name, email, date: timeOf(0) }
  const url = `${api}/repos/${full}/commits/${id}`
  const hash = { url, html_url: `${html}/${full}/commit/${id}` }
  return {
    ...hash,
    sha: id,
    node_id: nodeId('C', id),
    comments_url: `${url}/comments`,
    commit: {
      url,
      message: message.trimEnd(),
      author: person,
      committer: person,
      comment_count: 0,
      tree: { sha: tree, url: `${api}/repos/${full}/git/trees/${tree}` },
    },
    author: null,
    committer: null,
    parents: parents
      .split(' ')
      .filter(Boolean)
      .map((sha) => ({ sha, url: `${api}/repos/${full}/commits/${sha}` })),
  }
}

export function reviewShape(world: World, pull: Pull, review: Review, addresses: Addresses): object {
  const full = `${world.owner}/${world.repo}`
  const html = `${addresses.html}/${full}/pull/${pull.number}#pullrequestreview-${review.id}`
  const url = `${addresses.api}/repos/${full}/pulls/${pull.number}`
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: userShape(world, review.author, addresses),
    body: review.body,
    state: review.state,
    commit_id: review.commit,
    submitted_at: timeOf(world.now),
    html_url: html,
    pull_request_url: url,
    author_association: associationOf(world, review.author),
    _links: { html: { href: html }, pull_request: { href: url } },
  }
}

export function threadCommentShape(
  world: World,
  { pull, thread, comment }: { readonly pull: Pull; readonly thread: Thread; readonly comment: ThreadComment },
  addresses: Addresses,
): object {
  const full = `${world.owner}/${world.repo}`
  const self = `${addresses.api}/repos/${full}/pulls/comments/${comment.id}`
  const html = `${addresses.html}/${full}/pull/${pull.number}#discussion_r${comment.id}`
  const pullUrl = `${addresses.api}/repos/${full}/pulls/${pull.number}`
  return {
    url: self,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    pull_request_review_id: comment.review,
    diff_hunk: '@@ -1 +1 @@',
    path: thread.path,
    line: thread.line,
    side: thread.side,
    ...(thread.startLine !== null && { start_line: thread.startLine, start_side: thread.side }),
    commit_id: pull.head,
    original_commit_id: comment.commit,
    user: userShape(world, comment.author, addresses),
    body: comment.body,
    created_at: timeOf(world.now),
    updated_at: timeOf(world.now),
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(world, comment.author),
    _links: { self: { href: self }, html: { href: html }, pull_request: { href: pullUrl } },
  }
}

export function issueCommentShape(world: World, pull: Pull, comment: IssueComment, addresses: Addresses): object {
  const full = `${world.owner}/${world.repo}`
  return {
    url: `${addresses.api}/repos/${full}/issues/comments/${comment.id}`,
    html_url: `${addresses.html}/${full}/pull/${pull.number}#issuecomment-${comment.id}`,
    issue_url: `${addresses.api}/repos/${full}/issues/${pull.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: userShape(world, comment.author, addresses),
    body: comment.body,
    created_at: timeOf(comment.createdAt),
    updated_at: timeOf(comment.updatedAt),
    author_association: associationOf(world, comment.author),
  }
}

export function checkShape(world: World, check: Check, addresses: Addresses): object {
  const full = `${world.owner}/${world.repo}`
  const url = `${addresses.api}/repos/${full}/check-runs/${check.id}`
  return {
    id: check.id,
    node_id: nodeId('CR', check.id),
    head_sha: check.sha,
    name: check.name,
    url,
    html_url: `${addresses.html}/${full}/runs/${check.id}`,
    details_url: check.detailsUrl,
    external_id: check.externalId,
    status: check.status,
    conclusion: check.conclusion,
    started_at: timeOf(check.startedAt),
    completed_at: check.completedAt === null ? null : timeOf(check.completedAt),
    check_suite: { id: 1 },
    output: {
      title: check.title,
      summary: check.summary,
      text: check.text,
      annotations_count: check.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    app: {
      id: world.appId,
      slug: world.appSlug,
      node_id: nodeId('A', world.appId),
      name: world.appSlug,
      description: null,
      owner: userShape(world, world.owner, addresses),
      external_url: addresses.html,
      html_url: `${addresses.html}/apps/${world.appSlug}`,
      created_at: timeOf(0),
      updated_at: timeOf(0),
      permissions: { checks: 'write' },
      events: [],
    },
    pull_requests: [],
  }
}

export function statusShape(world: World, status: Status, creator: string, addresses: Addresses): object {
  return {
    id: status.id,
    node_id: nodeId('S', status.id),
    url: `${addresses.api}/repos/${world.owner}/${world.repo}/statuses/${status.sha}`,
    avatar_url: null,
    state: status.state,
    context: status.context,
    description: status.description,
    target_url: null,
    created_at: timeOf(status.createdAt),
    updated_at: timeOf(status.createdAt),
    creator: userShape(world, creator, addresses),
  }
}
