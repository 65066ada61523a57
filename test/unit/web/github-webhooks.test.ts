import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createGithubWebhooks, type Poke } from '../../../src/web/github-webhooks.ts'

const secret = 'it is a secret'
const repository = { full_name: 'boards/linux' }

function receiver(): { pokes: Poke[]; send: (given: Given) => Promise<number> } {
  const pokes: Poke[] = []
  const app = createGithubWebhooks({ secret, repositories: ['boards/linux'], onPoke: (poke) => pokes.push(poke) })
  const send = async ({
    event = 'pull_request',
    id = 'delivery-1',
    payload,
    body,
    signature,
    key = secret,
  }: Given): Promise<number> => {
    const text = body ?? JSON.stringify(payload ?? { number: 3, repository })
    const headers = {
      'x-github-event': event,
      'x-github-delivery': id,
      'x-hub-signature-256': signature ?? `sha256=${createHmac('sha256', key).update(text).digest('hex')}`,
    }
    const response = await app.request('/github/webhooks', { method: 'POST', headers, body: text })
    return response.status
  }
  return { pokes, send }
}

type Given = {
  readonly event?: string
  readonly id?: string
  readonly payload?: unknown
  readonly body?: string
  readonly signature?: string
  readonly key?: string
}

describe('webhooks of GitHub', () => {
  it('say which pull request to look at', async () => {
    const { pokes, send } = receiver()
    expect(await send({ id: 'a' })).toBe(202)
    expect(
      await send({ id: 'b', event: 'issue_comment', payload: { repository, issue: { number: 4, pull_request: {} } } }),
    ).toBe(202)
    expect(pokes).toEqual([
      { repository: 'boards/linux', number: 3 },
      { repository: 'boards/linux', number: 4 },
    ])
  })

  it.each([
    ['another secret', { key: 'another' }],
    ['no signature', { signature: '' }],
    ['a signature of another kind', { signature: 'sha1=0000' }],
    ['a signature of another body', { signature: `sha256=${'0'.repeat(64)}` }],
  ])('are refused with %s', async (_, given) => {
    const { pokes, send } = receiver()
    expect(await send(given)).toBe(401)
    expect(pokes).toEqual([])
  })

  it('are taken once: a replay is refused', async () => {
    const { pokes, send } = receiver()
    expect(await send({ id: 'a' })).toBe(202)
    expect(await send({ id: 'a' })).toBe(409)
    expect(pokes).toHaveLength(1)
  })

  it('do not take the place of one that could not be read', async () => {
    const { pokes, send } = receiver()
    expect(await send({ id: 'a', body: '{' })).toBe(400)
    expect(await send({ id: 'a', payload: { repository } })).toBe(400)
    expect(await send({ id: 'a' })).toBe(202)
    expect(pokes).toHaveLength(1)
  })

  it.each([
    ['an issue that is no pull request', { event: 'issue_comment', payload: { repository, issue: { number: 4 } } }],
    ['another repository', { payload: { number: 3, repository: { full_name: 'codecs/linux' } } }],
    ['another event', { event: 'ping', payload: { zen: 'Speak like a human.' } }],
  ])('of %s are taken and nothing is done', async (_, given) => {
    const { pokes, send } = receiver()
    expect(await send(given)).toBe(202)
    expect(pokes).toEqual([])
  })

  it('need a delivery id, and are not larger than GitHub sends them', async () => {
    const { send } = receiver()
    expect(await send({ id: '' })).toBe(400)
    expect(await send({ body: 'x'.repeat(26 * 1024 * 1024) })).toBe(413)
  })
})
