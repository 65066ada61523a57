import { changedLines, type ChangedLines } from './changed-lines.ts'
import type { Facts } from './facts.ts'
import type { Unsure } from './finding.ts'
import { subtractFindings, type Difference, type Identified } from './introduced.ts'
import { fingerprintOf } from './key.ts'
import { runKept } from './kept-runs.ts'
import type { Step } from './step.ts'
import type { TreeRule } from './rule.ts'
import { runTreeRules, type Ignored, type RunResult } from './run-rules.ts'
import type { Widen } from './scope.ts'

/** What a patch did to the findings of tree rules. */
export type TreeJudgement = {
  readonly changes: ChangedLines
  readonly difference: Difference
  /** What the patch made undecidable. */
  readonly unsure: readonly Omit<Unsure, 'patch'>[]
  /** What the patch brought and a comment keeps from being told. */
  readonly ignored: readonly Ignored[]
  /** Rules that threw on either side, with the error; nothing of them is in the difference. */
  readonly failed: ReadonlyMap<string, string>
  /** The files that were looked at, by their paths after the patch. */
  readonly paths: readonly string[]
}

type Options = {
  readonly rules: readonly TreeRule[]
  readonly facts: Facts
  readonly widen: Widen
  /** Whether it matters what a patch mends of a rule that says nothing after it; it does where this is not given. */
  readonly needsMended?: (rule: string) => boolean
}

/**
 * Runs tree rules on the tree before and after a patch, over the same files, and subtracts. The tree before is not asked where nothing can
 * come of it: most rules say nothing of the tree after.
 */
export function judgeTrees({ patch, before, after }: Step, options: Options): TreeJudgement {
  const { rules, facts, widen, needsMended = () => true } = options
  const changes = changedLines(patch.files)
  const touched = (side: 'oldPath' | 'newPath', other: 'oldPath' | 'newPath'): string[] =>
    patch.files.flatMap((file) => file[side] ?? file[other] ?? [])
  facts.relate(before, after, [
    ...new Set(patch.files.flatMap(({ oldPath, newPath }) => [oldPath ?? [], newPath ?? []].flat())),
  ])
  const oldPaths = widen(before, touched('oldPath', 'newPath'))
  const newPaths = widen(after, touched('newPath', 'oldPath'), before)
  const paths = [...newPaths, ...oldPaths.map(changes.renamed)]
  const young = runTreeRules(rules, { tree: after, paths, facts })
  const spoke = speaking(young)
  const compared = rules.filter(({ id }) => spoke.has(id) || needsMended(id))
  const old = runKept(compared, { tree: before, paths: [...oldPaths, ...newPaths.map(changes.original)], facts })

  const failed = new Map([...old.failed, ...young.failed])
  const sound = <T extends { readonly rule: string }>(all: readonly T[]): T[] =>
    all.filter(({ rule }) => !failed.has(rule))
  return {
    changes,
    difference: subtractFindings(sound(old.findings), sound(young.findings), changes),
    ignored: newlyIgnored([...old.findings, ...old.ignored.map(({ finding }) => finding)], young.ignored, changes),
    unsure: newlyUnsure(sound(old.unsure), sound(young.unsure), changes),
    failed,
    paths,
  }
}

/** The rules that said anything of a tree. */
function speaking({ findings, ignored, unsure, failed }: RunResult): ReadonlySet<string> {
  const told = [...findings, ...ignored.map(({ finding }) => finding), ...unsure]
  return new Set([...told.map(({ rule }) => rule), ...failed.keys()])
}

/** Those that the tree before has not got, told or not. */
function newlyIgnored(
  old: readonly Identified[],
  young: readonly Ignored[],
  changes: ChangedLines,
): readonly Ignored[] {
  const known = new Set(old.map((each) => fingerprintOf({ ...each, path: changes.renamed(each.path) })))
  return young.filter(({ finding }) => !known.has(fingerprintOf(finding)))
}

type Unplaced = Omit<Unsure, 'patch'>

function newlyUnsure(old: readonly Unplaced[], young: readonly Unplaced[], changes: ChangedLines): readonly Unplaced[] {
  const key = ({ rule, because, source }: Unplaced, path: string): string =>
    JSON.stringify([rule, path, because, source.trim()])
  const known = new Set(old.map((each) => key(each, changes.renamed(each.path))))
  return young.filter((each) => !known.has(key(each, each.path)))
}
