import { assertNever } from '../text/assert-never.ts'
import type { Condition, Profile, ProfileArch, ProfileGoal, Tier } from './profile-schema.ts'

/** What a tree says about itself, as far as goals ask for it. */
export type TreeFacts = {
  /** Whether the tree has a file or directory at this path. */
  readonly hasPath: (path: string) => boolean
  /** Whether the configuration that the tree made has a symbol, named without CONFIG_, as y or m. */
  readonly isConfigured: (symbol: string) => boolean
}

/** What is done with a kernel that was built: `boot` tries it, `test` runs its tests too. */
export type BootStage = 'boot' | 'test'

/** The goals of make that an architecture has in a tier, in the order of the profile. The full tier has those of the fast one too. */
export function goalsOf(profile: Profile, arch: ProfileArch, tier: Tier): readonly ProfileGoal[] {
  return ownGoals(profile, arch).filter((goal) => goal.boot === undefined && (tier === 'full' || goal.tier === 'fast'))
}

/** The goals of an architecture that boot what was built, in the order of the profile. They come after all that make. */
export function bootsOf(profile: Profile, arch: ProfileArch, stage: BootStage): readonly ProfileGoal[] {
  return ownGoals(profile, arch).filter(
    ({ boot }) => boot !== undefined && (stage === 'test' || boot.kselftest === undefined),
  )
}

function ownGoals(profile: Profile, arch: ProfileArch): readonly ProfileGoal[] {
  return profile.goals.filter(({ arches }) => arches?.includes(arch.name) ?? true)
}

/** A goal, and why it does not apply to the tree, for people; null where it applies. */
export type PlannedGoal = { readonly goal: ProfileGoal; readonly inapplicable: string | null }

/** Which goals apply to a tree. One that stands for another is left out where that other one applies. */
export function planGoals(goals: readonly ProfileGoal[], facts: TreeFacts): readonly PlannedGoal[] {
  const planned = goals.map((goal) => ({ goal, inapplicable: whyNotGoal(goal, facts) }))
  const applying = new Set(planned.flatMap(({ goal, inapplicable }) => (inapplicable === null ? [goal.id] : [])))
  return planned.filter(({ goal }) => goal.instead === undefined || !applying.has(goal.instead))
}

function whyNotGoal(goal: ProfileGoal, facts: TreeFacts): string | null {
  return goal.when.map((condition) => whyNotCondition(condition, facts)).find((reason) => reason !== null) ?? null
}

/** Why an architecture does not apply to a tree; null where it does. */
export function whyNotArch(arch: ProfileArch, { hasPath }: Pick<TreeFacts, 'hasPath'>): string | null {
  return hasPath(arch.directory) ? null : `the tree has no \`${arch.directory}\``
}

function whyNotCondition(condition: Condition, { hasPath, isConfigured }: TreeFacts): string | null {
  if ('config' in condition) {
    const { config } = condition
    return isConfigured(config) ? null : `the configuration that this tree makes has no CONFIG_${config}`
  }
  if ('any-file' in condition) {
    const paths = condition['any-file']
    return paths.some(hasPath) ? null : `the tree has no ${paths.map((path) => `\`${path}\``).join(' and no ')}`
  }
  if ('no-file' in condition) {
    const path = condition['no-file'].find(hasPath)
    return path === undefined ? null : `the tree has \`${path}\``
  }
  return assertNever(condition)
}

/** The symbols of a `.config` that are y or m, named without CONFIG_: lines `CONFIG_X=y` and `CONFIG_X=m` (scripts/kconfig/confdata.c). */
export function readConfigured(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/^CONFIG_([A-Za-z0-9_]+)=[ym]$/gm)].map((match) => match[1] ?? ''))
}
