import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { ProofContext } from '../check.ts'
import { openLocalBot } from './local-bot.ts'
import { openPlanting } from './planted.ts'

/** As many as the largest series of linux-kbuild had. */
const patches = 332
/** A clean stop takes at most so long (milliseconds). */
const stopMs = 10_000
const patienceMs = 30 * 60_000

/** A series of 332 patches: judged once, answered by at most three mails, and no reason not to stop. Gives what went wrong. */
export async function largeSeries(context: ProofContext): Promise<readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'kbuild-review-large-'))
  try {
    const bot = openLocalBot(context, { directory, state: join(directory, 'state') })
    const now = Date.now()
    bot.setClock(now)
    bot.post(openPlanting(context.reference.tree612).large(patches, now), now)
    const wrong: string[] = []
    const first = bot.start()
    await first.until(/event=series-complete/, patienceMs)
    await sleep(4000)
    const { code, ms } = await first.stop()
    if (/event=series-judged/.test(first.log())) wrong.push('it was judged before it could be stopped')
    if (code !== 0 || ms > stopMs) wrong.push(`stopped with ${code ?? 'a signal'} after ${Math.round(ms)} ms`)
    const second = bot.start()
    await second.until(/event=series-judged/, patienceMs)
    await second.until(/event=pass mails=0 judged=0/, patienceMs)
    await second.stop()
    const judged = /event=series-judged .*?findings=(\d+) replies=(\d+) .*?ms=(\d+)/.exec(second.log())
    const [, findings = '', replies = '', took = ''] = judged ?? []
    context.say(
      `${patches} patches: ${findings} findings, ${replies} replies, ${took} ms; stopped within ${Math.round(ms)} ms`,
    )
    if (!(Number(findings) > 3)) wrong.push(`${findings} findings`)
    if (!(Number(replies) >= 1 && Number(replies) <= 3)) wrong.push(`${replies} replies`)
    return [...wrong, ...stateProblems(join(bot.state, 'state.sqlite'))]
  } finally {
    removeDirectory(directory)
  }
}

function stateProblems(path: string): readonly string[] {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const versions = database.prepare('select state, count(*) as count from versions group by state').all()
    const told = versions.map(({ state, count }) => `${String(count)} ${String(state)}`).join(', ')
    return told === '1 judged' ? [] : [`versions: ${told}`]
  } finally {
    database.close()
  }
}
