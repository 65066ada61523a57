import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import type { Outcome, ProofContext } from './check.ts'
import { seededRandom } from './mutate-mail.ts'
import { runReview } from './run-command.ts'

/** Patches that apply to 6.12 with series and fuzz; plain `git apply` alone manages 589. */
const leastApplied = 650
/** How often the second run is killed before it may end. */
const kills = 5

const lineForm = z.looseObject({
  messageId: z.string(),
  applies: z.enum(['clean', 'fuzz', 'no']),
  error: z.string().optional(),
  ms: z.number(),
})
type Line = z.infer<typeof lineForm>

/** A year of linux-kbuild on 6.12: every patch mail has a line, no error, and a run that is killed five times ends with the same file. */
export async function proveBacktest({ root, reference, say }: ProofContext): Promise<Outcome> {
  const work = mkdtempSync(join(tmpdir(), 'kbuild-review-backtest-'))
  try {
    const before = stateOf(reference.tree612)
    const whole = join(work, 'whole.jsonl')
    const cut = join(work, 'cut.jsonl')
    const args = (out: string): string[] => [
      ...['backtest', '--archive', join(reference.lore, 'linux-kbuild'), '--tree', reference.tree612],
      ...['--since', '2024-06-01', '--until', '2025-07-01', '--out', out],
    ]
    const started = Date.now()
    const ran = await runReview(root, args(whole))
    const ms = Date.now() - started
    if (ran.status !== 0) throw new Error(`backtest ended with ${ran.status ?? 'a signal'}: ${ran.stderr}`)
    const random = seededRandom(20_250_701)
    for (let kill = 1; kill <= kills; kill += 1) {
      say(`killing the second run, ${kill}/${kills}`)
      await runReview(root, args(cut), { killAfterMs: 5000 + (random() * ms) / kills })
    }
    await runReview(root, args(cut))
    const lines = readLines(whole)
    const missing = patchMails(reference.lore, '2024-06-01', '2025-07-01').filter(
      (id) => !lines.some(({ messageId }) => messageId === id),
    )
    const applied = lines.filter(({ applies }) => applies !== 'no').length
    const errors = lines.filter(({ error }) => error !== undefined).length
    const difference = firstDifference(lines, readLines(cut))
    const untouched = before === stateOf(reference.tree612)
    const ok = missing.length === 0 && errors === 0 && applied >= leastApplied && difference === null && untouched
    const fuzz = lines.filter(({ applies }) => applies === 'fuzz').length
    return {
      ok,
      figure: `${lines.length} patches in ${Math.round(ms / 1000)} s, ${missing.length} without a line${missing.length > 0 ? ` (${missing.slice(0, 5).join(' ')})` : ''}, ${errors} errors, ${applied} apply (${fuzz} with fuzz), after ${kills} kills ${difference ?? 'the same file'}, tree ${untouched ? 'untouched' : 'CHANGED'}`,
    }
  } finally {
    removeDirectory(work)
  }
}

function readLines(path: string): Line[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => lineForm.parse(JSON.parse(line)))
}

/** Where two runs differ, but for what time took; null where they do not. */
function firstDifference(whole: readonly Line[], cut: readonly Line[]): string | null {
  const text = (line: Line | undefined): string => JSON.stringify({ ...line, ms: 0 })
  const at = Array.from({ length: Math.max(whole.length, cut.length) }, (_, index) => index).find(
    (index) => text(whole[index]) !== text(cut[index]),
  )
  return at === undefined
    ? null
    : `ANOTHER FILE from line ${at + 1} of ${whole.length} against ${cut.length} on: ${whole[at]?.messageId ?? 'no line'} against ${cut[at]?.messageId ?? 'no line'}`
}

/** What a run must not change in the user's repository: status, refs, worktrees, and the names of all files of the git directory. */
function stateOf(tree: string): string {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', tree, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const files = execFileSync('find', [join(tree, '.git'), '-type', 'f'], { encoding: 'utf8', maxBuffer: 1 << 28 })
  return [
    git('status', '--porcelain'),
    git('for-each-ref'),
    git('worktree', 'list'),
    files.split('\n').sort().join('\n'),
  ].join('\0')
}

/** The Message-IDs of patch mails, found without our own code: a subject with [...PATCH...] that is no reply, and a diff. */
function patchMails(lore: string, since: string, until: string): string[] {
  const script = join(import.meta.dirname, 'list-patch-mails.py')
  const output = execFileSync('python3', [script, join(lore, 'linux-kbuild'), since, until], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return output.split('\n').filter((line) => line !== '')
}
