/**
 * `npm run demo`: the main job, end to end, on a small archive and tree that come with the project: mails are read,
 * the series is assembled and applied, its patches are judged, and the replies are printed as they would be mailed.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { removeDirectory } from '../src/processes/remove-directory.ts'
import { rules } from '../rules/index.ts'
import { collectSeries } from '../src/app/collect-series.ts'
import { draftMails, toMail } from '../src/app/draft-replies.ts'
import { judgeSeries } from '../src/app/judge-series.ts'
import { openArchive, openKernel, openMailParser, type Surroundings } from '../src/app/wire.ts'
import type { Series } from '../src/series/series.ts'
import { createFacts } from '../src/review/facts.ts'
import { layOutArchive, layOutTree } from './demo/lay-out.ts'

const root = resolve(import.meta.dirname, '..')

/** When the demo takes place: two hours after the last mail of its archive. */
const now = Date.UTC(2025, 2, 4, 13, 20)

const bold =
  process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
    ? (text: string) => `\u001b[1m${text}\u001b[0m`
    : (text: string) => text

function heading(text: string): void {
  process.stdout.write(`\n${bold(text)}\n\n`)
}

function line(text: string): void {
  process.stdout.write(`  ${text}\n`)
}

function tellSeries(series: Series): void {
  line(
    `v${series.version} ${series.subject}: ${series.patches.length} of ${series.expected} patches${series.supersededBy === null ? '' : ', superseded'}`,
  )
  for (const { index, title, trailers } of series.patches) {
    const given = trailers.filter(({ from }) => from !== null).map(({ name, value }) => `; ${name}: ${value}`)
    line(`  ${index}/${series.expected} ${title}${given.join('')}`)
  }
  for (const guess of series.inferred) line(`  inferred: ${guess}`)
}

async function run(work: string): Promise<void> {
  const surroundings: Surroundings = { env: process.env, cacheDirectory: join(work, 'cache'), clock: () => now }
  const archive = layOutArchive(join(root, 'demo', 'mails'), join(work, 'linux-boards'))
  const tree = layOutTree(join(root, 'demo', 'tree'), join(work, 'tree'))
  const parser = openMailParser()
  const source = await openArchive(archive, surroundings, { parser })
  const opened = await openKernel(tree, surroundings)
  if (opened.kind === 'none') throw new Error(opened.reason)
  try {
    heading('1. Mails become series')
    const { series, refused } = await collectSeries(source)
    for (const each of series) tellSeries(each)
    for (const reason of refused) line(reason)

    for (const each of series.filter(({ supersededBy }) => supersededBy === null)) {
      const review = await judgeSeries(each, { repository: opened.repository, rules, facts: createFacts(), base: {} })
      heading('2. The series is applied, without a checkout')
      if (review.application.kind !== 'no-base') {
        const { base, patches } = review.application
        line(`on ${base.commit.slice(0, 12)}: ${base.detail}`)
        for (const outcome of patches)
          line(
            `${outcome.index}/${each.expected} ${outcome.kind === 'applied' ? `${outcome.how} ${outcome.detail}` : 'refused'}`,
          )
      }
      heading(`3. ${rules.length} rules judge each patch, before and after`)
      for (const { rule, path, line: at, patch } of review.findings)
        line(`${rule} at ${path}:${at}, brought by patch ${patch ?? 0}`)
      for (const { what, why } of review.notRun) line(`not judged: ${what}: ${why}`)
      heading('4. What would be mailed, if the list had asked for it')
      const identity = {
        from: { name: 'kbuild-review', address: 'review@boards.example' },
        replyTo: { name: 'Ida Holm', address: 'ida@boards.example' },
      }
      // All that its rules say is shown, also by those that have not earned to speak on a list.
      const speaks = (): boolean => true
      const cc = ['linux-boards@lists.example', 'live-patching@lists.example']
      const correspondence = { identity, cc, now, asked: false, ruleCount: rules.length, speaks }
      const { replies, silent } = draftMails(review, correspondence)
      for (const { why } of silent) line(`silent: ${why}`)
      const mails = replies.map((reply) => Buffer.from(toMail(reply, correspondence, 'lf')).toString('utf8'))
      process.stdout.write(mails.join(`\n${'='.repeat(72)}\n\n`))
    }
  } finally {
    await source.close()
    await opened.repository.close()
    await parser.close()
  }
}

const work = mkdtempSync(join(tmpdir(), 'kbuild-review-demo-'))
try {
  await run(work)
} finally {
  removeDirectory(work)
}
