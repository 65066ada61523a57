import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { removeDirectory } from '../../../../src/processes/remove-directory.ts'
import { diagnoseBot } from '../../../../src/app/bot/diagnose.ts'
import { parseConfig } from '../../../../src/app/config.ts'
import { openLists, openMailParser, probeMailer } from '../../../../src/app/wire.ts'
import { writeMail, testNow } from '../../../support/mails.ts'
import { addToMirror } from '../../../support/mirror.ts'
import { startSink, type Sink } from '../../../support/smtp.ts'

let top: string
let sink: Sink
beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), 'kbuild-review-diagnose-'))
  sink = await startSink({
    authMethods: ['PLAIN'],
    onAuth: (auth, _, done) => done(auth.password === 'lamp' ? null : new Error('no'), { user: 'review' }),
  })
})
afterEach(async () => {
  await sink.close()
  removeDirectory(top)
})

async function diagnosed(lines: string): Promise<Readonly<Record<string, string>>> {
  const text = `reply: { from: Kbuild review <review@example.org> }\nbot:\n  state: ${top}/state/state.sqlite\n${lines}`
  const parsed = parseConfig(text, 'c.yaml', [])
  if (parsed.kind === 'bad' || parsed.config.bot === undefined) throw new Error(text)
  const { bot } = parsed.config
  const parser = openMailParser()
  const { signal } = new AbortController()
  const lists = openLists(
    bot.lists,
    { env: process.env, cacheDirectory: join(top, 'cache'), clock: () => testNow },
    parser,
  )
  const found = await diagnoseBot(bot, { lists, smtp: (smtp) => probeMailer(smtp, signal) })
  await parser.close()
  return Object.fromEntries(found.map(({ what, state, detail }) => [what, `${state}: ${detail}`]))
}

it('says that all works where it does', async () => {
  addToMirror(join(top, 'boards'), 0, [{ kind: 'mail', mail: writeMail({ id: 'a@x' }), postedAt: testNow }])
  const password = join(top, 'password')
  writeFileSync(password, 'lamp\n', { mode: 0o600 })
  const found = await diagnosed(
    `  smtp: { host: 127.0.0.1, port: ${sink.port}, tls: none, user: review, password-file: ${password} }\n  lists:\n    boards@x.org: { archive: ${top}/boards }\n`,
  )
  expect(found).toEqual({
    'bot: state': `ok: ${top}/state/state.sqlite will be made`,
    'bot: password': `ok: ${password}, mode 600`,
    'bot: list boards@x.org': 'ok: can be read',
    'bot: mail server': `ok: 127.0.0.1:${sink.port} takes mails`,
  })
  expect(sink.taken).toEqual([])
})

it('names what does not', async () => {
  const password = join(top, 'password')
  writeFileSync(password, 'wrong\n')
  chmodSync(password, 0o644)
  mkdirSync(join(top, 'empty'))
  const found = await diagnosed(
    `  smtp: { host: 127.0.0.1, port: ${sink.port}, tls: none, user: review, password-file: ${password} }\n  lists:\n    boards@x.org: { archive: ${top}/empty, send: auto }\n`,
  )
  expect(found).toMatchObject({
    'bot: password': `broken: ${password} has mode 644: others can read it`,
    'bot: list boards@x.org': expect.stringMatching(/^broken: `.*empty` is no public-inbox mirror/) as unknown,
    'bot: mail server': expect.stringMatching(/^broken: 127\.0\.0\.1:\d+: /) as unknown,
    'bot: feedback': expect.stringMatching(/^missing: no command by mail is obeyed/) as unknown,
  })
})
