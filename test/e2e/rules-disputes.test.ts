import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { rules } from '../../rules/index.ts'
import { putFeedback } from '../../src/store/feedback.ts'
import { beginSending, endSending, putReply, takeReply } from '../../src/store/outbox.ts'
import { haveVersion, replyTo, storeFiles } from '../support/store.ts'
import { commandLine } from '../support/command-line.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-disputes-'))
afterAll(() => removeDirectory(top))
const files = storeFiles()
const run = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [...commandLine, 'rules', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })

it('`rules` says which rules people disputed, and which are not mailed any more', { timeout: 120_000 }, async () => {
  const state = files.path()
  const config = join(top, 'config.yaml')
  writeFileSync(
    config,
    `reply: { from: Kbuild review <review@example.org> }\nbot:\n  state: ${state}\n  lists:\n    boards@x.org: { archive: ${top} }\n`,
  )
  expect(run('--config', config)).toBe(run())
  const store = await files.open(state)
  const version = await haveVersion(store)
  const [rule = ''] = rules.map(({ id }) => id)
  const keys = ['one', 'two', 'three', 'four', 'five']
  await putReply(store.records, {
    reply: replyTo('v1-1@boards', 'kr.one@x', keys),
    version,
    state: 'approved',
    createdAt: 0,
    dueAt: 0,
    detail: '',
    lists: [],
    rules: new Map(keys.map((key) => [key, rule])),
  })
  const taken = await takeReply(store, { lease: 'a', now: 1, forMs: 10 })
  if (taken === null) expect.fail('nothing to send')
  await beginSending(store.records, taken, { now: 1, againAt: 2 })
  await endSending(store.records, taken, { state: 'sent', detail: '', dueAt: 1, sentAt: 1 })
  const feedback = { version, sender: 'ada@example.org', command: 'invalid', argument: '', at: 1 } as const
  await putFeedback(store.records, { ...feedback, messageId: 'a@x', ordinal: 0, reply: 'kr.one@x' })
  const line = `${rule}: 5 of 5 findings that were mailed were called invalid; it is not mailed any more\n`
  expect(run('--config', config)).toBe(run() + line)
  const listed = JSON.parse(run('--config', config, '--format', 'json')) as readonly { id: string }[]
  expect(listed.find(({ id }) => id === rule)).toMatchObject({ disputes: { mailed: 5, disputed: 5, muted: true } })
  expect(listed.filter((each) => 'disputes' in each)).toHaveLength(1)
})
