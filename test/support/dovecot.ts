import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { freePort } from './public-inbox.ts'

/** An IMAP server on loopback with one mailbox. */
export type Dovecot = {
  readonly port: number
  readonly user: string
  readonly passwordFile: string
  /** Lays mails into INBOX, in order, with the time at which they came (milliseconds since 1970). */
  readonly deliver: (mails: readonly { readonly mail: string; readonly at: number }[]) => void
  /** Makes INBOX anew, as after a move to another server: the same mails, other numbers. */
  readonly renumber: () => void
  readonly close: () => Promise<void>
}

/** Of every system. */
const nobody = { uid: 65534, gid: 65534 }

const program = '/usr/sbin/dovecot'

/** Whether dovecot is installed (Debian: dovecot-imapd). */
export function hasDovecot(): boolean {
  return existsSync(program) && spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0
}

/** Starts dovecot in the foreground, with all that it writes below a directory of its own. */
export async function startDovecot(): Promise<Dovecot> {
  const top = mkdtempSync(join(tmpdir(), 'kr-dovecot-'))
  const port = await freePort()
  // What faces the network never runs as root; the package makes users for that, who must be able to get here.
  const isRoot = process.getuid?.() === 0
  const { username } = userInfo()
  const group = isRoot ? 'dovecot' : execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()
  chmodSync(top, 0o755)
  mkdirSync(join(top, 'run'))
  const maildir = join(top, 'mail')
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, part), { recursive: true })
  // nobody: dovecot hands out no mail of root's
  const owner = isRoot ? nobody : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const own = (path: string): void => chownSync(path, owner.uid, owner.gid)
  for (const path of [maildir, ...['cur', 'new', 'tmp'].map((part) => join(maildir, part))]) own(path)
  const passwordFile = join(top, 'password')
  writeFileSync(passwordFile, 'lamp\n')
  writeFileSync(join(top, 'users'), `boards:{PLAIN}lamp:${owner.uid}:${owner.gid}::${top}::\n`)
  const settings = [
    `base_dir = ${top}/run`,
    `state_dir = ${top}/run`,
    `log_path = ${top}/log`,
    'protocols = imap',
    'listen = 127.0.0.1',
    'ssl = no',
    'disable_plaintext_auth = no',
    `default_internal_user = ${isRoot ? 'dovecot' : username}`,
    `default_login_user = ${isRoot ? 'dovenull' : username}`,
    `default_internal_group = ${group}`,
    'first_valid_uid = 0',
    'first_valid_gid = 0',
    `mail_location = maildir:${maildir}`,
    `passdb {\n  driver = passwd-file\n  args = ${top}/users\n}`,
    `userdb {\n  driver = passwd-file\n  args = ${top}/users\n}`,
    `service imap-login {\n  chroot =\n  inet_listener imap {\n    port = ${port}\n  }\n  inet_listener imaps {\n    port = 0\n  }\n}`,
    'service anvil {\n  chroot =\n}',
    'service stats {\n  chroot =\n}',
  ]
  writeFileSync(join(top, 'dovecot.conf'), `${settings.join('\n')}\n`)
  const server = spawn(program, ['-F', '-c', join(top, 'dovecot.conf')], { stdio: 'ignore' })
  await untilListens(port)
  let count = 0
  return {
    port,
    user: 'boards',
    passwordFile,
    deliver: (mails) => {
      for (const { mail, at } of mails) {
        const seconds = Math.floor(at / 1000)
        // dovecot takes the mails of new/ in the order of their names
        const path = join(maildir, 'new', `${seconds}.M${String(count++).padStart(6, '0')}.boards`)
        writeFileSync(path, mail)
        utimesSync(path, seconds, seconds)
        own(path)
      }
    },
    renumber: () => {
      for (const name of ['dovecot-uidlist', 'dovecot.index', 'dovecot.index.log', 'dovecot.index.cache'])
        rmSync(join(maildir, name), { force: true })
      rmSync(join(maildir, 'dovecot-uidvalidity'), { force: true })
    },
    close: async () => {
      server.kill('SIGTERM')
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit')
      removeDirectory(top)
    },
  }
}

async function untilListens(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (isOpen) return
    await sleep(100)
  }
  throw new Error(`nothing listens on port ${port}`)
}
