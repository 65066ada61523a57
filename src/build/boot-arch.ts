import type { ArchBuild } from './arch-build.ts'
import { bootCommand, bootDirectory, type GuestFiles } from './boot-command.ts'
import { bootKernel } from './boot.ts'
import { buildPaths } from './goal-command.ts'
import type { ArchRun, GoalNotRun, GoalRun } from './goal-run.ts'
import { goalsOf, planGoals, readConfigured, type PlannedGoal } from './plan.ts'
import type { BootPlan, Emulator } from './profile-schema.ts'
import type { CommandEnd, Sandbox } from './sandbox-model.ts'

/** What goals of make left in a sandbox. */
export type Bootable = {
  readonly run: ArchRun
  readonly hasPath: (path: string) => boolean
}

/** Boots what was built in an open sandbox, goal by goal. What the builds ran comes back with what was booted, and what was not. */
export async function bootArch(build: ArchBuild, sandbox: Sandbox, { run, hasPath }: Bootable): Promise<ArchRun> {
  const { arch, boots, signal } = build
  if (boots === undefined || boots.goals.length === 0 || run.goals.length === 0) return run
  const symbols = await readSymbols(build, sandbox)
  const planned = planGoals(boots.goals, { hasPath, isConfigured: (symbol) => symbols.has(symbol) })
  const built = new Set(run.goals.flatMap(({ goal, status }) => (status === 'ok' ? [goal] : [])))
  const goals: GoalRun[] = []
  const notRun: GoalNotRun[] = []
  for (const each of planned) {
    const { goal } = each
    const { boot } = goal
    const skipped = signal?.aborted === true ? interrupted : whySkipped(each, build, built)
    if (skipped !== null || boot === undefined || arch.qemu === undefined) {
      notRun.push({ arch: arch.name, goal: goal.id, ...(skipped ?? interrupted) })
      continue
    }
    build.onGoal?.(goal.id)
    goals.push(await bootOnce(goal.id, sandbox, { ...build, boot, emulator: arch.qemu, guest: boots.guest }))
  }
  await removeBoot(sandbox)
  return { ...run, goals: [...run.goals, ...goals], notRun: [...run.notRun, ...notRun] }
}

const interrupted = { kind: 'missing', reason: 'interrupted' } as const

/** What an architecture does not have need not be built: the image that one boots is vmlinux itself for another. */
function whySkipped(
  { goal, inapplicable }: PlannedGoal,
  { profile, arch, tier }: ArchBuild,
  built: ReadonlySet<string>,
): Pick<GoalNotRun, 'kind' | 'reason'> | null {
  if (inapplicable !== null) return { kind: 'inapplicable', reason: inapplicable }
  if (arch.qemu === undefined) return { kind: 'inapplicable', reason: 'the profile names no emulator for it' }
  const own = new Set(goalsOf(profile, arch, tier).map(({ id }) => id))
  const missing = goal.needs.find((id) => own.has(id) && !built.has(id))
  return missing === undefined ? null : { kind: 'blocked', reason: `needs \`${missing}\`, which was not built` }
}

type Boot = ArchBuild & { readonly boot: BootPlan; readonly emulator: Emulator; readonly guest: GuestFiles }

async function bootOnce(goal: string, sandbox: Sandbox, boot: Boot): Promise<GoalRun> {
  const { arch, emulator, guest, signal } = boot
  const command = bootCommand(boot.boot, arch, emulator)
  const options = { guest, seconds: boot.boot.seconds, ...(signal && { signal }) }
  const { status, exitCode, seconds, log, reason, tests } = await bootKernel(command, sandbox, options)
  const lacks = status === 'environment' && reason?.includes(`\`${emulator.program}\``) === true
  const advice = lacks ? `; apt-get install ${emulator.package}` : ''
  return {
    arch: arch.name,
    goal,
    ...command,
    paths: buildPaths,
    status,
    exitCode,
    seconds,
    log,
    reason: reason === null ? null : `${reason}${advice}`,
    outputDirectory: null,
    tests,
    files: Object.fromEntries(Object.entries(guest).map(([name, text]) => [`${bootDirectory}/${name}`, text])),
  }
}

/** Nothing of ours is left beside what make made. */
function removeBoot(sandbox: Sandbox): Promise<CommandEnd> {
  return sandbox.run({ command: ['rm', '-rf', '--', bootDirectory], directory: buildPaths.output, timeoutMs: 60_000 })
}

async function readSymbols({ signal }: ArchBuild, sandbox: Sandbox): Promise<ReadonlySet<string>> {
  const command = { command: ['cat', '.config'], directory: buildPaths.output, timeoutMs: 60_000 }
  const { status, log } = await sandbox.run({ ...command, ...(signal && { signal }) })
  return readConfigured(status === 'ok' ? log.text : '')
}
