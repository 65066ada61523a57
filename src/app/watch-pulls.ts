import type { PullRequest } from '../sources/github.ts'
import { troubleOf } from './github-trouble.ts'
import { reviewPull, type PullDesk, type PullOutcome } from './review-pull.ts'

/** What is told of a pull request that was looked at; `broken` is a mistake of ours, which stops nothing else. */
export type WatchReport = PullOutcome | { readonly kind: 'broken'; readonly error: Error }

/** Looks after the pull requests of one repository, one at a time. */
export type PullWatch = {
  /** Looks at one soon; however often it is poked meanwhile, once more after that. */
  poke(number: number): void
  /** Looks at all open ones that are not as they were, and at those that were left for later; where GitHub does not answer, it says why. */
  sweep(): Promise<{ readonly kind: 'swept' } | { readonly kind: 'later'; readonly why: string }>
  /** Settles when nothing is left to do. */
  idle(): Promise<void>
}

type Waiting = Map<number, number>

/** Starts nothing by itself: the caller sweeps from time to time, and pokes where a webhook says so. */
export function createPullWatch(desk: PullDesk, report: (number: number, outcome: WatchReport) => void): PullWatch {
  const pending = new Set<number>()
  const waiting: Waiting = new Map()
  /** The open pull requests as they were when they were last looked at. */
  const settled = new Map<number, string>()
  let running: Promise<void> | null = null

  const work = async (): Promise<void> => {
    for (const number of pending) {
      pending.delete(number)
      const outcome = await look(number, desk)
      if (outcome.kind === 'later') waiting.set(number, desk.now() + outcome.ms)
      report(number, outcome)
    }
    running = null
  }
  const poke = (number: number): void => {
    waiting.delete(number)
    pending.add(number)
    running ??= work()
  }
  return {
    poke,
    sweep: async () => {
      for (const [number, at] of waiting) if (at <= desk.now()) poke(number)
      try {
        const open = await desk.source.open()
        if (open.kind === 'pulls') for (const number of changedSince(settled, open.pulls)) poke(number)
        return { kind: 'swept' }
      } catch (error) {
        const trouble = troubleOf(error, desk.now())
        if (trouble === null) throw error
        return { kind: 'later', why: trouble.why }
      }
    },
    idle: async () => {
      while (running !== null) await running
    },
  }
}

async function look(number: number, desk: PullDesk): Promise<WatchReport> {
  try {
    return await reviewPull(number, desk)
  } catch (error) {
    return { kind: 'broken', error: error instanceof Error ? error : new Error(String(error)) }
  }
}

/** The numbers of pull requests that are not as they were, and remembers how they are; closed ones are forgotten. */
function changedSince(settled: Map<number, string>, pulls: readonly PullRequest[]): readonly number[] {
  const open = new Set(pulls.map(({ number }) => number))
  for (const number of settled.keys()) if (!open.has(number)) settled.delete(number)
  return pulls.flatMap((pull) => {
    const { number, head, base, draft, updatedAt } = pull
    const key = [head, base, draft, updatedAt].join(' ')
    if (settled.get(number) === key) return []
    settled.set(number, key)
    return [number]
  })
}
