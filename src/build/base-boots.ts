import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { ArchBuild } from './arch-build.ts'
import { ccacheIn } from './ccache.ts'
import { bootArch } from './boot-arch.ts'
import { bootCommand } from './boot-command.ts'
import type { BaseBuild, BaseTree, Workshop } from './base-build.ts'
import type { Made } from './build-cache.ts'
import type { ArchRun, GoalRun } from './goal-run.ts'
import { openSandbox } from './sandbox.ts'
import { findTool } from './tools.ts'

type Finished = Extract<BaseBuild, { kind: 'base' }>
type Place = { readonly tree: BaseTree; readonly workshop: Workshop }

/** The run of a finished base with its boots: found where they were kept, else booted, a second time where one fails. */
export async function ensureBaseBoots(build: ArchBuild, base: Finished, place: Place): Promise<ArchRun> {
  if (build.boots === undefined || build.boots.goals.length === 0) return base.run
  const made: { run: ArchRun } = { run: base.run }
  const make = async (directory: string): Promise<Made> => {
    const first = await bootBase(build, base, place)
    made.run = first.goals.some(isFailed) ? await bootBase(build, base, place) : first
    const reason = build.signal?.aborted === true ? 'interrupted' : whyUnfinished(made.run, build)
    if (reason !== null) return { kind: 'failed', reason }
    writeFileSync(join(directory, 'run.json'), JSON.stringify(made.run))
    return { kind: 'made' }
  }
  const name = `boot-${await keyOf(build, base)}`
  const outcome = await place.workshop.cache.get(name, make, build.signal)
  if (outcome.kind === 'failed') return made.run
  // We wrote the file ourselves, in a directory that nobody else can write.
  const kept = JSON.parse(readFileSync(join(outcome.entry.path, 'run.json'), 'utf8')) as ArchRun
  outcome.entry.release()
  return {
    ...base.run,
    goals: [...base.run.goals, ...bootsIn(kept)],
    notRun: [...base.run.notRun, ...kept.notRun.filter(({ goal }) => isBoot(goal, build))],
  }
}

/** Boots a finished base now, in a sandbox of its own. */
export async function bootBase(build: ArchBuild, base: Finished, { tree, workshop }: Place): Promise<ArchRun> {
  const opened = await openSandbox({
    support: workshop.support,
    limits: build.profile.limits,
    ground: { kind: 'layers', layers: base.layers },
    evidence: null,
    directories: build.toolchain.directories,
    place: build.arch.name,
    ...ccacheIn(build.toolchain, 'readable'),
  })
  if (opened.kind === 'failed') {
    const why = { arch: build.arch.name, kind: 'missing', reason: opened.reason } as const
    const notRun = build.boots?.goals.map(({ id }) => ({ ...why, goal: id })) ?? []
    return { ...base.run, notRun: [...base.run.notRun, ...notRun] }
  }
  try {
    return await bootArch(build, opened.sandbox, { run: base.run, hasPath: tree.hasPath })
  } finally {
    await opened.sandbox.close()
  }
}

/** The goals of a run that booted. */
export function bootsIn({ goals }: ArchRun): readonly GoalRun[] {
  return goals.filter(({ tests }) => tests !== undefined)
}

/** Why boots are not kept: what this machine lacked may be there the next time. */
function whyUnfinished(run: ArchRun, build: ArchBuild): string | null {
  const ended = bootsIn(run).find(({ status }) => status !== 'ok' && status !== 'failed')
  const lacking = run.notRun.find(({ goal, kind }) => kind === 'missing' && isBoot(goal, build))
  return ended === undefined ? (lacking?.reason ?? null) : (ended.reason ?? ended.status)
}

function isFailed({ tests, status }: GoalRun): boolean {
  return tests !== undefined && (status === 'failed' || status === 'timeout')
}

function isBoot(goal: string, { boots }: ArchBuild): boolean {
  return boots?.goals.some(({ id }) => id === goal) ?? false
}

/** What was built, and what boots it with what. */
async function keyOf({ arch, boots }: ArchBuild, { layers: [layer = ''] }: Finished): Promise<string> {
  const emulator = arch.qemu
  const goals = boots?.goals.map((goal) => [
    goal.id,
    goal.when,
    goal.needs,
    goal.boot && emulator && [goal.boot.seconds, bootCommand(goal.boot, arch, emulator)],
  ])
  const version = emulator === undefined ? null : (await findTool(emulator.program)).version
  const made = [basename(dirname(layer)), version, boots?.guest, goals]
  return createHash('sha256').update(JSON.stringify(made)).digest('hex')
}
