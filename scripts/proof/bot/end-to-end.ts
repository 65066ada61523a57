import { mkdirSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { runCommand } from '../run-command.ts'
import { makeBatches, wholePlan, type BatchPlan } from './batches.ts'
import { finalState, post, settleBatch, wrongMails, type Time } from './play.ts'
import { openStage, type BotName, type Stage } from './stage.ts'

/** How many threads are asked for by b4. */
const threadsByB4 = 5

/** 1,000 mails on a public-inbox of Debian, read by git and over HTTP, answered by mail, and the answers in their threads. */
export function proveEndToEnd(context: ProofContext): Promise<Outcome> {
  return endToEnd(context, wholePlan)
}

/** The same with other numbers. */
export async function endToEnd({ root, reference, say }: ProofContext, plan: BatchPlan): Promise<Outcome> {
  const batches = makeBatches(reference, plan)
  const answered = batches.flatMap((batch) => batch.answered)
  const stage = await openStage({ root, reference })
  try {
    await watch(stage, batches, say)
    const { lost, repeated } = wrongMails(stage, answered)
    const [byGit, byHttp] = (['git', 'http'] as const).map((name) => judgedBy(stage, name))
    const apart = differences(byGit ?? [], byHttp ?? [])
    const unthreaded = await notInThread(stage, answered)
    const unseen = await notSeenByB4(stage, answered.slice(-threadsByB4))
    const wrong = {
      lost,
      repeated,
      'judged otherwise over HTTP': apart,
      'not in its thread': unthreaded,
      'not shown by b4': unseen,
    }
    const told = Object.entries(wrong).map(
      ([what, ids]) => `${ids.length} ${what}${ids.length > 0 ? ` (${ids.slice(0, 3).join(' ')})` : ''}`,
    )
    return {
      ok: answered.length > 0 && Object.values(wrong).every((ids) => ids.length === 0),
      figure: `${batches.flatMap(({ mails }) => mails).length} mails, ${(byGit ?? []).filter((line) => line.startsWith('version ')).length} versions known, ${stage.server.taken.length} mails taken for ${answered.length} planted defects: ${told.join(', ')}`,
    }
  } finally {
    await stage.close()
  }
}

/** Two bots, each alive all the time, see the mails come batch by batch. */
async function watch(stage: Stage, batches: ReturnType<typeof makeBatches>, say: ProofContext['say']): Promise<void> {
  const time: Time = { now: batches[0]?.at ?? 0 }
  stage.setClock(time.now)
  const running = (['git', 'http'] as const).map((name) => ({ name, running: stage.start(name) }))
  for (const [number, batch] of batches.entries()) {
    say(`batch ${number + 1} of ${batches.length}, ${stage.server.taken.length} mails taken`)
    post(stage, batch, time)
    for (const bot of running) await settleBatch(stage, bot, time)
  }
  for (const bot of running) {
    bot.running.kill('SIGTERM')
    const { code } = await bot.running.ended
    if (code !== 0) throw new Error(`the bot ended with ${code ?? 'a signal'}:\n${bot.running.log().slice(-3000)}`)
  }
}

/** Versions and the replies to them, but for what became of these: only one of the bots sends. */
function judgedBy(stage: Stage, name: BotName): readonly string[] {
  const lines = finalState(stage, name).filter((line) => /^(version|finding|reply) /.test(line))
  return lines.map((line) => line.replace(/^(reply \S+) \S+ /, '$1 ')).sort()
}

function differences(byGit: readonly string[], byHttp: readonly string[]): readonly string[] {
  return [
    ...byGit.filter((line) => !byHttp.includes(line)).map((line) => `by git alone: ${line}`),
    ...byHttp.filter((line) => !byGit.includes(line)).map((line) => `over HTTP alone: ${line}`),
  ]
}

/** Planted patches below which the archive's own thread does not show our answer. */
async function notInThread({ inbox, server }: Stage, answered: readonly string[]): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const id of answered) {
    const response = await fetch(`${inbox.url}${id}/t.mbox.gz`)
    const thread = gunzipSync(Buffer.from(await response.arrayBuffer())).toString('latin1')
    if (!isAnsweredIn(thread, id) || server.taken.length === 0) wrong.push(id)
  }
  return wrong
}

/** Whether an mbox has a mail of ours that answers a patch. */
function isAnsweredIn(mbox: string, id: string): boolean {
  return mbox
    .split(/^From /m)
    .some((mail) => mail.includes('\nMessage-ID: <kr.') && mail.includes(`\nIn-Reply-To: <${id}>`))
}

/** Those that `b4 mbox` writes no thread with an answer for. */
async function notSeenByB4({ inbox }: Stage, answered: readonly string[]): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const id of answered) {
    const directory = mkdtempSync(join(tmpdir(), 'kbuild-review-b4-'))
    try {
      const env = {
        ...process.env,
        XDG_CACHE_HOME: join(directory, 'cache'),
        XDG_DATA_HOME: join(directory, 'data'),
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'b4.midmask',
        GIT_CONFIG_VALUE_0: `${inbox.url}%s`,
      }
      const out = join(directory, 'out')
      mkdirSync(out)
      const { status, stderr } = await runCommand('b4', ['mbox', '-o', out, id], { cwd: directory, env })
      if (status !== 0) throw new Error(`b4 mbox ended with ${status ?? 'a signal'}: ${stderr}`)
      const mboxes = readdirSync(out).map((name) => readFileSync(join(out, name), 'latin1'))
      if (!mboxes.some((mbox) => isAnsweredIn(mbox, id))) wrong.push(id)
    } finally {
      removeDirectory(directory)
    }
  }
  return wrong
}
