import { readConfiguration } from '../../src/kbuild/configuration.ts'
import { directoryRecords, recordedLists } from '../../src/kbuild/directory-record.ts'
import type { RecordedList } from '../../src/kbuild/directory-record.ts'
import { modelKernel } from '../../src/kbuild/kernel-model.ts'
import type { Tree } from '../../src/text/tree.ts'

/** What GNU make and we have of a directory, where it is not the same. */
export type OracleDifference = {
  readonly directory: string
  /** Null where one side has no such directory. */
  readonly list: RecordedList | null
  /** Words that only make has. */
  readonly missing: readonly string[]
  /** Words that only we have. */
  readonly extra: readonly string[]
}

export type OracleComparison = {
  /** How many directories make went to. */
  readonly directories: number
  /** How many lists were compared, and how many words make has in them. */
  readonly lists: number
  readonly words: number
  readonly differences: readonly OracleDifference[]
  /** What we say that we do not know. */
  readonly unknown: readonly string[]
}

export type OracleQuestion = {
  readonly tree: Tree
  /** What kbuild-oracle printed: `DIR|VARIABLE|words` lines. */
  readonly oracleOutput: string
  /** The text of the .config, or of include/config/auto.conf. */
  readonly config: string
  /** As given to make: `x86_64`. */
  readonly arch: string
}

/** Compares the model of a kernel in one configuration with what GNU make and the kernel's own scripts say, list by list, as sets. */
export function compareWithOracle({ tree, oracleOutput, config, arch }: OracleQuestion): Promise<OracleComparison> {
  const model = modelKernel(tree, { arch, configuration: readConfiguration(config, tree) })
  const ours = new Map(directoryRecords(model).map((record) => [record.dir, record] as const))
  const theirs = readOracle(oracleOutput)
  const differences: OracleDifference[] = []
  let lists = 0
  let words = 0
  for (const [directory, values] of theirs) {
    const record = ours.get(directory)
    if (record === undefined) {
      differences.push({ directory, list: null, missing: [directory], extra: [] })
      continue
    }
    for (const list of recordedLists) {
      const expected = values.get(list) ?? new Set()
      const actual = new Set(record[list])
      lists++
      words += expected.size
      const missing = [...expected].filter((word) => !actual.has(word))
      const extra = [...actual].filter((word) => !expected.has(word))
      if (missing.length + extra.length > 0) differences.push({ directory, list, missing, extra })
    }
  }
  for (const directory of ours.keys()) {
    if (!theirs.has(directory)) differences.push({ directory, list: null, missing: [], extra: [directory] })
  }
  const unknown = [...ours.values()].flatMap((record) => record.unknown.map((each) => `${record.dir}: ${each}`))
  return Promise.resolve({ directories: theirs.size, lists, words, differences, unknown })
}

/** The sets that kbuild-oracle printed, by directory and variable. A directory that make goes to twice has what both times gave. */
function readOracle(output: string): ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>> {
  const directories = new Map<string, Map<string, Set<string>>>()
  for (const line of output.split('\n')) {
    const [directory = '', variable, value] = line.split('|')
    if (variable === undefined || value === undefined) continue
    const values = directories.get(directory) ?? new Map<string, Set<string>>()
    directories.set(directory, values)
    const words = values.get(variable) ?? new Set<string>()
    values.set(variable, words)
    for (const word of value.split(/\s+/)) if (word !== '') words.add(word)
  }
  return directories
}
