import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../src/processes/remove-directory.ts'
import { rules } from '../rules/index.ts'
import { judgeSeries } from '../src/app/judge-series.ts'
import { openArchive, openKernel, openMailParser } from '../src/app/wire.ts'
import type { Message } from '../src/mail/message.ts'
import { openTree } from '../src/git/repository.ts'
import { createFacts } from '../src/review/facts.ts'
import { assembleSeries } from '../src/series/assemble.ts'
import type { Series } from '../src/series/series.ts'
import type { Bench } from './run.ts'

const patches = 100

/** The static review of single patches that apply to 6.12, beside scripts/checkpatch.pl of that tree on the same patches. */
export const bench: Bench = async (reference, say) => {
  const work = mkdtempSync(join(tmpdir(), 'kbuild-review-bench-'))
  const surroundings = { env: process.env, cacheDirectory: join(work, 'cache'), clock: Date.now }
  const opened = await openKernel(reference.tree612, surroundings)
  if (opened.kind === 'none') throw new Error(opened.reason)
  const { repository } = opened
  try {
    const judging = { repository, rules, facts: createFacts(), base: {} }
    const ours: number[] = []
    const beyondGit: number[] = []
    const worked: number[] = []
    const theirs: number[] = []
    say('the model of the kernel')
    const head = await openTree(repository, 'HEAD')
    if (head !== null) judging.facts.kernel(head, 'x86_64')
    for (const series of await singlePatches(join(reference.lore, 'linux-kbuild'), surroundings)) {
      if (ours.length === patches) break
      const started = performance.now()
      const cpu = process.cpuUsage()
      const { application, timing } = await judgeSeries(series, judging)
      if (application.kind !== 'applied') continue
      const taken = performance.now() - started
      ours.push(taken)
      beyondGit.push(taken - (timing['apply'] ?? 0))
      const { user, system } = process.cpuUsage(cpu)
      worked.push((user + system) / 1000)
      theirs.push(checkpatch(reference.tree612, join(work, 'patch'), series))
      if (ours.length % 10 === 0) say(`${ours.length}/${patches} patches`)
    }
    return [
      `${ours.length} patches, static review ${both(ours)}, without git ${both(beyondGit)}; CPU of this process ${both(worked)}; checkpatch.pl ${both(theirs)}; ratio p50 ${(quantile(ours, 0.5) / quantile(theirs, 0.5)).toFixed(3)}, p95 ${(quantile(ours, 0.95) / quantile(theirs, 0.95)).toFixed(3)}`,
    ]
  } finally {
    await repository.close()
    removeDirectory(work)
  }
}

type Surroundings = Parameters<typeof openArchive>[1]

/** The complete series of one patch that the archive has of a year, oldest first. */
async function singlePatches(archive: string, surroundings: Surroundings): Promise<readonly Series[]> {
  const parser = openMailParser()
  const source = await openArchive(archive, surroundings, { parser })
  const messages: Message[] = []
  for await (const { result } of source.since({ since: Date.UTC(2024, 5, 1), until: Date.UTC(2025, 6, 1) })) {
    if (result.kind === 'message') messages.push(result.message)
  }
  await source.close()
  await parser.close()
  return assembleSeries(messages, { maxMessages: messages.length }).filter(
    ({ expected, patches: held }) => expected === 1 && held.length === 1,
  )
}

function checkpatch(tree: string, path: string, { patches: [patch] }: Series): number {
  writeFileSync(path, Buffer.from(`Subject: ${patch?.envelope.subject ?? ''}\n\n${patch?.bytes ?? ''}`, 'latin1'))
  const started = performance.now()
  spawnSync('perl', ['scripts/checkpatch.pl', '--no-summary', '--terse', path], { cwd: tree, stdio: 'ignore' })
  return performance.now() - started
}

function both(times: readonly number[]): string {
  return `p50 ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms`
}

function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
