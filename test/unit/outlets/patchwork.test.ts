import { createServer, type IncomingMessage, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PatchworkError, reportToPatchwork, type PatchworkOptions } from '../../../src/outlets/patchwork.ts'
import { reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

type Check = { id: number; url: string; context: string; state: string; description: string | null }

/** A Patchwork on loopback: one token, the patches whose Message-IDs it is given, and the checks that come. */
class Patchwork {
  readonly checks = new Map<number, Check[]>()
  readonly #server: Server
  readonly #patches: readonly string[]
  url = ''

  constructor(patches: readonly string[]) {
    this.#patches = patches
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
    })
  }

  async open(): Promise<void> {
    await new Promise<void>((settle) => this.#server.listen(0, '127.0.0.1', settle))
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    this.url = `http://127.0.0.1:${address.port}/`
  }

  async close(): Promise<void> {
    await new Promise((settle) => this.#server.close(settle))
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://patchwork.example')
    const allowed = request.headers.authorization === 'Token secret'
    if (pathname === '/api/1.2/patches/') {
      const id = this.#patches.indexOf(searchParams.get('msgid') ?? '')
      return { status: 200, body: id === -1 ? [] : [{ id: id + 1, msgid: `<${this.#patches[id]}>` }] }
    }
    const [, id] = /^\/api\/1\.2\/patches\/(\d+)\/checks\/$/.exec(pathname) ?? []
    const checks = this.checks.get(Number(id)) ?? []
    this.checks.set(Number(id), checks)
    if (request.method !== 'POST')
      return { status: 200, body: checks.filter(({ context }) => context === searchParams.get('context')) }
    if (!allowed) return { status: 403, body: { detail: 'You do not have permission to perform this action.' } }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const sent = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Omit<Check, 'id' | 'url'> // what the test looks at
    if (!['pending', 'success', 'warning', 'fail'].includes(sent.state)) return { status: 400, body: { state: ['?'] } }
    const check = { ...sent, id: checks.length + 1, url: `${this.url}check/${checks.length + 1}` }
    checks.push(check)
    return { status: 201, body: check }
  }
}

const path = 'drivers/clk/Makefile'
const through = seriesThrough([
  { [path]: '# clocks\n' },
  { [path]: '# clocks\nobj-y += gate.o\n' },
  { [path]: '# clocks\nobj-y += gate.o divider.o\n' },
])
const ids = through.series.patches.map(({ envelope: { id } }) => id)

let server: Patchwork
let options: PatchworkOptions
beforeEach(async () => {
  server = new Patchwork(ids)
  await server.open()
  options = { url: server.url, token: 'secret', context: 'kbuild-review' }
})
afterEach(() => server.close())

describe('reportToPatchwork', () => {
  it('reports each patch by what it brings', async () => {
    const outcomes = await reportToPatchwork(reviewOf(through, [wordRule('divider.o', { severity: 'error' })]), options)
    expect(outcomes.map(({ kind }) => kind)).toEqual(['posted', 'posted'])
    expect([...server.checks.values()].flat()).toMatchObject([
      { context: 'kbuild-review', state: 'success', description: 'no findings' },
      { context: 'kbuild-review', state: 'fail', description: '1 error' },
    ])
  })

  it('says the same once, and something else again', async () => {
    await reportToPatchwork(reviewOf(through, []), options)
    const again = await reportToPatchwork(reviewOf(through, []), options)
    expect(again.map(({ kind }) => kind)).toEqual(['already', 'already'])
    await reportToPatchwork(reviewOf(through, [wordRule('gate.o', { severity: 'warning' })]), options)
    expect(server.checks.get(1)?.map(({ state }) => state)).toEqual(['success', 'warning'])
    expect(server.checks.get(2)).toHaveLength(1)
  })

  it('skips a patch that Patchwork does not have', async () => {
    const review = reviewOf(through, [])
    const [first, ...rest] = review.series.patches
    if (first === undefined) throw new Error('no patch')
    const stranger = { ...first, envelope: { ...first.envelope, id: 'stranger@boards.example' } }
    const outcomes = await reportToPatchwork(
      { ...review, series: { ...review.series, patches: [stranger, ...rest] } },
      options,
    )
    expect(outcomes.map(({ kind }) => kind)).toEqual(['skipped', 'posted'])
  })

  it('fails with what the server says where the token is wrong, and where nobody answers', async () => {
    const refused = reportToPatchwork(reviewOf(through, []), { ...options, token: 'guess' })
    await expect(refused).rejects.toThrow(/answers 403: .*permission/)
    await expect(refused).rejects.toBeInstanceOf(PatchworkError)
    const nobody = reportToPatchwork(reviewOf(through, []), { ...options, url: 'http://127.0.0.1:1/' })
    await expect(nobody).rejects.toThrow('no answer from http://127.0.0.1:1/api/1.2/patches/')
  })
})
