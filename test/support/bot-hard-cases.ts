import { renameSync } from 'node:fs'
import { createSmtpMailer } from '../../src/outlets/smtp.ts'
import type { Mailer } from '../../src/ports.ts'
import { mailsWith } from '../../src/store/mails.ts'
import { replies } from '../../src/store/outbox.ts'
import { versionOf, type VersionRecord } from '../../src/store/versions.ts'
import { archivesIn, boards, createBotWorld, drivers, type BotWorld } from './bot.ts'
import { writeMail } from './mails.ts'
import { startSink, type Sink } from './smtp.ts'

/** Something that happens to a bot once a year; `run` gives what went wrong, nothing where all is well. */
export type HardCase = { readonly title: string; readonly run: () => Promise<readonly string[]> }

/** A world whose boards list says `auto`, with a mail server. */
type Scene = {
  readonly world: BotWorld
  readonly sink: Sink
  /** Lets the bot look some time later. */
  readonly later: (ms?: number) => Promise<void>
  readonly version: (mail: string) => Promise<VersionRecord | null>
  /** How often something was logged, of a list or series where one is given. */
  readonly logged: (event: string, about?: string) => number
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** An hour-long absence, wrong clocks, loops, rerolls and mails that are too large: a bot on two lists with real parts. */
export const hardCases: readonly HardCase[] = [
  { title: 'a sender’s clock is years ahead or behind', run: () => within(wrongSenders) },
  { title: 'the bot’s own clock was a year ahead for a while', run: () => within(clockAhead) },
  { title: 'the bot gets its own mails, and what robots answer to them', run: () => within(loops) },
  { title: 'three versions in a day', run: () => within(rerolls) },
  { title: 'a mail of 20 MB', run: () => within(hugeMail) },
  { title: 'a list is away for an hour', run: () => within(listAway) },
]

async function within(play: (scene: Scene, check: Check) => Promise<void>): Promise<readonly string[]> {
  const world = await createBotWorld()
  const sink = await startSink()
  const wrong: string[] = []
  world.configure(
    `  smtp: { host: localhost, tls: none }\n  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), send: auto }\n    ${drivers}: { archive: ARCHIVE(${drivers}), send: auto }\n`,
  )
  // a mirror without a mail is none
  for (const list of [boards, drivers]) world.post(list, writeMail({ id: `begin@${list}`, subject: 'Welcome' }))
  const later = async (ms = 3 * minute): Promise<void> => {
    world.now += ms
    await world.pass({ mailer: mailerTo(sink) })
  }
  const scene: Scene = {
    world,
    sink,
    later,
    version: (mail) => versionOf(world.store.records, [mail]),
    logged: (event, about) =>
      world.events.filter(
        (each) => each.event === event && (about === undefined || Object.values(each.fields).includes(about)),
      ).length,
  }
  try {
    await play(scene, (what, holds) => {
      if (!holds) wrong.push(what)
    })
    return wrong
  } finally {
    await sink.close()
    await world.close()
  }
}

/** Notes what does not hold. */
type Check = (what: string, holds: boolean) => void

function mailerTo({ port }: Sink): Mailer {
  const { signal } = new AbortController()
  return createSmtpMailer({ host: '127.0.0.1', port, tls: 'none', caFile: null, login: null, signal })
}

const answered = ({ taken }: Sink): readonly string[] =>
  taken.map(({ text }) => /^In-Reply-To: <(.*)>/m.exec(text)?.[1] ?? '').sort()

async function wrongSenders({ world, sink, later, version }: Scene, check: Check): Promise<void> {
  world.post(boards, world.patch({ id: 'ahead@x', date: world.now + 5 * 365 * day }))
  const old = { id: 'behind@x', title: 'boards: the lamp', line: 'obj-z += lamp.o', date: Date.UTC(1970, 0, 1, 1) }
  // public-inbox keeps a date that lies far behind as it is
  world.post(boards, world.patch(old), world.now)
  await later()
  check(
    'both are judged',
    (await version('ahead@x'))?.state === 'judged' && (await version('behind@x'))?.state === 'judged',
  )
  check('the first is answered, the second is too old', answered(sink).join() === 'ahead@x')
  const dates = sink.taken.map(({ text }) => Date.parse(/^Date: (.*)$/m.exec(text)?.[1] ?? ''))
  check(
    'the answer has our own time',
    dates.every((date) => Math.abs(date - world.now) < hour),
  )
}

async function clockAhead({ world, sink, later, version, logged }: Scene, check: Check): Promise<void> {
  const right = world.now
  world.now += 365 * day
  world.post(boards, world.patch({ id: 'v1-2@x', subject: '[PATCH 2/2]', line: 'obj-y += b.o', date: right }))
  renameSync(archivesIn(world.directory)(drivers), `${world.directory}/away`)
  await later()
  renameSync(`${world.directory}/away`, archivesIn(world.directory)(drivers))
  world.now = right
  await later()
  check('it is told', logged('clock-went-back') === 1)
  world.post(drivers, world.patch({ id: 'other@x', to: drivers, title: 'drivers: the lamp', line: 'obj-z += lamp.o' }))
  await later()
  check('the list that had failed is read again', (await version('other@x'))?.state === 'judged')
  await later(2 * hour)
  check('nobody waits a year for the patch that is missing', (await version('v1-2@x'))?.state === 'incomplete')
  check('mails go out', answered(sink).includes('other@x'))
}

async function loops({ world, sink, later }: Scene, check: Check): Promise<void> {
  world.post(boards, world.patch({ id: 'v1@x' }))
  await later()
  const [own] = sink.taken
  const id = /^Message-ID: <(.*)>/m.exec(own?.text ?? '')?.[1] ?? ''
  world.post(boards, own?.text ?? '')
  const diff = 'Not in the office.\n\n> [PATCH] boards\n'
  const reply = { subject: 'Re: [PATCH] boards: list the switch', inReplyTo: id, body: diff }
  world.post(boards, writeMail({ ...reply, id: 'away@x', headers: ['Auto-Submitted: auto-replied'] }))
  world.post(boards, writeMail({ ...reply, id: 'bounce@x', from: 'MAILER-DAEMON@example.org' }))
  const robot = world.patch({ id: 'robot@x', from: 'lkp@intel.com', title: 'boards: fix it', line: 'obj-z += c.o' })
  world.post(boards, robot)
  const copied = world.patch({
    id: 'loop@x',
    title: 'boards: again',
    line: 'obj-z += d.o',
    headers: ['X-Loop: review@example.org'],
  })
  world.post(boards, copied)
  for (let looks = 0; looks < 3; looks += 1) await later(hour)
  check('one mail went out, to the person', answered(sink).join() === 'v1@x')
  const kinds = await mailsWith(world.store.records, 'done', 100)
  const kindOf = (key: string): string => kinds.find((each) => each.key === key)?.detail ?? ''
  const told = ['away@x', 'bounce@x', 'robot@x', 'loop@x', id].map(kindOf).join()
  check(`each is known for what it is: ${told}`, told === 'automatic,bounce,robot,own,own')
}

async function rerolls({ world, sink, later, version }: Scene, check: Check): Promise<void> {
  const limits = `  smtp: { host: localhost, tls: none }\n  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), send: auto, embargo: 6h }\n`
  world.configure(limits)
  const patch = { title: 'boards: list the switch' }
  world.post(boards, world.patch({ id: 'v1@x', ...patch }))
  await later()
  await later(2 * hour)
  world.post(boards, world.patch({ id: 'v2@x', subject: '[PATCH v2]', line: 'obj-z += switch.o', ...patch }))
  await later()
  await later(2 * hour)
  world.post(boards, world.patch({ id: 'v3@x', subject: '[PATCH v3]', line: 'obj-z += toggle.o', ...patch }))
  for (let looks = 0; looks < 10; looks += 1) await later(hour)
  check('the last one alone is answered', answered(sink).join() === 'v3@x')
  const [first, second, third] = [await version('v1@x'), await version('v2@x'), await version('v3@x')]
  check('they are one series', first?.series === third?.series && second?.series === third?.series)
  const dropped = (await replies(world.store.records)).filter(({ state }) => state === 'dropped')
  check(
    'the others say what they were dropped for',
    dropped.length === 2 && dropped.every(({ detail }) => detail.includes('newer version')),
  )
}

async function hugeMail({ world, later, version, logged }: Scene, check: Check): Promise<void> {
  const line = `+${'x'.repeat(78)}\n`
  world.post(boards, `${world.patch({ id: 'huge@x' })}${line.repeat((20 << 20) / line.length)}`)
  world.post(boards, world.patch({ id: 'next@x', title: 'boards: the lamp', line: 'obj-z += lamp.o' }))
  await later()
  const dead = await mailsWith(world.store.records, 'dead', 10)
  check(
    'it is dead, and why is told',
    dead.length === 1 && /bytes/.test(dead[0]?.detail ?? '') && logged('mail-dead') === 1,
  )
  check('the mail behind it is judged', (await version('next@x'))?.state === 'judged')
}

async function listAway({ world, sink, later, version, logged }: Scene, check: Check): Promise<void> {
  const first = {
    id: 'first@x',
    subject: '[PATCH v2 1/2]',
    title: 'drivers: a board',
    inReplyTo: 'cover@x',
    to: drivers,
  }
  world.post(drivers, world.patch({ ...first, line: 'obj-y += b.o' }))
  world.post(drivers, world.patch({ ...first, id: 'second@x', subject: '[PATCH v2 2/2]', line: 'obj-z += c.o' }))
  await later(minute)
  const place = archivesIn(world.directory)(drivers)
  renameSync(place, `${place}-away`)
  world.post(boards, world.patch({ id: 'here@x' }))
  for (let looks = 0; looks < 20; looks += 1) await later()
  check('the other list is served meanwhile', answered(sink).includes('here@x'))
  const failures = logged('list-failed', drivers)
  check(`it is asked less and less often: ${failures} times`, failures >= 3 && failures <= 8)
  renameSync(`${place}-away`, place)
  world.post(drivers, world.patch({ id: 'there@x', to: drivers, title: 'drivers: the lamp', line: 'obj-z += lamp.o' }))
  await later(hour)
  check('what was read before it went is judged', (await version('first@x'))?.state === 'judged')
  check('it is told when it is back', logged('list-back', drivers) === 1)
  check('nothing of it is lost', (await version('there@x'))?.state === 'judged' && answered(sink).includes('there@x'))
}
