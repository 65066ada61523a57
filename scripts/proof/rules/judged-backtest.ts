import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { levelOf } from '../../../rules/levels.ts'
import { readJudgedPatches } from '../../../src/app/judged-table.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { runReview } from '../run-command.ts'

const lineForm = z.looseObject({
  messageId: z.string(),
  findings: z.array(z.looseObject({ rule: z.string(), key: z.string(), path: z.string() })),
  error: z.string().optional(),
})
type Line = z.infer<typeof lineForm>

const windows = [
  { version: '6.1', since: '2022-07-01', until: '2023-07-01' },
  { version: '6.12', since: '2024-06-01', until: '2025-07-01' },
] as const

/** What the level of mails has to hold: right so often, over so many findings, on so few patches. */
const wanted = { precision: 0.95, findings: 40, shareOfPatches: 0.04 }

/** Two years of lists on the kernel of their time: every finding read, and those that may be mailed nearly all true. */
export async function proveJudgedBacktest({ root, reference, say }: ProofContext): Promise<Outcome> {
  const work = mkdtempSync(join(tmpdir(), 'kbuild-review-judged-'))
  try {
    const lines: Line[] = []
    for (const { version, since, until } of windows) {
      const tree = version === '6.1' ? reference.tree61 : reference.tree612
      const out = join(work, `${version}.jsonl`)
      say(`backtest ${since} to ${until} on ${version}`)
      const archives = ['linux-kbuild', 'live-patching'].map((name) => join(reference.lore, name))
      const range = ['--since', since, '--until', until, '--out', out]
      const ran = await runReview(root, ['backtest', '--archive', ...archives, '--tree', tree, ...range])
      if (ran.status !== 0)
        return { ok: false, figure: `backtest ended with ${ran.status ?? 'a signal'}: ${ran.stderr}` }
      lines.push(
        ...readFileSync(out, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => lineForm.parse(JSON.parse(line))),
      )
    }
    return judge(lines, join(root, 'test', 'real', 'judged.tsv'), say)
  } finally {
    removeDirectory(work)
  }
}

function judge(lines: readonly Line[], path: string, say: ProofContext['say']): Outcome {
  const text = readFileSync(path, 'utf8')
  const table = readJudgedPatches(text, path)
  if (table.kind === 'bad') return { ok: false, figure: table.problems.slice(0, 5).join('; ') }
  const findings = lines.flatMap((line) => line.findings.map((finding) => ({ ...finding, messageId: line.messageId })))
  const verdict = ({ rule, key }: { readonly rule: string; readonly key: string }): string =>
    table.verdicts.get(`${rule} ${key}`) ?? 'unread'
  const unread = findings.filter((finding) => verdict(finding) === 'unread')
  for (const { messageId, rule, path: file, key } of unread.slice(0, 40))
    say(`unread: ${messageId} ${file} ${rule} ${key}`)
  const mailed = findings.filter(({ rule }) => levelOf(rule) === 'mail')
  const right = mailed.filter((finding) => verdict(finding) === 'true').length
  const precision = mailed.length === 0 ? 0 : right / mailed.length
  const patches = new Set(mailed.map(({ messageId }) => messageId)).size
  const share = patches / lines.length
  const errors = lines.filter(({ error }) => error !== undefined).length
  const ok =
    precision >= wanted.precision &&
    mailed.length >= wanted.findings &&
    share <= wanted.shareOfPatches &&
    unread.length + errors === 0
  return {
    ok,
    figure: `${lines.length} patches, ${findings.length} findings, ${unread.length} unread, ${errors} errors; mail level: ${right} of ${mailed.length} true (${(precision * 100).toFixed(1)} %) on ${patches} patches (${(share * 100).toFixed(2)} %); ${raisedBefore(text)}`,
  }
}

/** How many of the true findings somebody else raised too, and how long that took. */
function raisedBefore(text: string): string {
  const rows = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'))
  const right = rows.filter((cells) => cells[7] === 'true')
  const raised = right.filter((cells) => cells[8] !== '-')
  const hours = raised
    .map((cells) => Number(cells[9]))
    .filter((each) => Number.isFinite(each))
    .sort((a, b) => a - b)
  const median = hours[Math.floor(hours.length / 2)]
  return `of ${right.length} true ones ${raised.length} were raised by others${median === undefined ? '' : `, half of them within ${median.toFixed(0)} hours`}`
}
