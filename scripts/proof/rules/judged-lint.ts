import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readJudgedTree } from '../../../src/app/judged-table.ts'
import { describeStarts, lintCold } from '../../cold-lint.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { liveDefects } from './live-defects.ts'

const lintForm = z.looseObject({
  findings: z.array(z.looseObject({ rule: z.string(), path: z.string(), line: z.number() })),
  notRun: z.array(z.unknown()),
})

/** A lint of a whole kernel, cold. */
const mostSeconds = 8

/** Every finding on both kernels is in the table of those that were read, none is false, and the known defects are among them. */
export async function proveJudgedLint(context: ProofContext): Promise<Outcome> {
  const { reference, say } = context
  const outcomes: Outcome[] = []
  for (const [version, tree] of [
    ['6.12', reference.tree612],
    ['6.1', reference.tree61],
  ] as const) {
    say(`lint ${version}`)
    outcomes.push(await proveVersion(context, version, tree))
  }
  return { ok: outcomes.every(({ ok }) => ok), figure: outcomes.map(({ figure }) => figure).join('; ') }
}

async function proveVersion({ root, say }: ProofContext, version: string, tree: string): Promise<Outcome> {
  const { stdout, seconds } = await lintCold(root, tree)
  const { findings, notRun } = lintForm.parse(JSON.parse(stdout))
  const path = join(root, 'test', 'real', `lint-${version}.tsv`)
  const table = readJudgedTree(readFileSync(path, 'utf8'), path)
  if (table.kind === 'bad') return { ok: false, figure: table.problems.slice(0, 5).join('; ') }
  const verdict = (finding: (typeof findings)[number]): string =>
    table.verdicts.get(`${finding.path} ${finding.line} ${finding.rule}`) ?? 'unread'
  const wrong = findings.filter((finding) => verdict(finding) === 'false')
  const unread = findings.filter((finding) => verdict(finding) === 'unread')
  for (const { rule, path: file, line } of [...wrong, ...unread].slice(0, 40))
    say(`${version}: ${file}:${line} ${rule}`)
  const missed =
    version === '6.12'
      ? liveDefects.filter(
          (known) => !findings.some(({ rule, path: file }) => rule === known.rule && known.path.test(file)),
        )
      : []
  for (const known of missed) say(`${version}: not found: ${known.rule} ${String(known.path)}`)
  const { median, text } = describeStarts(seconds)
  const figure = `${version}: ${findings.length} findings in ${text}, wanted ${mostSeconds}, ${wrong.length} false, ${unread.length} unread, ${notRun.length} rules that failed${version === '6.12' ? `, ${liveDefects.length - missed.length} of ${liveDefects.length} known defects` : ''}`
  const isRight = wrong.length + unread.length + notRun.length + missed.length === 0 && findings.length > 0
  return { ok: isRight && median <= mostSeconds, figure }
}
