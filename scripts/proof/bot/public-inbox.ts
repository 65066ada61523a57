import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A mail for the archive: its bytes, and when it comes there (milliseconds since 1970). */
export type Coming = { readonly raw: Buffer; readonly arrivesAt: number }

/** A list archive run by Debian's public-inbox, served on loopback. */
export type Inbox = {
  /** The v2 inbox itself (DIR/git/0.git). */
  readonly directory: string
  /** Where it is served, ending in a slash. */
  readonly url: string
  /** Adds mails as a mirror gets them, and indexes them. */
  readonly add: (mails: readonly Coming[]) => void
  /** Hands a mail over as a mail server does, to public-inbox-mda. */
  readonly deliver: (raw: Buffer) => Promise<void>
  readonly close: () => Promise<void>
}

/** Makes an empty archive of a list below a directory, and serves it. */
export async function openInbox(
  top: string,
  { name, list }: { readonly name: string; readonly list: string },
): Promise<Inbox> {
  const directory = join(top, 'inbox')
  const home = join(top, 'home')
  mkdirSync(home, { recursive: true })
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    PI_DIR: join(home, '.public-inbox'),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  }
  const run = (command: string, ...args: readonly string[]): void =>
    void execFileSync(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  run('public-inbox-init', '-V2', '-L', 'basic', name, directory, `${base}/${name}`, list)
  run('git', 'config', '-f', join(env.PI_DIR, 'config'), 'publicinboxmda.spamcheck', 'none')
  const server = await serve(port, env)
  let last: Promise<void> = Promise.resolve()
  return {
    directory,
    url: `${base}/${name}/`,
    add: (mails) => {
      importMails(join(directory, 'git', '0.git'), list, mails)
      run('public-inbox-index', '-L', 'basic', directory)
    },
    deliver: (raw) => (last = last.then(() => mda(raw, { ...env, ORIGINAL_RECIPIENT: list }))),
    close: async () => {
      await last
      server.kill('SIGTERM')
      if (server.exitCode === null) await once(server, 'exit')
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function serve(port: number, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const server = spawn('public-inbox-httpd', ['-l', `127.0.0.1:${port}`, '-W0'], { env, stdio: 'ignore' })
  for (let tries = 0; tries < 300; tries += 1) {
    const answers = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    )
    if (answers) return server
    await sleep(200)
  }
  throw new Error('public-inbox-httpd does not answer')
}

function importMails(repository: string, list: string, mails: readonly Coming[]): void {
  const git = (args: readonly string[], input?: Buffer): string =>
    execFileSync('git', ['--git-dir', repository, ...args], { encoding: 'utf8', ...(input && { input }) })
  const head = git(['for-each-ref', '--format=%(objectname)', 'refs/heads/master']).trim()
  const steps = mails.map(({ raw, arrivesAt }, at) => {
    const seconds = `${Math.floor(arrivesAt / 1000)} +0000`
    const lines = [
      'commit refs/heads/master',
      `author a list <${list}> ${Math.floor((dateOf(raw) ?? arrivesAt) / 1000)} +0000`,
      `committer a list <${list}> ${seconds}`,
      'data 6\na mail',
      ...(at === 0 && head !== '' ? [`from ${head}`] : []),
      'deleteall',
      'M 100644 inline m',
      `data ${raw.length}\n`,
    ]
    return Buffer.concat([Buffer.from(lines.join('\n')), raw, Buffer.from('\n')])
  })
  git(['fast-import', '--quiet', '--date-format=raw'], Buffer.concat(steps))
}

function dateOf(raw: Buffer): number | null {
  const value = /^date:[ \t]*(.*)$/im.exec(raw.subarray(0, 20_000).toString('latin1'))?.[1]
  const time = Date.parse(value ?? '')
  return Number.isNaN(time) || time < 0 ? null : time
}

async function mda(raw: Buffer, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn('public-inbox-mda', ['--no-precheck'], { env, stdio: ['pipe', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stdin.end(raw)
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`public-inbox-mda ended with ${code ?? 'a signal'}: ${said}`)
}
