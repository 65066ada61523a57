import { parseDotConfig } from '../../src/kconfig/dot-config.ts'
import type { Assignment } from '../../src/kconfig/dot-config.ts'
import { evaluateConfig } from '../../src/kconfig/evaluate.ts'
import type { ConfigMode } from '../../src/kconfig/evaluate.ts'
import { loadKconfig } from '../../src/kconfig/load.ts'
import type { KconfigModel } from '../../src/kconfig/model.ts'
import { writeDotConfig } from '../../src/kconfig/write-config.ts'
import type { Tree } from '../../src/text/tree.ts'
import { diskTree } from './disk-tree.ts'
import { openReferenceKconfig } from './kconfig-reference.ts'
import type { ReferenceKconfig, ReferenceRun } from './kconfig-reference.ts'

export type KconfigComparison = {
  /** How many symbols conf has of which a line defines the type, and how our names and types differ. */
  readonly symbols: number
  readonly typeDifferences: readonly string[]
  /** How many values conf has, and how ours differ: in the value, in what the user may set, or in whether it is written. */
  readonly values: number
  readonly valueDifferences: readonly string[]
  /** Whether the .config that we would write is conf's, byte for byte. */
  readonly sameConfig: boolean
  /** Commands whose answers the reference run did not give. */
  readonly unanswered: readonly string[]
}

export type KconfigQuestion = {
  /** The directory of a kernel tree. It is not written to. */
  readonly tree: string
  readonly arch: string
  /** A target of make: `allnoconfig`, `allyesconfig`, `allmodconfig`, `defconfig` or `ppc64_defconfig`. */
  readonly mode: string
  /** Where several questions are asked of one tree and architecture, the reference that is open; else one is opened. */
  readonly reference?: ReferenceKconfig
}

/** Compares symbols, types and values of a kernel tree with what its own `conf` says. */
export async function compareKconfig(question: KconfigQuestion): Promise<KconfigComparison> {
  const reference = question.reference ?? (await openReferenceKconfig(question.tree, question.arch))
  try {
    return compareWithRun(diskTree(question.tree), question.mode, await reference.run(question.mode))
  } finally {
    if (question.reference === undefined) reference.close()
  }
}

/** Compares with one run of conf; `start` is the .config that it was given, where the mode is `olddefconfig`. */
export function compareWithRun(tree: Tree, mode: string, run: ReferenceRun, start?: string): KconfigComparison {
  const model = loadKconfig(tree, { env: run.env, answer: (command) => run.answers.get(command) ?? null })
  const assignments = start === undefined ? defconfigAssignments(tree, mode, run) : parseDotConfig(start)
  const values = evaluateConfig(model, { mode: modeOf(mode), assignments })
  const valueDifferences: string[] = []
  for (const [name, theirs] of run.symbols) {
    const ours = values.symbols.get(name)
    if (ours === undefined) continue
    const said = [theirs.value, 'nmy'.charAt(theirs.visible), theirs.written].join(' ')
    const found = [ours.value, ours.visible, ours.written].join(' ')
    if (said !== found) valueDifferences.push(`${name}: conf has ${said}, we have ${found}`)
  }
  const unanswered = [...model.probes.values()].filter(({ answer }) => answer === null).map(({ command }) => command)
  return {
    ...compareTypes(model, run),
    values: values.symbols.size,
    valueDifferences,
    sameConfig: writeDotConfig(model, values) === run.config,
    unanswered,
  }
}

/** conf keeps what is only referred to as symbols of unknown type, which a model does not. */
function compareTypes(model: KconfigModel, run: ReferenceRun): Pick<KconfigComparison, 'symbols' | 'typeDifferences'> {
  const differences: string[] = []
  const known = [...run.symbols].filter(([, { type }]) => type !== 'unknown')
  for (const [name, { type }] of known) {
    const ours = model.symbols.get(name)?.type ?? 'nothing'
    if (type !== (ours === 'int' ? 'integer' : ours)) differences.push(`${name}: conf has ${type}, we have ${ours}`)
  }
  for (const { name, type } of model.symbols.values()) {
    const theirs = run.symbols.get(name)?.type
    if (type !== 'unknown' && (theirs === undefined || theirs === 'unknown')) differences.push(`${name}: conf has none`)
  }
  return { symbols: known.length, typeDifferences: differences }
}

/** The lines of the file that a defconfig target is based on: make says which it takes for plain `defconfig`. */
function defconfigAssignments(tree: Tree, mode: string, run: ReferenceRun): readonly Assignment[] {
  if (!mode.endsWith('defconfig')) return []
  const name = /based on '([^']+)'/.exec(run.log)?.[1] ?? mode
  const path = `arch/${run.env.get('SRCARCH') ?? ''}/configs/${name}`
  const text = tree.read(path)
  if (text === null) throw new Error(`the tree has no ${path}`)
  return parseDotConfig(text)
}

function modeOf(target: string): ConfigMode {
  switch (target) {
    case 'olddefconfig':
    case 'allnoconfig':
    case 'allyesconfig':
    case 'allmodconfig':
      return target
    default:
      return 'defconfig'
  }
}
