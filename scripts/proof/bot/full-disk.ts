import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { ProofContext } from '../check.ts'
import { runCommand } from '../run-command.ts'

/** Bytes of the disk that the bot's state lies on. */
const diskBytes = 3_000_000

/** A bot whose disk is full when mails come and a series is judged, and has room again later. Gives what went wrong. */
export async function fullDisk({ root, reference }: ProofContext): Promise<readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'kbuild-review-full-'))
  try {
    const state = join(directory, 'small-disk')
    const program = join(import.meta.dirname, 'full-disk-worker.ts')
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', program]
    const args = [
      ...['--dev-bind', '/', '/', '--size', String(diskBytes), '--tmpfs', state, '--die-with-parent'],
      ...[...node, root, JSON.stringify(reference), directory, state],
    ]
    const { status, stdout, stderr } = await runCommand('bwrap', args, { cwd: root })
    if (status !== 0) return [`it ended with ${status ?? 'a signal'}: ${stderr.slice(-1500)}`]
    return stdout.split('\n').filter((line) => line !== '')
  } finally {
    removeDirectory(directory)
  }
}
