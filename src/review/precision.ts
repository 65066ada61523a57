import { z } from 'zod'

/** How many different findings of a rule were read and found true, found false, or not read. */
export type Measured = { readonly true: number; readonly false: number; readonly unjudged: number }

/** A window of an archive, or a tree, that rules were run over: what it was run on, and the count of each rule that spoke. */
export type MeasuredWindow = {
  /** Set for a `lint`: what was found in a tree that nobody is changing. */
  readonly of?: 'tree'
  /** The commit that patches were judged on. */
  readonly tree: string
  /** How many patches, or in a lint files, were looked at. */
  readonly judged: number
  readonly rules: Readonly<Record<string, Measured>>
}

/** rules/precision.json: what `backtest` and `lint` measured, by the name of the window. */
export type Precision = { readonly schema: 1; readonly windows: Readonly<Record<string, MeasuredWindow>> }

const count = z.number().int().nonnegative()
const schema = z.strictObject({
  schema: z.literal(1),
  windows: z.record(
    z.string(),
    z.strictObject({
      of: z.literal('tree').exactOptional(),
      tree: z.string(),
      judged: count,
      rules: z.record(z.string(), z.strictObject({ true: count, false: count, unjudged: count })),
    }),
  ),
})

/** Reads what JSON gave; throws where it is not in the form of rules/precision.json. */
export function readPrecision(json: unknown): Precision {
  return schema.parse(json)
}

/** The counts of a rule over all windows, or over those of patches alone; zeros where it never spoke. */
export function measuredOf(precision: Precision, rule: string, among: 'all' | 'patches' = 'all'): Measured {
  return Object.values(precision.windows)
    .filter((window) => among === 'all' || window.of !== 'tree')
    .flatMap(({ rules }) => rules[rule] ?? [])
    .reduce((sum, each) => add(sum, each), nothing)
}

const nothing: Measured = { true: 0, false: 0, unjudged: 0 }

function add(left: Measured, right: Measured): Measured {
  return {
    true: left.true + right.true,
    false: left.false + right.false,
    unjudged: left.unjudged + right.unjudged,
  }
}

/** What somebody who read a finding said of it. */
export type Verdict = keyof Measured

/** A finding by what makes it one, and what was said of it. */
export type JudgedFinding = { readonly rule: string; readonly key: string; readonly verdict: Verdict }

/**
 * Counts findings by rule. One that several versions of a series have is one (`key`), and false where it is so in any of
 * them, or else not read where that holds of any: else a patch that was sent ten times would weigh ten.
 */
export function countJudged(findings: readonly JudgedFinding[]): Readonly<Record<string, Measured>> {
  const worst = new Map<string, JudgedFinding>()
  for (const finding of findings) {
    const id = `${finding.rule} ${finding.key}`
    const known = worst.get(id)
    if (known === undefined || badness[finding.verdict] > badness[known.verdict]) worst.set(id, finding)
  }
  const counts = Map.groupBy([...worst.values()], ({ rule }) => rule)
  return Object.fromEntries(
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([rule, each]) => [
        rule,
        each.reduce((sum, { verdict }) => add(sum, { ...nothing, [verdict]: 1 }), nothing),
      ]),
  )
}

const badness: Record<Verdict, number> = { true: 0, unjudged: 1, false: 2 }

/** The text of rules/precision.json with a window more, or measured anew; the same input gives the same bytes. */
export function withWindow(precision: Precision, name: string, window: MeasuredWindow): string {
  const windows = Object.entries({ ...precision.windows, [name]: window }).sort(([a], [b]) => (a < b ? -1 : 1))
  const lines = windows.map(([label, { of, tree, judged, rules }]) => {
    const kind = of === undefined ? '' : `\n      "of": ${JSON.stringify(of)},`
    const counts = Object.entries(rules).map(([rule, each]) => `        ${JSON.stringify(rule)}: ${spaced(each)}`)
    const body = counts.length === 0 ? '{}' : `{\n${counts.join(',\n')}\n      }`
    return `    ${JSON.stringify(label)}: {${kind}\n      "tree": ${JSON.stringify(tree)},\n      "judged": ${judged},\n      "rules": ${body}\n    }`
  })
  return `{\n  "schema": 1,\n  "windows": {\n${lines.join(',\n')}\n  }\n}\n`
}

function spaced(each: Measured): string {
  return `{ "true": ${each.true}, "false": ${each.false}, "unjudged": ${each.unjudged} }`
}
