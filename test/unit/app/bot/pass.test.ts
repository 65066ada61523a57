import { readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Bot } from '../../../../src/app/bot/bot.ts'
import { prolongLeases } from '../../../../src/app/bot/pass.ts'
import { toMail } from '../../../../src/app/draft-replies.ts'
import { openMailParser, openOutbox } from '../../../../src/app/wire.ts'
import { enqueue, takeJob } from '../../../../src/store/jobs.ts'
import { takeLease } from '../../../../src/store/leases.ts'
import { mailOutcome, mailsWith, sourceState } from '../../../../src/store/mails.ts'
import { replies, type KeptReply } from '../../../../src/store/outbox.ts'
import { findingsOf } from '../../../../src/store/reviews.ts'
import { versionOf, type VersionRecord } from '../../../../src/store/versions.ts'
import { boards, createBotWorld, drivers, type BotWorld, type PatchParts } from '../../../support/bot.ts'
import { writeMail } from '../../../support/mails.ts'

const parser = openMailParser()
afterAll(() => parser.close())
let world: BotWorld
beforeEach(async () => {
  world = await createBotWorld(parser)
})
afterEach(() => world.close())

const minute = 60_000
const kept = (): Promise<readonly KeptReply[]> => replies(world.store.records)
const version = async (mail: string): Promise<VersionRecord | null> => versionOf(world.store.records, [mail])
const later = async (ms = 3 * minute): Promise<Awaited<ReturnType<BotWorld['pass']>>> => {
  world.now += ms
  return world.pass()
}
/** Posts a patch and lets the bot look some minutes later. */
const posted = async (parts: PatchParts, lists: readonly string[] = [boards]): Promise<void> => {
  for (const list of lists) world.post(list, world.patch(parts))
  await later()
}

describe('a pass of the bot', () => {
  it('judges a series once and drafts its reply into the thread', async () => {
    await posted({ id: 'v1@x' })
    expect(await version('v1@x')).toMatchObject({ state: 'judged', version: 1, detail: '' })
    const [reply, ...more] = await kept()
    expect(more).toEqual([])
    expect(reply).toMatchObject({ state: 'drafted', lists: [boards], dated: null })
    expect(reply?.reply).toMatchObject({
      inReplyTo: 'v1@x',
      cc: [{ address: boards }],
      to: [{ address: 'ada@example.org' }],
    })
    expect(reply?.reply.body).toContain('`obj-z` is written')
    await later()
    await later()
    expect(world.events.filter(({ event }) => event === 'series-judged')).toHaveLength(1)
    expect(await kept()).toHaveLength(1)
  })

  it('judges a series that is whole at once, and waits with one to which more may belong', async () => {
    world.post(boards, world.patch({ id: 'v1@x' }))
    await world.pass()
    expect(await version('v1@x')).toMatchObject({ state: 'judged' })
    const second = { id: 'v2-1@x', subject: '[PATCH v2 1/1]', title: 'boards: the lamp', inReplyTo: 'v2-0@x' }
    world.post(boards, world.patch({ ...second, subject: '[PATCH v2 1/2]' }))
    world.post(boards, world.patch({ ...second, id: 'v2-2@x', subject: '[PATCH v2 2/2]', line: 'obj-y += b.o' }))
    await later(minute)
    expect(await version('v2-1@x')).toBeNull()
    expect(world.events.at(-1)).toMatchObject({
      event: 'series-waits',
      fields: { why: 'a cover letter or more patches may come' },
    })
    await later(2 * minute)
    expect(await version('v2-1@x')).toMatchObject({ state: 'judged', head: 'v2-1@x' })
  })

  it('looks once at the patches of a large series that come together, and again when others come', async () => {
    const mails = Array.from({ length: 12 }, (_, at) => {
      const parts = { subject: `[PATCH ${at + 1}/13]`, title: `boards: number ${at}`, line: `obj-y += b${at}.o` }
      return world.patch({ id: `v1-${at + 1}@x`, ...(at > 0 && { inReplyTo: 'v1-1@x' }), ...parts })
    })
    for (const mail of mails) world.post(boards, mail)
    await world.pass()
    const waits = (): number => world.events.filter(({ event }) => event === 'series-waits').length
    expect(waits()).toBe(1)
    const last = { id: 'v1-13@x', subject: '[PATCH 13/13]', title: 'boards: the last', inReplyTo: 'v1-1@x' }
    world.post(boards, world.patch(last))
    await later(minute)
    expect(waits()).toBe(1)
    expect(await version('v1-5@x')).toMatchObject({ state: 'judged', head: 'v1-1@x' })
  })

  it('judges what went to two lists once, by the stricter policy', async () => {
    world.configure(`  lists:
    ${boards}: { archive: ARCHIVE(${boards}) }
    ${drivers}: { archive: ARCHIVE(${drivers}), send: never }
`)
    await posted({ id: 'v1@x', to: `${boards}, ${drivers}` }, [boards, drivers])
    expect(world.events.filter(({ event }) => event === 'series-judged')).toHaveLength(1)
    expect(await version('v1@x')).toMatchObject({ state: 'judged', detail: 'a list that it went to says `never`' })
    expect(await kept()).toEqual([])
  })

  it('waits for a cover letter and patches that come last, and knows them for one series', async () => {
    await posted({
      id: 'v1-2@x',
      subject: '[PATCH 2/2]',
      title: 'boards: second',
      inReplyTo: 'v1-0@x',
      line: 'obj-y += b.o',
    })
    expect(await version('v1-2@x')).toBeNull()
    world.post(
      boards,
      world.patch({ id: 'v1-1@x', subject: '[PATCH 1/2]', title: 'boards: first', inReplyTo: 'v1-0@x' }),
    )
    world.post(
      boards,
      writeMail({ id: 'v1-0@x', subject: '[PATCH 0/2] boards: both', date: world.now, headers: [`To: ${boards}`] }),
    )
    await later()
    const whole = await version('v1-2@x')
    expect(whole).toMatchObject({ head: 'v1-0@x', state: 'judged' })
    expect((await version('v1-0@x'))?.id).toBe(whole?.id)
  })

  it('names an incomplete series when nothing comes any more, and judges it when something does', async () => {
    await posted({ id: 'v1-2@x', subject: '[PATCH 2/2]', line: 'obj-y += b.o', title: 'boards: second' })
    await later(61 * minute)
    expect(await version('v1-2@x')).toMatchObject({ state: 'incomplete', detail: 'missing of 2: 1' })
    await posted({ id: 'v1-1@x', subject: '[PATCH 1/2]', title: 'boards: first', inReplyTo: 'v1-2@x' })
    expect(await version('v1-2@x')).toMatchObject({ state: 'judged' })
  })

  it('completes a series from another list that has the missing patch', async () => {
    world.post(drivers, world.patch({ id: 'v1-1@x', subject: '[PATCH 1/2]', title: 'boards: first', to: drivers }))
    await posted({
      id: 'v1-2@x',
      subject: '[PATCH 2/2]',
      title: 'boards: second',
      inReplyTo: 'v1-1@x',
      line: 'obj-y += b.o',
    })
    expect(await version('v1-2@x')).toMatchObject({ head: 'v1-1@x' })
    expect((await version('v1-1@x'))?.id).toBe((await version('v1-2@x'))?.id)
  })

  it('drops what it would say of a version when a newer one comes in a thread of its own', async () => {
    await posted({ id: 'v1@x' })
    await posted({ id: 'v2@x', subject: '[PATCH v2]' })
    const [first, second] = await kept()
    expect(first).toMatchObject({ state: 'dropped', detail: 'a newer version is posted: v2@x' })
    expect(second).toMatchObject({ state: 'drafted' })
    expect((await version('v1@x'))?.series).toBe((await version('v2@x'))?.series)
  })

  it('judges each version of which one patch alone is sent again, time after time', async () => {
    world.post(boards, world.patch({ id: 'v1-0@x', subject: '[PATCH 0/2]', title: 'boards: lamps' }))
    const parts = { title: 'boards: the lamp', inReplyTo: 'v1-0@x' }
    world.post(boards, world.patch({ ...parts, id: 'v1-1@x', subject: '[PATCH 1/2]', line: 'obj-y += lamp.o' }))
    const fan = { ...parts, title: 'boards: the fan' }
    await posted({ ...fan, id: 'v1-2@x', subject: '[PATCH 2/2]', line: 'obj-y += fan.o' })
    await posted({ ...fan, id: 'v2-2@x', subject: '[PATCH v2 2/2]', inReplyTo: 'v1-2@x', line: 'obj-y += fan2.o' })
    await later(2 * 60 * minute)
    await posted({ ...fan, id: 'v3-2@x', subject: '[PATCH v3 2/2]', inReplyTo: 'v2-2@x', line: 'obj-y += fan3.o' })
    await later(2 * 60 * minute)
    const judged = world.events.filter(({ event }) => event === 'series-judged').map(({ fields }) => fields['series'])
    expect(judged).toEqual(['v1-0@x', 'v2-2@x', 'v3-2@x'])
    expect(await version('v3-2@x')).toMatchObject({ head: 'v3-2@x', version: 3, state: 'judged' })
  })

  it('tells of a patch that is sent after its series was judged, and does not judge that again', async () => {
    world.post(boards, world.patch({ id: 'v1-0@x', subject: '[PATCH 0/1]', title: 'boards: lamps' }))
    const parts = { title: 'boards: the lamp', inReplyTo: 'v1-0@x' }
    await posted({ ...parts, id: 'v1-1@x', subject: '[PATCH 1/1]', line: 'obj-y += lamp.o' })
    await later(2 * 60 * minute)
    await posted({ ...parts, title: 'boards: the fan', id: 'v1-2@x', subject: '[PATCH 2/1]', line: 'obj-y += fan.o' })
    await later(2 * 60 * minute)
    expect(await version('v1-2@x')).toMatchObject({ head: 'v1-0@x', state: 'judged' })
    const late = world.events.filter(({ event }) => event === 'mail-late')
    expect(late).toMatchObject([{ fields: { series: 'v1-0@x', mail: 'v1-2@x' } }])
    expect(world.events.filter(({ event }) => event === 'series-judged')).toHaveLength(1)
  })

  it('tells what it found in several patches in one mail', async () => {
    world.post(boards, world.patch({ id: 'v1-0@x', subject: '[PATCH 0/2]', title: 'boards: lamps' }))
    const parts = { title: 'boards: the lamp', inReplyTo: 'v1-0@x' }
    world.post(boards, world.patch({ ...parts, id: 'v1-1@x', subject: '[PATCH 1/2]', line: 'obj-z += lamp.o' }))
    world.post(
      boards,
      world.patch({ ...parts, title: 'boards: the fan', id: 'v1-2@x', subject: '[PATCH 2/2]', line: 'obj-z += fan.o' }),
    )
    await later()
    const [reply, ...more] = await kept()
    expect(more).toEqual([])
    expect(reply?.reply).toMatchObject({ inReplyTo: 'v1-0@x' })
    expect(reply?.reply.findings).toHaveLength(2)
  })

  it('does not judge versions that were superseded before their turn: three in a day', async () => {
    for (const [at, id] of ['v1@x', 'v2@x', 'v3@x'].entries()) {
      world.post(boards, world.patch({ id, subject: at === 0 ? '[PATCH]' : `[PATCH v${at + 1}]` }))
      world.now += minute / 2
    }
    await later()
    expect(world.events.filter(({ event }) => event === 'series-judged').map(({ fields }) => fields['series'])).toEqual(
      ['v3@x'],
    )
    expect(await version('v1@x')).toMatchObject({ state: 'superseded' })
    expect(await version('v2@x')).toMatchObject({ state: 'superseded' })
  })

  it('answers neither itself nor programs nor bounces', async () => {
    const mails: readonly [string, string, Partial<PatchParts>][] = [
      ['own@x', 'own', { from: 'Kbuild review <review@example.org>' }],
      ['loop@x', 'own', { headers: ['X-Loop: review@example.org'] }],
      ['run@x', 'own', { headers: ['X-Kbuild-Review-Run: kr.abc'] }],
      ['auto@x', 'automatic', { headers: ['Auto-Submitted: auto-generated'] }],
      ['robot@x', 'robot', { from: 'kernel test robot <lkp@intel.com>' }],
      ['bounce@x', 'bounce', { from: 'MAILER-DAEMON@mail.example.org' }],
      ['null@x', 'bounce', { headers: ['Return-Path: <>'] }],
    ]
    for (const [id, , change] of mails) world.post(boards, world.patch({ id, ...change }))
    world.post(boards, world.patch({ id: 'person@x', headers: ['Auto-Submitted: no'] }))
    await later()
    for (const [id, kind] of mails) {
      expect(await mailOutcome(world.store.records, boards, id)).toMatchObject({ outcome: 'done', detail: kind })
      expect(await version(id)).toBeNull()
    }
    expect(await version('person@x')).toMatchObject({ state: 'judged' })
  })

  it('reads a list again from where it stood once it is back, and others meanwhile', async () => {
    await posted({ id: 'first@x' })
    const away = join(world.directory, 'boards')
    renameSync(away, `${away}.away`)
    await posted({ id: 'other@x', title: 'drivers: another', to: drivers }, [drivers])
    expect(await version('other@x')).toMatchObject({ state: 'judged' })
    expect(await sourceState(world.store.records, boards)).toMatchObject({ failures: 1 })
    renameSync(`${away}.away`, away)
    world.post(boards, world.patch({ id: 'meanwhile@x', title: 'boards: another' }))
    await later(30 * minute)
    expect(await sourceState(world.store.records, boards)).toMatchObject({ failures: 0 })
    expect(await version('meanwhile@x')).toMatchObject({ state: 'judged' })
  })

  it('lists what cannot be read as dead with the reason, and goes on behind it', async () => {
    world.post(boards, 'X-Nothing: here\n\nno mail\n')
    await posted({ id: 'v1@x' })
    expect(await mailsWith(world.store.records, 'dead', 9)).toMatchObject([
      { source: boards, detail: 'no From, Date, Subject or Message-ID header' },
    ])
    expect(await version('v1@x')).toMatchObject({ state: 'judged' })
  })

  it('does not begin with the archive of years', async () => {
    world.post(
      boards,
      world.patch({ id: 'old@x', date: world.now - 30 * 24 * 60 * minute }),
      world.now - 30 * 24 * 60 * minute,
    )
    await posted({ id: 'new@x', title: 'boards: another' })
    expect(await mailOutcome(world.store.records, boards, 'old@x')).toBeNull()
    expect(await mailOutcome(world.store.records, boards, 'new@x')).toMatchObject({ outcome: 'done', detail: 'patch' })
  })

  it('takes a series whose sender’s clock is wrong', async () => {
    await posted({ id: 'future@x', date: world.now + 400 * 24 * 60 * minute })
    // the bot's own clock says when it came
    expect(await version('future@x')).toMatchObject({ state: 'judged', postedAt: world.now })
  })

  it('tries again what could not be judged, then says why not', async () => {
    world.post(boards, world.patch({ id: 'v1@x' }))
    for (let time = 0; time < 4; time++) {
      world.now += 30 * minute
      await world.pass({ judge: () => Promise.reject(new Error('a rule has a bug')) })
    }
    expect(world.events.map(({ event }) => event).filter((event) => event.startsWith('work-'))).toEqual([
      'work-failed',
      'work-failed',
      'work-dead',
    ])
    expect(await version('v1@x')).toMatchObject({ state: 'failed', detail: 'a rule has a bug' })
    expect(await kept()).toEqual([])
  })

  it('waits for as long as a disk is full or an archive away, and does not give up the work', async () => {
    world.post(boards, world.patch({ id: 'v1@x' }))
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' })
    for (let time = 0; time < 6; time++) {
      world.now += 6 * minute
      await world.pass({ judge: () => Promise.reject(new Error('cannot write an object', { cause: full })) })
    }
    const waits = world.events.filter(({ event }) => event === 'work-waits')
    expect(waits.map(({ fields }) => fields['reason'])).toEqual(Array(6).fill('cannot write an object: write'))
    await later(6 * minute)
    expect(await version('v1@x')).toMatchObject({ state: 'judged' })
  })

  it('keeps no result of a series that was superseded while it was judged', async () => {
    world.post(boards, world.patch({ id: 'v1@x' }))
    world.now += 3 * minute
    const { judge, store } = world.bot()
    await world.pass({
      judge: async (series) => {
        const review = await judge(series)
        const old = await versionOf(store.records, ['v1@x'])
        await store.records
          .updateTable('jobs')
          .set({ state: 'cancelled' })
          .where('version', '=', old?.id ?? 0)
          .execute()
        return review
      },
    })
    expect(await kept()).toEqual([])
    expect(world.events.some(({ event }) => event === 'series-cancelled')).toBe(true)
  })

  it('keeps findings with what is needed to explain them', async () => {
    await posted({ id: 'v1@x' })
    const found = await findingsOf(world.store.records, (await version('v1@x'))?.id ?? 0)
    expect(found).toMatchObject([
      { rule: 'told-word', path: 'drivers/boards/Makefile', line: 2, source: 'obj-z += extra.o' },
    ])
  })

  it('lays a draft into the maildir once, also when a person has taken it away', async () => {
    const directory = join(world.directory, 'drafts')
    const { writer } = world.bot()
    const drafts = openOutbox(directory, (reply) => toMail(reply, { identity: writer.identity, now: world.now }, 'lf'))
    world.post(boards, world.patch({ id: 'v1@x' }))
    world.now += 3 * minute
    expect(await world.pass({ drafts })).toMatchObject({ laid: 1 })
    const [name = ''] = readdirSync(join(directory, 'new'))
    expect(readFileSync(join(directory, 'new', name), 'utf8')).toContain('In-Reply-To: <v1@x>')
    renameSync(join(directory, 'new', name), join(world.directory, 'taken'))
    expect(await world.pass({ drafts })).toMatchObject({ laid: 0 })
  })

  it('says nothing where the lists forbid the rule, the file or the author, or nobody opted in', async () => {
    const list = (more: string): string => `  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), ${more} }\n`
    for (const [at, more] of [
      'checks: []',
      'quiet: { paths: [drivers/boards/] }',
      'quiet: { authors: [ada@example.org] }',
    ].entries()) {
      world.configure(list(more))
      await posted({ id: `quiet-${at}@x`, title: `boards: number ${at}` })
      expect(await version(`quiet-${at}@x`)).toMatchObject({ state: 'judged' })
    }
    expect(await kept()).toEqual([])
  })

  it('drafts and no more on trial, whatever the lists allow', async () => {
    world.configure(
      `  smtp: { host: localhost, tls: none }\n  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), send: auto }\n`,
    )
    const { writer } = world.bot()
    world.post(boards, world.patch({ id: 'v1@x' }))
    world.now += 3 * minute
    await world.pass({ writer: { ...writer, isTrial: true } })
    expect(await kept()).toMatchObject([{ state: 'drafted' }])
    await posted({ id: 'other@x', title: 'boards: the lamp', line: 'obj-z += lamp.o' })
    expect((await kept()).map(({ state }) => state)).toEqual(['drafted', 'approved'])
  })

  it('leaves the work to the process that is at it', async () => {
    await takeLease(world.store, { name: 'bot', owner: 'other-host:7:x', now: world.now, forMs: minute })
    world.post(boards, world.patch({ id: 'v1@x' }))
    expect(await world.pass()).toEqual({ kind: 'busy', owner: 'other-host:7:x' })
    await later(2 * minute)
    expect(await world.pass()).toMatchObject({ kind: 'passed' })
  })

  it('keeps its work for itself for as long as that goes on', async () => {
    const bot = world.bot()
    const others: unknown[] = []
    const judge: Bot['judge'] = async (series) => {
      for (let times = 0; times < 4; times++) {
        world.now += 9 * minute
        await prolongLeases(bot)
        others.push(await takeJob(world.store, { kind: 'judge', lease: 'other:2:x', now: world.now, forMs: minute }))
      }
      return bot.judge(series)
    }
    world.post(boards, world.patch({ id: 'v1@x' }))
    await world.pass({ judge })
    expect(others).toEqual([null, null, null, null])
    expect(await version('v1@x')).toMatchObject({ state: 'judged' })
  })

  it('stops between two pieces of work when it is told to', async () => {
    const stop = new AbortController()
    for (const at of [1, 2])
      await enqueue(world.store.records, { kind: 'assemble', key: `${at}@x`, version: null, priority: 0, dueAt: 0 })
    stop.abort(new Error('stopped'))
    await expect(world.pass({ signal: stop.signal })).rejects.toThrow('stopped')
    expect(await world.pass()).toMatchObject({ kind: 'passed' })
  })
})
