import type { BuildProgress } from '../build/series-build.ts'
import type { Terminal } from './terminal.ts'

/** Shows what each architecture is at, side by side, where there is a terminal to show it on. */
export function showBuilds({ progress }: Pick<Terminal, 'progress'>): (at: BuildProgress) => void {
  const current = new Map<string, string>()
  return ({ arch, goal, step }) => {
    current.set(arch, `${arch} ${step === null ? '' : `${step} `}${goal}`)
    progress.update(`building ${[...current.values()].join(' | ')}`)
  }
}
