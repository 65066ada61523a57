import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

/** A mail of a served list. Milliseconds since 1970. */
export type ServedMail = { readonly id: string; readonly mail: string; readonly receivedAt: number }

/** A server that answers as PublicInbox::WWW does for a list at `/boards/`, as far as a reader of mails asks. */
export type ArchiveServer = {
  readonly url: string
  readonly mails: ServedMail[]
  /** What was asked, in order. */
  readonly asked: string[]
  /** `new.atom` has so many mails; a page of a search is always 200. */
  feedSize: number
  /** Answers in place of the server; false lets it answer. */
  trouble: (request: IncomingMessage, response: ServerResponse) => boolean
  close(): Promise<void>
}

/** Starts such a server on loopback. */
export async function startArchiveServer(): Promise<ArchiveServer> {
  const http = createServer((request, response) => {
    served.asked.push(request.url ?? '')
    if (served.trouble(request, response)) return
    answer(served, request, response)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  // a server that listens on an IP address has one
  const { port } = http.address() as AddressInfo
  const served: ArchiveServer = {
    url: `http://127.0.0.1:${port}/boards/`,
    mails: [],
    asked: [],
    feedSize: 25,
    trouble: () => false,
    close: async () => {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
  return served
}

function answer(served: ArchiveServer, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '', served.url)
  const path = url.pathname.replace('/boards/', '')
  const query = url.searchParams
  const asking = /^rt:(\d+)\.\.(\d+)$/.exec(query.get('q') ?? '')
  if (path === 'new.atom') sendFeed(response, feedOf(served, query.get('t')), request)
  else if (path === '' && asking !== null) {
    const offset = -1 - Number(query.get('o'))
    const found = newest(served)
      .reverse()
      .filter(({ receivedAt }) => {
        const second = Math.floor(receivedAt / 1000)
        return second >= Number(asking[1]) && second <= Number(asking[2])
      })
    sendFeed(response, found.slice(offset, offset + 200), request)
  } else sendMail(served, path, response)
}

function sendMail({ mails }: ArchiveServer, path: string, response: ServerResponse): void {
  const [id = '', kind] = path.split('/').map(decodeURIComponent)
  const mail = mails.find((each) => each.id === id)
  if (mail === undefined) response.writeHead(404).end('<pre>Message-ID not found</pre>')
  else if (kind === 'raw') response.end(mboxOf([mail]))
  else if (kind === 't.mbox.gz') response.end(gzipSync(mboxOf(threadOf(mails, id))))
  else response.writeHead(404).end()
}

/** The newest mails, or with `t=YYYYMMDDhhmmss-` the oldest from then on, where they fill a page (PublicInbox::View paginate_recent). */
function feedOf(served: ArchiveServer, t: string | null): ServedMail[] {
  const all = newest(served)
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)-$/.exec(t ?? '')?.map(Number) ?? []
  if (year !== undefined) {
    const after = Date.UTC(year, (month ?? 1) - 1, day, hour, minute, second)
    const page = all
      .toReversed()
      .filter(({ receivedAt }) => receivedAt >= after)
      .slice(0, served.feedSize)
    if (page.length === served.feedSize) return page
  }
  return all.slice(0, served.feedSize)
}

function newest({ mails }: ArchiveServer): ServedMail[] {
  return mails.toSorted((a, b) => b.receivedAt - a.receivedAt)
}

function sendFeed(response: ServerResponse, mails: readonly ServedMail[], request: IncomingMessage): void {
  const tag = `"${mails.map(({ id }) => id).join(' ')}"`
  const entries = mails.map(({ id, receivedAt }) => {
    const href = `http://archive.example.org/boards/${encodeURIComponent(id)}/`
    const updated = new Date(receivedAt).toISOString()
    return `<entry><title>a mail</title><updated>${updated}</updated><link\nhref="${href}"/><content\ntype="xhtml"><div\nxmlns="http://www.w3.org/1999/xhtml"><pre>a form feed: &#12;</pre></div></content></entry>`
  })
  const feed = `<?xml version="1.0" encoding="us-ascii"?>\n<feed\nxmlns="http://www.w3.org/2005/Atom"><title>boards</title>${entries.join('')}</feed>`
  if (mails.length === 0) response.writeHead(404).end('No feed found for thread\n')
  else if (request.headers['if-none-match'] === tag) response.writeHead(304).end()
  else response.writeHead(200, { 'content-type': 'application/atom+xml', etag: tag }).end(feed)
}

/** The same mboxrd that public-inbox writes. */
function mboxOf(mails: readonly ServedMail[]): string {
  return mails
    .map(({ mail }) => `From mboxrd@z Thu Jan  1 00:00:00 1970\n${mail.replaceAll(/^(>*From )/gm, '>$1')}\n`)
    .join('')
}

/** The mails that name each other, in whatever way. */
function threadOf(mails: readonly ServedMail[], id: string): readonly ServedMail[] {
  const members = new Set([id])
  for (let before = 0; before !== members.size;) {
    before = members.size
    for (const { id: other, mail } of mails) {
      const named = [...mail.matchAll(/^(?:In-Reply-To|References| ).*$/gm)].flatMap(([line]) =>
        [...line.matchAll(/<(.*?)>/g)].map((match) => match[1] ?? ''),
      )
      if (members.has(other)) for (const each of named) members.add(each)
      else if (named.some((each) => members.has(each))) members.add(other)
    }
  }
  return mails.filter((mail) => members.has(mail.id))
}
