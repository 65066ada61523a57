import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { addToMirror } from '../../../test/support/mirror.ts'
import type { ProofContext } from '../check.ts'
import { list } from './stage.ts'

/** A bot in draft mode on a list of its own: its configuration, its clock, and what starts it. */
export type LocalBot = {
  readonly directory: string
  readonly state: string
  readonly setClock: (time: number) => void
  readonly post: (mails: readonly Buffer[], at: number) => void
  /** `bot run` behind a command, such as one that shuts it in; none where left out. */
  readonly start: () => LocalRun
}

/** A running `bot run`. */
export type LocalRun = {
  readonly log: () => string
  /** Waits until the log has something; throws where it does not come in time, or the bot ends. */
  readonly until: (wanted: RegExp, patienceMs: number) => Promise<void>
  /** Sends SIGTERM; the exit status, and how long that took. */
  readonly stop: () => Promise<{ readonly code: number | null; readonly ms: number }>
}

/** Sets one up below a directory; `state` is where the SQLite file lies. */
export function openLocalBot(
  { root, reference }: Pick<ProofContext, 'root' | 'reference'>,
  { directory, state }: { readonly directory: string; readonly state: string },
): LocalBot {
  mkdirSync(directory, { recursive: true })
  const mirror = join(directory, 'list')
  const clock = join(directory, 'clock')
  const config = join(directory, 'config.yaml')
  writeFileSync(
    config,
    `tree: ${reference.tree612}
reply: { from: Kbuild review <review@example.org> }
bot:
  state: ${join(state, 'state.sqlite')}
  schedule: '* * * * * *'
  jitter: 0
  lists:
    ${list}: { archive: ${mirror} }
`,
  )
  const env = {
    ...process.env,
    XDG_CACHE_HOME: join(directory, 'cache'),
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'shift-clock.mjs')} --disable-warning=ExperimentalWarning`,
    KBUILD_REVIEW_PROOF_CLOCK: clock,
  }
  return {
    directory,
    state,
    setClock: (time) => writeFileSync(clock, String(time)),
    post: (mails, at) =>
      void addToMirror(
        mirror,
        0,
        mails.map((raw) => ({ kind: 'mail', mail: raw.toString('utf8'), postedAt: at })),
      ),
    start: () => startRun([join(root, 'src', 'cli', 'main.ts'), 'bot', 'run', '--config', config], env),
  }
}

function startRun(args: readonly string[], env: NodeJS.ProcessEnv): LocalRun {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
  return {
    log: () => log,
    until: async (wanted, patienceMs) => {
      const end = performance.now() + patienceMs
      while (!wanted.test(log)) {
        await sleep(50)
        if (child.exitCode !== null) throw new Error(`the bot ended with ${child.exitCode}:\n${log.slice(-2000)}`)
        if (performance.now() > end) throw new Error(`no ${wanted.source} in:\n${log.slice(-2000)}`)
      }
    },
    stop: async () => {
      const asked = performance.now()
      child.kill('SIGTERM')
      const [code] = child.exitCode === null ? ((await once(child, 'exit')) as [number | null]) : [child.exitCode]
      return { code, ms: performance.now() - asked }
    },
  }
}
