import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeDirectory } from '../../src/processes/remove-directory.ts'

/** Lists served by Debian's public-inbox on loopback, from a directory of its own. */
export type PublicInbox = {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string
  /** Where a list lies; its epochs are in `git/N.git`. Mails are served once `index` has seen them. */
  readonly directory: (name: string) => string
  readonly index: (name: string) => void
  readonly close: () => Promise<void>
}

/** Whether public-inbox is installed (Debian: public-inbox). */
export function hasPublicInbox(): boolean {
  return spawnSync('public-inbox-index', ['--help'], { stdio: 'ignore' }).error === undefined
}

/** Starts public-inbox-httpd with some lists. */
export async function startPublicInbox(names: readonly string[]): Promise<PublicInbox> {
  const top = mkdtempSync(join(tmpdir(), 'kbuild-review-inbox-'))
  const env = { PATH: process.env['PATH'] ?? '', HOME: top, PI_DIR: join(top, 'config'), GIT_CONFIG_NOSYSTEM: '1' }
  const run = (program: string, ...args: string[]): void =>
    void execFileSync(program, args, { env, cwd: top, stdio: ['ignore', 'ignore', 'pipe'] })
  mkdirSync(env.PI_DIR)
  const own = await freePort()
  const url = `http://127.0.0.1:${own}/`
  const directory = (name: string): string => join(top, name)
  for (const name of names)
    run('public-inbox-init', '-V2', '-L', 'medium', name, directory(name), `${url}${name}`, `${name}@lists.example.org`)
  const daemon = spawn('public-inbox-httpd', ['-l', `127.0.0.1:${own}`, '-W0'], { env, cwd: top, stdio: 'ignore' })
  await untilAnswers(url)
  return {
    url,
    directory,
    index: (name) => run('public-inbox-index', directory(name)),
    close: async () => {
      daemon.kill('SIGTERM')
      if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, 'exit')
      removeDirectory(top)
    },
  }
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // a server that listens on an IP address has one
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function untilAnswers(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return
    await sleep(100)
  }
  throw new Error(`nothing answers at ${url}`)
}
