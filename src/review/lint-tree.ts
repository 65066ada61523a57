import type { Tree } from '../text/tree.ts'
import type { Facts } from './facts.ts'
import type { Finding, Skipped, Unsure } from './finding.ts'
import { fingerprintOf } from './key.ts'
import { toFinding } from './ledger.ts'
import { compareFindings } from './compare-findings.ts'
import type { Rule, TreeRule } from './rule.ts'
import { runTreeRules, type RunResult } from './run-rules.ts'
import { suppressByPath, type IgnoredPaths, type Suppressed } from './suppression.ts'
import { isKconfig, isMakefile } from './world.ts'

/** What tree rules say of a whole tree or a part of it. */
export type Lint = {
  readonly findings: readonly Finding[]
  readonly unsure: readonly Unsure[]
  /** What comments of the files or the configuration keep from being told. */
  readonly suppressed: readonly Suppressed[]
  readonly notRun: readonly Skipped[]
  /** How many build files were looked at. */
  readonly files: number
}

type Options = {
  readonly tree: Tree
  readonly rules: readonly Rule[]
  readonly facts: Facts
  /** What the configuration keeps from being told; nothing where it is not given. */
  readonly ignored?: IgnoredPaths
  /** Files and directories; the whole tree is ''. */
  readonly paths: readonly string[]
}

/** How many files are done, of how many. */
export type LintProgress = { readonly done: number; readonly total: number }

/** Files looked at in one go: few enough that their syntax trees fit in memory together. */
const batchSize = 256

/** Runs the rules of scope `tree` over the build files at and below `paths`. */
export function lintTree(options: Options): Lint {
  const batches = lintBatches(options)
  for (;;) {
    const step = batches.next()
    if (step.done === true) return step.value
  }
}

/** The same in steps of some hundred files each, so that whoever takes them can show progress, and stop between two. */
export function* lintBatches({ tree, rules, facts, ignored, paths }: Options): Generator<LintProgress, Lint> {
  const batches = batchesBelow(tree, paths)
  const results: RunResult[] = []
  const total = countFiles(batches)
  let done = 0
  for (const batch of batches) {
    results.push(lintBatch(batch, { tree, rules, facts }))
    done += batch.length
    yield { done, total }
  }
  return concludeLint(results, { files: total, ignored: ignored ?? {} })
}

/** What the rules of scope `tree` say of the files of a batch. */
export function lintBatch(
  paths: readonly string[],
  { tree, rules, facts }: Pick<Options, 'tree' | 'rules' | 'facts'>,
): RunResult {
  tree.prefetch(paths)
  return runTreeRules(
    rules.filter((rule): rule is TreeRule => rule.scope === 'tree'),
    { tree, paths, facts },
  )
}

/** Puts together what was said of batch after batch, in their order. */
export function concludeLint(
  results: readonly RunResult[],
  { files, ignored }: { readonly files: number; readonly ignored: IgnoredPaths },
): Lint {
  const findings: Finding[] = []
  const unsure: Unsure[] = []
  const suppressed: Suppressed[] = []
  const failed = new Map<string, string>()
  const keys = new Set<string>()
  const seen = new Set<string>()
  for (const result of results) {
    for (const finding of result.findings) {
      if (finding.untold === true) continue
      // A rule may report in a file of another batch, and then does so from both.
      const place = `${fingerprintOf(finding)} ${finding.at.start}`
      if (!seen.has(place)) findings.push(toFinding({ finding, ordinal: 0 }, null, keys))
      seen.add(place)
    }
    unsure.push(...result.unsure.map((each) => ({ ...each, patch: null })))
    for (const { finding, reason } of result.ignored)
      suppressed.push({ finding: toFinding({ finding, ordinal: 0 }, null, keys), by: { kind: 'comment', reason } })
    for (const [rule, why] of result.failed) failed.set(rule, why)
  }
  const notRun = [...failed].map(([rule, why]) => ({ what: `rule ${rule}`, why: `the rule failed: ${why}` }))
  const { findings: told, suppressed: untold } = suppressByPath(findings.sort(compareFindings), ignored)
  return { findings: told, unsure: unsure.sort(compareUnsure), suppressed: [...suppressed, ...untold], notRun, files }
}

/** By place, whichever files were looked at together. */
function compareUnsure(a: Unsure, b: Unsure): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1
  return a.line - b.line || a.column - b.column || (a.rule === b.rule ? 0 : a.rule < b.rule ? -1 : 1)
}

/**
 * The makefiles and Kconfig files at and below the paths, sorted, as they are looked at together. None has files of two parts of the tree,
 * which take different things to judge, nor makefiles together with Kconfig files.
 */
export function batchesBelow(tree: Tree, paths: readonly string[]): readonly (readonly string[])[] {
  const byKind = Map.groupBy(buildFilesBelow(tree, paths), (path) => JSON.stringify([partOf(path), isKconfig(path)]))
  const batches = byKind.values().flatMap((files) => chunksOf(files, batchSize))
  return [...batches].sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
}

function chunksOf<Each>(items: readonly Each[], size: number): readonly (readonly Each[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

/** How many files some batches have. */
export function countFiles(batches: readonly (readonly string[])[]): number {
  return batches.reduce((sum, batch) => sum + batch.length, 0)
}

/** A file of `arch` is of one architecture, and judged by a model of that; one of `tools` by makefiles of its own, and all others by one model. */
export type TreePart = 'arch' | 'tools' | 'kernel'

/** The part of the tree that a path is in. */
export function partOf(path: string): TreePart {
  if (path.startsWith('arch/')) return 'arch'
  return path.startsWith('tools/') ? 'tools' : 'kernel'
}

/** The makefiles and Kconfig files at and below the paths, sorted. */
function buildFilesBelow(tree: Tree, paths: readonly string[]): readonly string[] {
  if (paths.includes('') && tree.files !== undefined) return tree.files().filter(isBuildFile).sort()
  const found = new Set<string>()
  const waiting = [...paths]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entries = tree.list(path)
    if (entries.length === 0 && isBuildFile(path)) found.add(path)
    for (const { name, kind } of entries) {
      const below = path === '' ? name : `${path}/${name}`
      if (kind === 'directory') waiting.push(below)
      else if (kind === 'file' && isBuildFile(below)) found.add(below)
    }
  }
  return [...found].sort()
}

function isBuildFile(path: string): boolean {
  return isMakefile(path) || isKconfig(path)
}
