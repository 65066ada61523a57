import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Reference } from '../../reference.ts'
import { openPlanting } from './planted.ts'
import type { Coming } from './public-inbox.ts'
import { year } from './replay-run.ts'

/** Mails that come to the list between two looks, and the planted ones of them that are to be answered. */
export type Batch = { readonly mails: readonly Coming[]; readonly answered: readonly string[]; readonly at: number }

export type BatchPlan = { readonly batches: number; readonly mailsEach: number; readonly plantedEach: number }

/** 1,000 mails, three series of them planted in each batch. */
export const wholePlan: BatchPlan = { batches: 20, mailsEach: 50, plantedEach: 3 }

/** The first mails of the year as they came to linux-kbuild, with series that we plant among them; `mailsEach` counts both. */
export function makeBatches(
  { lore, tree612 }: Reference,
  { batches, mailsEach, plantedEach }: BatchPlan,
): readonly Batch[] {
  const plant = openPlanting(tree612)
  const real = readMails(join(lore, year.epoch), batches * mailsEach)
  const made: Batch[] = []
  for (let batch = 0, next = 0; batch < batches; batch += 1) {
    const numbers = Array.from({ length: plantedEach }, (_, each) => batch * plantedEach + each)
    const size = numbers.flatMap((number) => plant.series(number, 0).mails).length
    const own = real.slice(next, next + mailsEach - size)
    next += own.length
    const at = Math.max(...own.map(({ arrivesAt }) => arrivesAt))
    const planted = numbers.map((number) => plant.series(number, at))
    const mails = [...own, ...planted.flatMap((each) => each.mails.map((raw) => ({ raw, arrivesAt: at })))]
    made.push({ mails, at: at + 60_000, answered: planted.flatMap(({ answered }) => answered) })
  }
  return made
}

function readMails(epoch: string, count: number): readonly Coming[] {
  const git = (...args: readonly string[]): Buffer =>
    execFileSync('git', ['--git-dir', epoch, ...args], { maxBuffer: 1 << 28 })
  const lines = git('log', '--reverse', '--topo-order', '--format=%H %ct', 'HEAD').toString().trimEnd().split('\n')
  return lines.slice(0, count).map((line) => {
    const [commit = '', seconds = ''] = line.split(' ')
    return { raw: git('cat-file', 'blob', `${commit}:m`), arrivesAt: Number(seconds) * 1000 }
  })
}
