import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { rules } from '../../../rules/index.ts'
import { judgeSeries } from '../../../src/app/judge-series.ts'
import { openModels } from '../../../src/app/kept-models.ts'
import { openArchive, openKernel, openMailParser } from '../../../src/app/wire.ts'
import type { Message } from '../../../src/mail/message.ts'
import { createFacts } from '../../../src/review/facts.ts'
import type { Review } from '../../../src/review/review.ts'
import { assembleSeries } from '../../../src/series/assemble.ts'
import type { Series } from '../../../src/series/series.ts'
import type { Outcome, ProofContext } from '../check.ts'

const objectionForm = z.looseObject({
  patch: z.string(),
  reply: z.string(),
  date: z.string(),
  file: z.string(),
  category: z.string(),
  decidableBy: z.enum(['text', 'evaluation', 'build', 'human', 'none']),
})
type Objection = z.infer<typeof objectionForm>

/** The share of the objections that is to be found at the file that the reviewer objected to. */
const wanted = 0.6

const outcomes = ['found', 'missed', 'does not apply'] as const

type Answer = { readonly objection: Objection; readonly outcome: (typeof outcomes)[number] }

/**
 * The file that a mail objects to where the table has another, which is that of the last hunk quoted, by the id of the mail: "arch/riscv/
 * Makefile.postlink:41: *** missing 'endif'. [...] I think you need to put that deleted "endif" back in."
 */
const namedFiles: ReadonlyMap<string, string> = new Map([
  ['82c4c224-1e3a-4fe1-8bec-a9a3d82cbf3f@w6rz.net', 'arch/riscv/Makefile.postlink'],
])

/** What reviewers objected to and a program can decide, where the patch applies alone or in its series. */
export async function proveObjections({ root, reference, say }: ProofContext): Promise<Outcome> {
  const lines = readFileSync(join(reference.shared, 'cases', 'objections.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
  const objections = lines
    .map((line) => objectionForm.parse(JSON.parse(line)))
    .filter(({ decidableBy }) => decidableBy === 'text' || decidableBy === 'evaluation')
  const answers: Answer[] = []
  for (const [tree, from, until] of [
    [reference.tree61, '2022-07-01', '2023-07-15'],
    [reference.tree612, '2024-06-01', '2025-07-15'],
  ] as const) {
    const asked = objections.filter(({ date }) => date >= from && date < until)
    say(`${asked.length} objections of ${from} to ${until}`)
    answers.push(...(await answersOn(tree, asked, { reference, from, until })))
  }
  const reasons = reasonsIn(readFileSync(join(root, 'test', 'real', 'objections-missed.tsv'), 'utf8'))
  const count = (outcome: Answer['outcome']): number => answers.filter((each) => each.outcome === outcome).length
  const missed = answers.filter(({ outcome }) => outcome === 'missed')
  const unexplained = missed.filter(({ objection }) => !reasons.has(`${objection.reply} ${objection.file}`))
  for (const { objection } of answers.filter(({ outcome }) => outcome === 'found'))
    say(`found: ${objection.file} ${objection.reply}`)
  for (const { objection } of missed)
    say(
      `missed: ${objection.file} ${objection.reply}: ${reasons.get(`${objection.reply} ${objection.file}`) ?? 'NOT EXPLAINED'}`,
    )
  const applied = count('found') + count('missed')
  const share = applied === 0 ? 0 : count('found') / applied
  return {
    ok: share >= wanted && unexplained.length === 0,
    figure: `${objections.length} objections that a program can decide, ${applied} of patches that apply: ${count('found')} found (${(share * 100).toFixed(0)} %), ${missed.length} missed, ${unexplained.length} of them not explained; ${count('does not apply')} do not apply`,
  }
}

type Window = { readonly reference: ProofContext['reference']; readonly from: string; readonly until: string }

async function answersOn(tree: string, objections: readonly Objection[], window: Window): Promise<readonly Answer[]> {
  const work = mkdtempSync(join(tmpdir(), 'kbuild-review-objections-'))
  const surroundings = { env: process.env, cacheDirectory: join(work, 'cache'), clock: Date.now }
  const opened = await openKernel(tree, surroundings)
  if (opened.kind === 'none') throw new Error(opened.reason)
  const { repository } = opened
  try {
    const facts = createFacts({ model: openModels(repository, surroundings).model })
    const series = await seriesOf(window, surroundings)
    const reviews = new Map<Series, Review>()
    const answers: Answer[] = []
    for (const objection of objections) {
      const held = series.find(({ patches }) => patches.some(({ envelope }) => envelope.id === objection.patch))
      if (held === undefined) continue
      const judge = (asked: Series): Promise<Review> => judgeSeries(asked, { repository, rules, facts, base: {} })
      const review = reviews.get(held) ?? (await judge(held))
      reviews.set(held, review)
      const alone = { ...held, patches: held.patches.filter(({ envelope }) => envelope.id === objection.patch) }
      const isCutShort = review.application.kind !== 'applied' && held.patches.length > 1
      const judged = [review, ...(isCutShort ? [await judge(alone)] : [])].map((each) => outcomeOf(objection, each))
      const outcome = outcomes.find((each) => judged.includes(each)) ?? 'does not apply'
      answers.push({ objection, outcome })
    }
    return answers
  } finally {
    await repository.close()
    removeDirectory(work)
  }
}

function outcomeOf(
  { patch: id, reply, file }: Objection,
  { series, application, findings }: Review,
): Answer['outcome'] {
  const patch = series.patches.find(({ envelope }) => envelope.id === id)
  if (patch === undefined || application.kind === 'no-base') return 'does not apply'
  const isRefused = application.kind === 'conflict' && patch.index >= application.first.index
  // Of a patch that the tree has already, nothing is new.
  const isThere = application.patches.some(
    (each) => each.index === patch.index && each.kind === 'applied' && each.how === 'already-applied',
  )
  if (isRefused || isThere) return 'does not apply'
  const isFound = findings.some(
    (finding) => finding.patch === patch.index && finding.path === (namedFiles.get(reply) ?? file),
  )
  return isFound ? 'found' : 'missed'
}

async function seriesOf(
  { reference, from, until }: Window,
  surroundings: Parameters<typeof openArchive>[1],
): Promise<readonly Series[]> {
  const parser = openMailParser()
  const messages = new Map<string, Message>()
  for (const archive of ['linux-kbuild', 'live-patching']) {
    const source = await openArchive(join(reference.lore, archive), surroundings, { parser })
    for await (const { result } of source.since({ since: Date.parse(from), until: Date.parse(until) })) {
      if (result.kind === 'message') messages.set(result.message.id, result.message)
    }
    await source.close()
  }
  await parser.close()
  return assembleSeries([...messages.values()], { maxMessages: messages.size })
}

/** Lines of tabs: reply, file, why no rule finds it. */
function reasonsIn(table: string): ReadonlyMap<string, string> {
  const rows = table.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    rows.map((line) => line.split('\t')).map(([reply = '', file = '', why = '']) => [`${reply} ${file}`, why]),
  )
}
