/**
 * Mutates mails and puts each through what `check` does, in one process; a crash ends it, which is the point.
 *
 * usage: node hostile-worker.ts JSON   {tree, lore, demo, from, to, out}
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { rules } from '../../rules/index.ts'
import { collectSeries } from '../../src/app/collect-series.ts'
import { judgeSeries } from '../../src/app/judge-series.ts'
import { openFiles, openKernel, openMailParser } from '../../src/app/wire.ts'
import { renderJson } from '../../src/outlets/json.ts'
import { renderReview } from '../../src/outlets/terminal.ts'
import { createFacts } from '../../src/review/facts.ts'
import { heavyMutations, mutations, seededRandom } from './mutate-mail.ts'

/** A mail that takes longer is a failure (milliseconds). */
const limitMs = 5000
/** One in so many mutations is of the heavy kind. */
const heavyEvery = 100

const settings = z
  .object({ tree: z.string(), lore: z.string(), demo: z.string(), from: z.number(), to: z.number(), out: z.string() })
  .parse(JSON.parse(process.argv[2] ?? '{}'))

/** Patches written for the demo's tree, which apply, and real ones of both lists. */
function seedMails(): Buffer[] {
  const demo = readdirSync(settings.demo).map((name) => readFileSync(join(settings.demo, name)))
  const real = [join(settings.lore, 'linux-kbuild/git/1.git'), join(settings.lore, 'live-patching/git/0.git')].flatMap(
    (repository) => {
      const git = (...args: string[]): Buffer =>
        execFileSync('git', ['-C', repository, ...args], { maxBuffer: 1 << 28 })
      const commits = git('log', '--format=%H', '-600').toString().trim().split('\n')
      return commits.filter((_, index) => index % 10 === 0).map((commit) => git('show', `${commit}:m`))
    },
  )
  return [...Array.from({ length: 10 }, () => demo).flat(), ...real]
}

const seeds = seedMails()
const opened = await openKernel(settings.tree, {
  env: process.env,
  cacheDirectory: join(process.env['TMPDIR'] ?? '', 'cache'),
  clock: Date.now,
})
if (opened.kind === 'none') throw new Error(opened.reason)
const { repository } = opened
const parser = openMailParser()
const surroundings = { env: process.env, cacheDirectory: '', clock: Date.now }
const judging = { repository, rules, facts: createFacts(), base: {} }

async function check(bytes: Buffer): Promise<void> {
  const source = await openFiles([{ kind: 'bytes', name: '(standard input)', bytes }], surroundings, parser)
  const { series } = await collectSeries(source)
  for (const each of series) {
    const review = await judgeSeries(each, judging)
    renderJson(review)
    renderReview(review, { colour: true })
  }
}

const names = Object.keys(mutations)
const heavyNames = Object.keys(heavyMutations)
const slow: string[] = []
const crashes: string[] = []
let slowestMs = 0
let judged = 0
for (let number = settings.from; number < settings.to; number += 1) {
  const random = seededRandom(number + 1)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T // never empty
  const heavy = number % heavyEvery === 0
  const name = pick(heavy ? heavyNames : names)
  const mutate = (heavy ? heavyMutations : mutations)[name]
  if (!mutate) throw new Error(`no mutation ${name}`)
  const mutated = mutate(pick(seeds), random, seeds)
  const started = performance.now()
  try {
    await check(mutated)
  } catch (error) {
    crashes.push(`${number} ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
  const ms = Math.round(performance.now() - started)
  slowestMs = Math.max(slowestMs, ms)
  if (ms > limitMs) slow.push(`${number} ${name}: ${ms} ms`)
  judged += 1
}
await repository.close()
await parser.close()
writeFileSync(settings.out, JSON.stringify({ judged, slowestMs, slow, crashes: crashes.slice(0, 50) }))
