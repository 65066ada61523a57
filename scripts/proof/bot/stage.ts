import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { ProofContext } from '../check.ts'
import { openInbox, type Inbox } from './public-inbox.ts'
import { startMailServer, type MailServer } from './server.ts'

/** The list of the stage. */
export const list = 'linux-kbuild@vger.kernel.org'

/** What a bot logs that had nothing to do. */
export const idlePass = /event=pass mails=0 judged=0 laid=0 sent=0$/m

/** A bot with a state of its own; several may watch the list at once. */
export type BotName = 'git' | 'http'

/** A running `bot run`. */
export type Running = {
  /** What it has logged. */
  readonly log: () => string
  /** After how long it first had nothing to do (milliseconds); null before that. */
  readonly restedAfterMs: () => number | null
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<{ readonly code: number | null; readonly ms: number }>
}

/** A list archive on loopback, a mail server that hands its mails to it, a kernel, a clock, and bots. */
export type Stage = {
  readonly directory: string
  readonly inbox: Inbox
  readonly server: MailServer
  /** Milliseconds since 1970: what the clocks of all bots show. */
  readonly setClock: (time: number) => void
  readonly start: (name: BotName) => Running
  /** Rows of the state of a bot; none where it has not begun. */
  readonly rows: (name: BotName, query: string) => readonly Readonly<Record<string, unknown>>[]
  readonly close: () => Promise<void>
}

/** Sets it up; close it. */
export async function openStage({ root, reference }: Pick<ProofContext, 'root' | 'reference'>): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'kbuild-review-proof-bot-'))
  const inbox = await openInbox(directory, { name: 'linux-kbuild', list })
  const server = await startMailServer(list, (raw) => inbox.deliver(raw))
  const clock = join(directory, 'clock')
  const main = join(root, 'src', 'cli', 'main.ts')
  const preload = join(import.meta.dirname, 'shift-clock.mjs')
  const stateOf = (name: BotName): string => join(directory, name, 'state.sqlite')
  const env = {
    ...process.env,
    XDG_CACHE_HOME: join(directory, 'cache'),
    NODE_OPTIONS: `--import=${preload} --disable-warning=ExperimentalWarning`,
    NODE_COMPILE_CACHE: join(directory, 'compiled'),
    KBUILD_REVIEW_PROOF_CLOCK: clock,
  }
  for (const name of ['git', 'http'] as const) {
    mkdirSync(join(directory, name), { recursive: true })
    const archive =
      name === 'git'
        ? `{ mirror: ${join(directory, 'mirror')}, from: '${inbox.url}', every: 0 }`
        : `{ http: '${inbox.url}', every: 0 }`
    const send = name === 'git' ? 'auto' : 'draft'
    writeFileSync(
      join(directory, `${name}.yaml`),
      `tree: ${reference.tree612}
reply: { from: Kbuild review <review@example.org>, reply-to: Ida Person <ida@example.org> }
bot:
  state: ${stateOf(name)}
  schedule: '* * * * * *'
  jitter: 0
  pause: 0
  begin: 365d
  smtp: { host: 127.0.0.1, port: ${server.port}, tls: none }
  lists:
    ${list}: { archive: ${archive}, send: ${send}, daily-limit: 1000 }
`,
    )
  }
  const children = new Set<ChildProcess>()
  return {
    directory,
    inbox,
    server,
    setClock: (time) => writeFileSync(clock, String(time)),
    start: (name) => {
      const args = [main, 'bot', 'run', '--config', join(directory, `${name}.yaml`)]
      const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
      children.add(child)
      const started = performance.now()
      let log = ''
      let rested: number | null = null
      child.stderr.on('data', (chunk: Buffer) => {
        log += chunk.toString()
        if (rested === null && idlePass.test(log)) rested = performance.now() - started
      })
      const ended = once(child, 'exit').then(([code]) => {
        children.delete(child)
        return { code: code as number | null, ms: performance.now() - started }
      })
      return { log: () => log, restedAfterMs: () => rested, kill: (signal) => void child.kill(signal), ended }
    },
    rows: (name, query) => {
      if (!existsSync(stateOf(name))) return []
      const database = new DatabaseSync(stateOf(name), { readOnly: true, timeout: 10_000 })
      try {
        return database.prepare(query).all()
      } finally {
        database.close()
      }
    },
    close: async () => {
      for (const child of children) child.kill('SIGKILL')
      while (children.size > 0) await sleep(50)
      await server.close()
      await inbox.close()
      removeDirectory(directory)
    },
  }
}
