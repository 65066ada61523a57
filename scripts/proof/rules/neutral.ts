import {
  conditionalEdit,
  definedEdit,
  kconfigEdits,
  makefileEdits,
  type Edit,
} from '../../../test/real/neutral-edits.ts'
import { reviewSeries } from '../../../src/review/review-series.ts'
import type { Rule } from '../../../src/review/rule.ts'
import { seriesChanges } from '../../../src/review/series-changes.ts'
import { isKconfig } from '../../../src/review/world.ts'
import type { FactsSource } from './kernel.ts'
import { inTurn, type Kernel, type Plant } from './plant.ts'
import { stepOf } from './step-of.ts'

/** What was said of an edit that changes nothing: findings, or lines of the semantic diff. */
export type Alarm = { readonly plant: Plant; readonly told: readonly string[] }

export type NeutralTally = { readonly tried: number; readonly alarms: readonly Alarm[] }

type Options = {
  readonly kernel: Kernel
  readonly facts: FactsSource
  readonly rules: readonly Rule[]
  readonly count: number
}

const log = 'Write it as its neighbours are written. This is a clean-up, there is no functional change.'

/**
 * Makes edits that change nothing, one after the other, and asks for each what all rules say of it and what the semantic diff has.
 * Rules that are told only where they are asked for have no part: that an entry left its place in a sorted list is true.
 */
export function tryNeutralEdits({ kernel, facts: source, rules, count }: Options): NeutralTally {
  const asked = rules.filter(({ preview }) => preview !== true)
  const alarms: Alarm[] = []
  let tried = 0
  for (const plant of neutralPlants(kernel)) {
    if (tried === count) break
    tried++
    const facts = source()
    const { series, step } = stepOf(kernel.tree, plant.edits, { log })
    const judged = reviewSeries({ series, steps: [step], rules: asked, facts })
    const { changes, notRun } = seriesChanges({ series, steps: [step], knowledge: facts })
    const told = [
      ...judged.findings.map(({ rule, path, line, message }) => `[${rule}] ${path}:${line}: ${message}`),
      ...[...judged.notRun, ...judged.unjudged, ...notRun].map(({ what, why }) => `${what}: ${why}`),
      ...changes.patches.flatMap((patch) => patch.changes.flatMap((each) => each.lines)),
    ]
    if (told.length > 0) alarms.push({ plant, told })
  }
  return { tried, alarms }
}

/** Of Kconfig files one in so many edits: each asks for all that Kconfig says anew. */
const kconfigEvery = 12

function* neutralPlants(kernel: Kernel): Iterable<Plant> {
  const isBool = (name: string): boolean =>
    kernel.knowledge.symbols(kernel.tree, 'x86_64')?.symbols.get(name)?.type === 'bool'
  const model = kernel.knowledge.symbols(kernel.tree, 'x86_64')
  const edits = {
    ...makefileEdits,
    'list as a conditional': conditionalEdit(isBool),
    'ifeq for ifdef': definedEdit(isBool),
  }
  const makefiles = inTurn(...Object.entries(edits).map((edit) => editsOf(kernel, edit, kernel.reached)))
  const kconfigs = kernel.paths.filter((path) => isKconfig(path) && model?.files.has(path) === true)
  const others = inTurn(...Object.entries(kconfigEdits).map((edit) => editsOf(kernel, edit, kconfigs)))[
    Symbol.iterator
  ]()
  let count = 0
  for (const plant of makefiles) {
    yield plant
    if (++count % kconfigEvery !== 0) continue
    const next = others.next()
    if (next.done !== true) yield next.value
  }
}

/** An edit of a kind in each of the files that have a place for it. */
function* editsOf(
  { tree, random }: Kernel,
  [kind, edit]: readonly [string, Edit],
  paths: readonly string[],
): Iterable<Plant> {
  for (const path of paths) {
    const text = tree.read(path) ?? ''
    const edited = edit(text, (below) => Math.floor(random() * below))
    if (edited !== null && edited !== text) yield { at: [path], describe: kind, edits: [{ path, text: edited }] }
  }
}
