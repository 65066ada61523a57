/**
 * Runs a bot whose state lies on a small disk, fills that, makes room again, and prints what went wrong, a line each.
 *
 * usage: node full-disk-worker.ts ROOT REFERENCE DIRECTORY STATE
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Reference } from '../../reference.ts'
import { openLocalBot } from './local-bot.ts'
import { openPlanting } from './planted.ts'

const [root = '', given = '', directory = '', state = ''] = process.argv.slice(2)
// full-disk.ts printed it
const reference = JSON.parse(given) as Reference
const minute = 60_000
const patienceMs = 10 * minute
const filler = join(state, 'filler')
const bot = openLocalBot({ root, reference }, { directory, state })
const plant = openPlanting(reference.tree612)
const wrong: string[] = []
let now = Date.now()
bot.setClock(now)

bot.post(plant.series(1, now).mails, now)
const run = bot.start()
await run.until(/event=series-judged series=planted-1-1@example.org/, patienceMs)
fill()
for (const number of [2, 3, 4, 6, 7, 8]) bot.post(plant.series(number, now).mails, now)
await run.until(/event=(pass-failed|list-failed) .*full/, patienceMs)
rmSync(filler)
now += 61 * minute
bot.setClock(now)
await run.until(/event=series-judged series=planted-8-1@example.org/, patienceMs)
const { code } = await run.stop()
if (code !== 0) wrong.push(`the bot ended with ${code ?? 'a signal'}`)
if (!/event=(pass-failed|list-failed) .*(disk is full|no space)/i.test(run.log()))
  wrong.push('the log does not name the disk')
const database = new DatabaseSync(join(state, 'state.sqlite'), { readOnly: true })
const versions = database.prepare("select count(*) as count from versions where state = 'judged'").get()
if (versions?.['count'] !== 7) wrong.push(`${String(versions?.['count'])} of 7 series judged`)
const dead = database.prepare("select count(*) as count from mails where outcome <> 'done'").get()
if (dead?.['count'] !== 0) wrong.push(`${String(dead?.['count'])} mails not dealt with`)
const check = database.prepare('pragma integrity_check').get()
if (check?.['integrity_check'] !== 'ok') wrong.push(`the state is damaged: ${String(check?.['integrity_check'])}`)
database.close()
process.stdout.write(wrong.map((line) => `${line}\n`).join(''))

/** Writes until nothing more goes in. */
function fill(): void {
  const file = openSync(filler, 'w')
  try {
    for (const size of [65_536, 4096, 512]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size))
      } catch {
        // full for pieces of this size
      }
    }
  } finally {
    closeSync(file)
  }
}
