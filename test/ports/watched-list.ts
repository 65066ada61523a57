import { expect, it } from 'vitest'
import type { Arrival, MailSource, Window } from '../../src/ports.ts'
import { testNow, writeMail, type MailParts } from '../support/mails.ts'

/** A list that mails come to, and how its archive is opened: anew each time, as by the next process. */
export type ListWorld = {
  /** Puts mails into the archive, in this order; they arrive a minute apart. */
  readonly put: (mails: readonly { readonly id: string; readonly mail: string; readonly at: number }[]) => Promise<void>
  readonly open: () => Promise<MailSource>
  readonly close: () => Promise<void>
}

const minute = 60_000

/** What a bot needs of every list that it watches, besides what `describeMailSource` asks: to go on while mails come. */
export function describeWatchedList(createWorld: () => Promise<ListWorld>): void {
  const within =
    (test: (world: ListWorld, archive: Archive) => Promise<void>): (() => Promise<void>) =>
    async () => {
      const world = await createWorld()
      try {
        await test(world, archiveIn(world))
      } finally {
        await world.close()
      }
    }

  it(
    'has nothing where the archive has nothing',
    within(async (_world, archive) => {
      expect(await archive.since({})).toEqual([])
      expect(await archive.use((source) => source.find('none@boards'))).toBeNull()
      expect(await archive.use((source) => source.thread('none@boards'))).toEqual([])
    }),
  )

  it(
    'gives every mail once, in the order in which they came, as it was written',
    within(async (_world, archive) => {
      await archive.put(['one', 'two', 'three'])
      const mails = await archive.since({})
      expect(idsOf(mails)).toEqual(['one@boards', 'two@boards', 'three@boards'])
      // but for blank lines at its end, which an mbox has between mails
      const texts = mails.map(({ result }) =>
        result.kind === 'message' ? result.message.text.trimEnd() : result.reason,
      )
      expect(texts).toEqual([
        'one\nFrom here on\n>From there',
        'two\nFrom here on\n>From there',
        'three\nFrom here on\n>From there',
      ])
    }),
  )

  it(
    'goes on behind the cursor of any mail, and loses and repeats none where a reader is cut off',
    within(async (_world, archive) => {
      const names = Array.from({ length: 7 }, (_, at) => `mail-${at}`)
      await archive.put(names)
      const whole = await archive.since({})
      for (const [at, { cursor }] of whole.entries())
        expect(idsOf(await archive.since({ cursor }))).toEqual(idsOf(whole.slice(at + 1)))
      const pieces: (string | null)[] = []
      for (
        let cursor: string | undefined, next = await archive.first({});
        next !== null;
        next = await archive.first({ cursor })
      ) {
        pieces.push(next.id)
        cursor = next.cursor
      }
      expect(pieces).toEqual(names.map((name) => `${name}@boards`))
    }),
  )

  it(
    'goes on with mails that came later',
    within(async (_world, archive) => {
      await archive.put(['one', 'two'])
      const before = await archive.since({})
      const cursor = before.at(-1)?.cursor ?? ''
      expect(await archive.since({ cursor })).toEqual([])
      await archive.put(['three'])
      expect(idsOf(await archive.since({ cursor }))).toEqual(['three@boards'])
      // more at once than any page or feed lists
      await archive.put(Array.from({ length: 60 }, (_, at) => `more-${at}`))
      expect(idsOf(await archive.since({ cursor }))).toHaveLength(61)
    }),
  )

  it(
    'begins where the first look is told to',
    within(async (_world, archive) => {
      await archive.put(['one', 'two', 'three'])
      const from = await archive.since({ since: testNow + minute })
      expect(idsOf(from)).toEqual(['two@boards', 'three@boards'])
      expect(idsOf(await archive.since({ cursor: from[0]?.cursor ?? '' }))).toEqual(['three@boards'])
    }),
  )

  it(
    'finds a mail, and the thread that it stands in, oldest first',
    within(async (_world, archive) => {
      await archive.put(['cover'])
      await archive.put(['patch'], { inReplyTo: 'cover@boards', references: ['cover@boards'] })
      await archive.put(['other'])
      await archive.put(['answer'], { inReplyTo: 'patch@boards', references: ['cover@boards', 'patch@boards'] })
      const found = await archive.use((source) => source.find('patch@boards'))
      expect(found).toMatchObject({ kind: 'message', message: { id: 'patch@boards', inReplyTo: 'cover@boards' } })
      for (const name of ['cover', 'patch', 'answer']) {
        const thread = await archive.use((source) => source.thread(`${name}@boards`))
        expect(thread.map(({ id }) => id)).toEqual(['cover@boards', 'patch@boards', 'answer@boards'])
      }
    }),
  )

  it(
    'refuses a mail over the limit, names it, and gives those behind it',
    within(async (_world, archive) => {
      await archive.put(['one'])
      await archive.put(['large'], { body: `${'x'.repeat(99)}\n`.repeat(45_000) })
      await archive.put(['two'])
      const mails = await archive.since({})
      expect(mails.map(({ result }) => result.kind)).toEqual(['message', 'refused', 'message'])
      expect(mails[1]?.result).toMatchObject({ code: 'too-large' })
      expect(idsOf(await archive.since({ cursor: mails[1]?.cursor ?? '' }))).toEqual(['two@boards'])
    }),
  )

  it(
    'refuses a cursor that is none of its own',
    within(async (_world, archive) => {
      await archive.put(['one'])
      await expect(archive.since({ cursor: 'of another source' })).rejects.toThrow(/cursor/)
    }),
  )
}

type Archive = {
  readonly put: (names: readonly string[], parts?: Partial<MailParts>) => Promise<void>
  readonly since: (window: Window) => Promise<readonly Arrival[]>
  /** The first mail alone; the reader goes away then. */
  readonly first: (window: { readonly cursor?: string | undefined }) => Promise<Arrival | null>
  readonly use: <T>(work: (source: MailSource) => Promise<T>) => Promise<T>
}

function archiveIn(world: ListWorld): Archive {
  let count = 0
  const use = async <T>(work: (source: MailSource) => Promise<T>): Promise<T> => {
    const source = await world.open()
    try {
      return await work(source)
    } finally {
      await source.close()
    }
  }
  return {
    use,
    put: (names, parts = {}) =>
      world.put(
        names.map((name) => {
          const at = testNow + minute * count++
          const id = `${name}@boards`
          const body = `${name}\nFrom here on\n>From there\n`
          return { id, at, mail: writeMail({ id, subject: `[PATCH] ${name}`, date: at, body, ...parts }) }
        }),
      ),
    since: (window) => use((source) => Array.fromAsync(source.since(window))),
    first: ({ cursor }) =>
      use(async (source) => {
        for await (const arrival of source.since(cursor === undefined ? {} : { cursor })) return arrival
        return null
      }),
  }
}

function idsOf(mails: readonly Arrival[]): readonly (string | null)[] {
  return mails.map(({ id }) => id)
}
