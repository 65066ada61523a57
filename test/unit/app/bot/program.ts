/** One pass of the bot in a process of its own, to be killed: `DIRECTORY TREE NOW PORT`. Says when it begins. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { runPass } from '../../../../src/app/bot/pass.ts'
import { toMail } from '../../../../src/app/draft-replies.ts'
import { nameOwner } from '../../../../src/app/process-owner.ts'
import { openKernel, openLists, openMailParser, openMailer, openOutbox, openState } from '../../../../src/app/wire.ts'
import { archivesIn, boards, configOf, judgeWith } from '../../../support/bot.ts'

const [directory = '', tree = '', now = '0', port = '0'] = process.argv.slice(2)
const clock = (): number => Number(now)
const { signal } = new AbortController()
const lines = `  smtp: { host: 127.0.0.1, port: ${port}, tls: none }\n  lists:\n    ${boards}: { archive: ARCHIVE(${boards}), send: auto, daily-limit: 1000 }\n`
const config = configOf(lines, archivesIn(directory))
const surroundings = { env: process.env, cacheDirectory: join(directory, 'cache'), clock }
const opened = await openKernel(tree, surroundings)
if (opened.kind === 'none' || config.smtp === undefined) throw new Error('no kernel, or no server')
process.stdout.write('begun\n')
const parser = openMailParser()
const store = await openState(join(directory, 'state.sqlite'))
const identity = { from: { name: 'Kbuild review', address: 'review@example.org' }, replyTo: null }
await runPass({
  store,
  config,
  sources: openLists(config.lists, surroundings, parser),
  clock,
  log: () => undefined,
  owner: nameOwner(randomUUID()),
  signal,
  judge: judgeWith(opened.repository),
  writer: { identity, cc: [], ruleCount: 1, speaks: () => true, isTrial: false },
  drafts: openOutbox(join(directory, 'drafts'), (reply) => toMail(reply, { identity, now: clock() }, 'lf')),
  mailer: await openMailer(config.smtp, signal),
})
await store.close()
await parser.close()
await opened.repository.close()
