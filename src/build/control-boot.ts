import type { ArchBuild } from './arch-build.ts'
import { bootBase, bootsIn } from './base-boots.ts'
import type { BaseBuild, BaseTree, Workshop } from './base-build.ts'
import { endTest } from './boot.ts'
import type { ArchRun, GoalRun } from './goal-run.ts'

/** A boot that takes this many times what the base takes beside it, and does not end, hangs. */
const patience = 4

/**
 * Makes sure of boots that fail after a patch where the base's did not: the base is booted once more, now, with what is installed here now. Where it fails
 * as well, the machine is at fault; where it ends in a small part of the time that the patched kernel had in vain, that one hangs.
 */
export async function confirmBoots(
  run: ArchRun,
  build: ArchBuild,
  { base, tree, workshop }: { base: Extract<BaseBuild, { kind: 'base' }>; tree: BaseTree; workshop: Workshop },
): Promise<ArchRun> {
  const passed = new Set(bootsIn(base.run).flatMap(({ goal, status }) => (status === 'ok' ? [goal] : [])))
  const doubtful = bootsIn(run).filter(
    ({ goal, status }) => passed.has(goal) && (status === 'failed' || status === 'timeout'),
  )
  if (doubtful.length === 0 || build.boots === undefined || build.signal?.aborted === true) return run
  const asked = build.boots.goals.filter(({ id }) => doubtful.some(({ goal }) => goal === id))
  const made = { ...base.run, goals: base.run.goals.filter(({ tests }) => tests === undefined) }
  const again = { ...build, boots: { ...build.boots, goals: asked } }
  const control = bootsIn(await bootBase(again, { ...base, run: made }, { tree, workshop }))
  const goals = run.goals.map((each) =>
    doubtful.includes(each)
      ? confirmBoot(
          each,
          control.find(({ goal }) => goal === each.goal),
        )
      : each,
  )
  return { ...run, goals }
}

/** What is said of a boot that failed, when `control` is how the base's ended beside it. */
export function confirmBoot(boot: GoalRun, control: GoalRun | undefined): GoalRun {
  if (control?.status !== 'ok')
    return { ...boot, status: 'environment', reason: 'the base, booted again beside it, does not pass either' }
  if (boot.status !== 'timeout' || control.seconds * patience > boot.seconds) return boot
  const remark = `it hangs: no end in ${boot.seconds.toFixed(0)} s, where the base ends in ${control.seconds.toFixed(0)} s`
  const test = { outcome: 'fail', name: endTest, remark } as const
  return { ...boot, status: 'failed', reason: null, tests: [...(boot.tests ?? []), test] }
}
