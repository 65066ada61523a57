/** The addresses that GitHub gives with every account and repository. */

type Addresses = { readonly api: string; readonly html: string }

const ofUser = [
  'events',
  'following',
  'followers',
  'gists',
  'organizations',
  'received_events',
  'repos',
  'starred',
  'subscriptions',
]

const ofRepository = [
  'archive',
  'assignees',
  'blobs',
  'branches',
  'collaborators',
  'comments',
  'commits',
  'compare',
  'contents',
  'contributors',
  'deployments',
  'downloads',
  'events',
  'forks',
  'git_commits',
  'git_refs',
  'git_tags',
  'hooks',
  'issue_comment',
  'issue_events',
  'issues',
  'keys',
  'labels',
  'languages',
  'merges',
  'milestones',
  'notifications',
  'pulls',
  'releases',
  'stargazers',
  'statuses',
  'subscribers',
  'subscription',
  'tags',
  'teams',
  'trees',
]

export function userUrls(login: string, { api, html }: Addresses): Readonly<Record<string, string>> {
  const url = `${api}/users/${encodeURIComponent(login)}`
  return {
    url,
    html_url: `${html}/${encodeURIComponent(login)}`,
    avatar_url: `${html}/avatars/${encodeURIComponent(login)}`,
    ...Object.fromEntries(ofUser.map((name) => [`${name}_url`, `${url}/${name}`])),
  }
}

export function repositoryUrls(fullName: string, { api, html }: Addresses): Readonly<Record<string, string>> {
  const url = `${api}/repos/${fullName}`
  const page = `${html}/${fullName}`
  return {
    url,
    html_url: page,
    mirror_url: `${page}.git`,
    git_url: `${page}.git`,
    ssh_url: `${page}.git`,
    svn_url: page,
    ...Object.fromEntries(ofRepository.map((name) => [`${name}_url`, `${url}/${name}`])),
  }
}
