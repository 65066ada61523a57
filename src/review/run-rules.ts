import { onceFor } from '../text/once-for.ts'
import { lineRange, indexLines } from '../text/line-index.ts'
import type { Span } from '../text/span.ts'
import type { Tree } from '../text/tree.ts'
import type { Patch, Series } from '../series/series.ts'
import { usualArch } from '../kbuild/source-arch.ts'
import type { Facts } from './facts.ts'
import { patchTextPath, type Unsure } from './finding.ts'
import type { Knowledge } from './knowledge.ts'
import type { Identified } from './introduced.ts'
import { identityOf } from './key.ts'
import type { Transient } from './ledger.ts'
import { createLocator, locateReport, type Locator } from './locate.ts'
import { createIgnores, type Ignores } from './suppression.ts'
import type { ChangeRule, Rule, TreeRule } from './rule.ts'

/** What rules said of one tree or patch. `failed` has the error of each rule that threw; it then said nothing else. */
export type RunResult = {
  readonly findings: readonly Identified[]
  /** What comments of the files keep from being told. */
  readonly ignored: readonly Ignored[]
  readonly unsure: readonly Omit<Unsure, 'patch'>[]
  readonly failed: ReadonlyMap<string, string>
}

/** A finding that a comment is about, and the reason that it gives. */
export type Ignored = { readonly finding: Identified; readonly reason: string }

type Channel<R extends Rule> = Pick<Parameters<R['check']>[0], 'report' | 'unsure'>

/** Runs the rules of scope `tree` over the makefiles and Kconfig files among `paths`, which are sorted first. */
export function runTreeRules(
  rules: readonly TreeRule[],
  target: { readonly tree: Tree; readonly paths: Iterable<string>; readonly facts: Facts },
): RunResult {
  const { tree, facts } = target
  const paths = [...new Set(target.paths)].sort()
  const makefile = onceFor((path) => facts.makefile(tree, path))
  const kconfig = onceFor((path) => facts.kconfig(tree, path))
  const makefiles = paths.flatMap((path) => makefile(path) ?? [])
  const kconfigs = paths.flatMap((path) => kconfig(path) ?? [])
  const symbols = (arch = usualArch) => facts.symbols(tree, arch)
  const kernel = (arch = usualArch) => facts.kernel(tree, arch)
  const directory = onceFor((path) => facts.directory(tree, path))
  const closures = () => facts.closures(tree)
  const wholeKconfig = () => facts.wholeKconfig(tree)
  const allArchs = () => facts.allArchs(tree)
  const locator = createLocator([tree], null)
  const result = collect(rules, locator, (rule, channel) => {
    rule.check({
      ...{ tree, makefiles, kconfigs, makefile, kconfig, symbols, kernel, directory, closures, wholeKconfig, allArchs },
      ...channel,
    })
  })
  return withoutIgnored(result, createIgnores({ makefile, kconfig }))
}

/** Runs the rules of scope `change` on a patch. Places are looked for in the tree after it, then in the one before. */
export function runChangeRules(
  rules: readonly ChangeRule[],
  target: {
    readonly series: Series
    readonly patch: Patch
    readonly before: Tree
    readonly after: Tree
    readonly knowledge: Knowledge
    readonly passing: readonly Transient[]
  },
): RunResult {
  const { patch, series, before, after, knowledge, passing } = target
  const lines = indexLines(patch.text)
  const at = (line: number): Span => ({ file: patchTextPath, ...(lineRange(lines, line) ?? { start: 0, end: 0 }) })
  const locator = createLocator([after, before], patch.text)
  return collect(rules, locator, (rule, channel) => {
    rule.check({ before, after, knowledge, patch, series, files: patch.files, passing, at, ...channel })
  })
}

function withoutIgnored(result: RunResult, reasonFor: Ignores): RunResult {
  const asked = result.findings.map((finding) => ({ finding, reason: reasonFor(finding.rule, finding.at) }))
  return {
    ...result,
    findings: asked.flatMap(({ finding, reason }) => (reason === null ? [finding] : [])),
    ignored: asked.flatMap(({ finding, reason }) => (reason === null ? [] : [{ finding, reason }])),
  }
}

function collect<R extends Rule>(
  rules: readonly R[],
  locator: Locator,
  check: (rule: R, channel: Channel<R>) => void,
): RunResult {
  const findings: Identified[] = []
  const unsure: Omit<Unsure, 'patch'>[] = []
  const failed = new Map<string, string>()
  for (const rule of rules) {
    const found: Identified[] = []
    const undecided: Omit<Unsure, 'patch'>[] = []
    try {
      check(rule, {
        report: (report) => {
          const identity = identityOf(report, locator.text(report.at))
          found.push({ ...locateReport(report, rule, locator), identity })
        },
        unsure: (place, because) => undecided.push({ rule: rule.id, at: place, because, ...locator.place(place) }),
      })
      findings.push(...found)
      unsure.push(...undecided)
    } catch (error) {
      // A rule that throws is a bug of the rule: the review goes on without it and says so.
      failed.set(rule.id, error instanceof Error ? error.message : String(error))
    }
  }
  return { findings, ignored: [], unsure, failed }
}
