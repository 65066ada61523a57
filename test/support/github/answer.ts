import type { Addresses } from './shapes.ts'
import type { Token, World } from './world.ts'

/** A request whose form is right, by somebody who may ask. */
export type Request = {
  readonly world: World
  readonly addresses: Addresses
  readonly token: Token
  /** What stands in the places of the operation's path. */
  readonly parameters: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** `links` are the relations of the Link header. */
export type Answer = {
  readonly status: number
  readonly body: unknown
  readonly links?: Readonly<Record<string, number>>
}

/** What GitHub says to a request that it does not take. */
export function refuse(status: number, message: string): Answer {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) } }
}

/** A page of a list, with the numbers of the pages around it. */
export function pageOf(
  all: readonly unknown[],
  query: Request['query'],
  wrap: (page: readonly unknown[]) => unknown = (page) => page,
): Answer {
  const size = Number(query['per_page'] ?? 30)
  const page = Number(query['page'] ?? 1)
  const last = Math.max(1, Math.ceil(all.length / size))
  return {
    status: 200,
    body: wrap(all.slice((page - 1) * size, page * size)),
    links: page < last ? { next: page + 1, last } : {},
  }
}
