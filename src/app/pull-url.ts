/** A pull request by its address: the API of its server, and where it is there. */
export type PullAddress = {
  readonly api: string
  readonly owner: string
  readonly repo: string
  readonly number: number
}

/** Reads `https://HOST/OWNER/REPOSITORY/pull/NUMBER`, with whatever follows; null where it is something else. */
export function parsePullUrl(text: string): PullAddress | null {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) return null
  const [, owner = '', repo = '', number = ''] =
    /^\/([\w.-]+)\/([\w.-]+)\/pull\/(\d{1,9})(?:\/|$)/.exec(url.pathname) ?? []
  if (number === '' || Number(number) === 0) return null
  const isPublic = url.hostname === 'github.com' || url.hostname === 'www.github.com'
  // https://docs.github.com/en/enterprise-server/rest/quickstart: an Enterprise server has its API below /api/v3.
  return { api: isPublic ? 'https://api.github.com' : `${url.origin}/api/v3`, owner, repo, number: Number(number) }
}
