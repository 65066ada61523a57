import { afterEach, describe, expect, it } from 'vitest'
import type { MailSource, Window } from '../../src/ports.ts'
import { writeMail } from '../support/mails.ts'

/** A mail to put into a source. */
export type Posted = { readonly text: string; readonly postedAt: number }

const hour = 60 * 60 * 1000
const start = Date.UTC(2025, 0, 10)
const at = (hours: number): number => start + hours * hour

function post(id: string, hours: number, links: { inReplyTo?: string; references?: readonly string[] } = {}): Posted {
  return { postedAt: at(hours), text: writeMail({ id, subject: `[PATCH] drivers: ${id}`, date: at(hours), ...links }) }
}

/** Two threads, one of them broken by a mail that the source lacks, in the order in which they came. */
const posts = [
  post('cover@x', 0),
  post('patch-2@x', 2, { inReplyTo: 'cover@x', references: ['cover@x'] }),
  post('other@x', 3),
  post('patch-1@x', 1, { inReplyTo: 'cover@x' }),
  post('reply@x', 5, { inReplyTo: 'lost@x', references: ['lost@x'] }),
  post('second-reply@x', 4, { references: ['cover@x', 'lost@x'] }),
]

/** What every source of mails must do. `open` gives a source that holds these mails, in this order. */
export function describeMailSource(name: string, open: (posts: readonly Posted[]) => Promise<MailSource>): void {
  describe(`${name} as a source of mails`, () => {
    const opened: MailSource[] = []
    afterEach(async () => {
      for (const source of opened.splice(0)) await source.close()
    })
    const source = async (mails = posts): Promise<MailSource> => {
      const one = await open(mails)
      opened.push(one)
      return one
    }
    const ids = async (one: MailSource, window: Window): Promise<(string | null)[]> =>
      (await Array.fromAsync(one.since(window))).map(({ id }) => id)

    it('gives all mails in the order in which they came', async () => {
      expect(await ids(await source(), {})).toEqual([
        'cover@x',
        'patch-2@x',
        'other@x',
        'patch-1@x',
        'reply@x',
        'second-reply@x',
      ])
    })

    it('goes on behind any cursor that it gave', async () => {
      const one = await source()
      const arrivals = await Array.fromAsync(one.since({}))
      for (const [index, { cursor }] of arrivals.entries()) {
        expect(await ids(one, { cursor })).toEqual(arrivals.slice(index + 1).map(({ id }) => id))
      }
    })

    it('gives the mails posted in a window, its start included and its end not', async () => {
      expect(await ids(await source(), { since: at(1), until: at(4) })).toEqual(['patch-2@x', 'other@x', 'patch-1@x'])
    })

    it('refuses a cursor that it never gave', async () => {
      const one = await source()
      await expect(ids(one, { cursor: 'yesterday' })).rejects.toThrow(/cursor/)
    })

    it('finds a mail by its Message-ID, and says null for one that it lacks', async () => {
      const one = await source()
      expect(await one.find('patch-1@x')).toMatchObject({ kind: 'message', message: { id: 'patch-1@x' } })
      expect(await one.find('lost@x')).toBeNull()
    })

    it('gives a thread from any of its mails, oldest first, also through a mail that it lacks', async () => {
      const one = await source()
      for (const id of ['cover@x', 'patch-1@x', 'reply@x']) {
        const thread = await one.thread(id)
        expect(thread.map((message) => message.id)).toEqual([
          'cover@x',
          'patch-1@x',
          'patch-2@x',
          'second-reply@x',
          'reply@x',
        ])
      }
      expect((await one.thread('other@x')).map((message) => message.id)).toEqual(['other@x'])
    })

    it('gives no thread for a mail that it lacks', async () => {
      expect(await (await source()).thread('nobody@x')).toEqual([])
    })

    it('gives what is refused as such and goes on', async () => {
      const one = await source([
        post('first@x', 0),
        { text: 'X-Nothing: else\n\nnot a mail\n', postedAt: at(1) },
        post('last@x', 2),
      ])
      const arrivals = await Array.fromAsync(one.since({}))
      expect(arrivals.map(({ id, result }) => (result.kind === 'refused' ? result.code : id))).toEqual([
        'first@x',
        'not-a-mail',
        'last@x',
      ])
    })

    it('finds the first of two mails with one Message-ID', async () => {
      const one = await source([
        post('twice@x', 0),
        { ...post('twice@x', 1), text: post('twice@x', 1).text.replace('drivers', 'boards') },
      ])
      expect(await one.find('twice@x')).toMatchObject({ message: { subject: '[PATCH] drivers: twice@x' } })
    })
  })
}
