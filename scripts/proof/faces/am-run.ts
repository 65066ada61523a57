import type { KernelCopy } from './kernel-copy.ts'
import type { RealRun } from './real-runs.ts'

/** What became of mails that git applied with the hook. */
export type AmRun = {
  /** What each stop told: places and rules, sorted. */
  readonly stops: readonly (readonly string[])[]
  readonly unjudged: readonly string[]
  readonly head: string
  /** Until the end, or until the first stop. */
  readonly ms: number
}

/** Applies mails with the hook, and goes on at each stop. */
export function amRun({ paths }: RealRun, copy: KernelCopy): AmRun {
  const stops: (readonly string[])[] = []
  let ran = copy.git(['am', ...paths], 'on')
  const { ms } = ran
  let said = ran.output
  while (ran.status === 1 && stops.length < paths.length) {
    stops.push(toldIn(ran.output))
    ran = copy.git(['am', '--continue'], 'on')
    said += ran.output
  }
  const head = copy.git(['rev-parse', 'HEAD']).stdout.trim()
  copy.reset()
  return { stops, unjudged: said.match(/^kbuild-review: not judged.*$/gm) ?? [], head, ms }
}

/** Findings as the terminal tells them, `PATH:LINE:COLUMN: SEVERITY: ... [RULE]`: places and rules, sorted. */
function toldIn(output: string): readonly string[] {
  const told = output.matchAll(/^(\S+): (?:error|warning): .*\[([a-z0-9-]+)\]$/gm)
  return [...told].map(([, at = '', rule = '']) => `${at} ${rule}`).sort()
}
