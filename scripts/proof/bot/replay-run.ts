import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { ProofContext } from '../check.ts'
import { runCommand } from '../run-command.ts'

/** The year: linux-kbuild from June 2024 to June 2025, which is an epoch of its own. */
export const year = { epoch: join('linux-kbuild', 'git', '1.git'), since: '2024-06-01', until: '2025-07-01' }

type Asked = Pick<ProofContext, 'root' | 'reference' | 'say'> & { readonly until: string }

/**
 * The directory of a replay of the year up to a day, which is made where there is none of this version of the program; one that was cut off goes
 * on where it stood.
 */
export async function replayed({ root, reference, say, until }: Asked): Promise<string> {
  const top = join(root, '.kbuild-review', 'proof', 'bot')
  const name = `replay-${until}-${programOf(root)}`
  const directory = join(top, name)
  mkdirSync(top, { recursive: true })
  for (const other of readdirSync(top))
    if (other.startsWith(`replay-${until}-`) && other !== name) removeDirectory(join(top, other))
  if (existsSync(join(directory, 'ended'))) return directory
  say(`replaying linux-kbuild up to ${until}; this takes half an hour a year, and goes on where it was cut off`)
  const worker = join(import.meta.dirname, 'replay-worker.ts')
  const args = [worker, join(reference.lore, year.epoch), reference.tree612, directory, until]
  const ran = await runCommand(process.execPath, args, { cwd: root })
  if (ran.status !== 0) throw new Error(`the replay ended with ${ran.status ?? 'a signal'}: ${ran.stderr.slice(-2000)}`)
  writeFileSync(join(directory, 'ended'), '')
  return directory
}

/** Names the files that decide what a bot does. */
export function programOf(root: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  const rooms = ['src', 'rules', 'package-lock.json']
  return createHash('sha256')
    .update(git('ls-files', '--stage', ...rooms))
    .update(git('diff', 'HEAD', '--', ...rooms))
    .digest('hex')
    .slice(0, 16)
}

/** The mails of each version in the state of a replay, by its head. */
export function versionMails(state: string): ReadonlyMap<string, readonly string[]> {
  const database = new DatabaseSync(state, { readOnly: true })
  try {
    const rows = database
      .prepare(
        'select head, message_id as mail from versions join version_mails on version_mails.version = versions.id',
      )
      .all()
    const mails = rows.map(({ head, mail }) => ({ head: String(head), mail: String(mail) }))
    return new Map(
      [...Map.groupBy(mails, ({ head }) => head)].map(([head, own]) => [head, own.map(({ mail }) => mail)]),
    )
  } finally {
    database.close()
  }
}
