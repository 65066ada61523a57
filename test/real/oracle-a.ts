import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeBytes } from '../../src/text/decode.ts'
import type { Tree, TreeEntry } from '../../src/text/tree.ts'
import type { Evaluation } from '../../src/make/evaluation.ts'
import { createConditions } from '../../src/cond/conditions.ts'
import type { Conditions } from '../../src/cond/conditions.ts'
import { parseMakefile } from '../../src/make/parse.ts'
import { compareUnder, evaluateSubject, randomConfiguration, randomFrom, symbolsIn } from '../oracle/eval/compare.ts'
import type { Difference, Subject } from '../oracle/eval/compare.ts'

export type OracleAOptions = {
  /** The top of a kernel tree on the disk; nothing is written to it. */
  readonly tree: string
  readonly configsPerFile: number
  readonly seed: number
  readonly onProgress?: (done: number, total: number) => void
  /** Only this many files, spread over all. */
  readonly maxFiles?: number
  /** Makes that run at the same time. */
  readonly concurrency?: number
}

export type OracleAResult = {
  readonly files: number
  /** Runs of make, and those in which it stopped with a message, by message. */
  readonly runs: number
  readonly failures: readonly string[]
  /** Values that were compared, of all files under all configurations. */
  readonly values: number
  /** Values that we do not know, and so did not compare. */
  readonly unknownValues: number
  readonly differences: readonly Difference[]
  /** Files whose obj-, lib- and composite lists are known in full. */
  readonly filesWithoutUnknown: number
  /** Files in whose lists words hang on answers of tools or on numbers of the configuration; these have conditions, and count as known. */
  readonly filesWithQuestions: readonly string[]
  /** What is not known in such lists: file, list, reason. */
  readonly unknownReasons: readonly { readonly file: string; readonly list: string; readonly reason: string }[]
}

/** Whether a makefile is that of a directory of objects, as 2,617 of Linux 6.12 are. */
function isLeaf(path: string): boolean {
  if (path === 'Makefile' || /^arch\/[^/]*\/Makefile$/.test(path)) return false
  if (/^(scripts|tools|samples|rust|Documentation)\//.test(path)) return false
  return !/(^|\/)(boot|vdso[^/]*)(\/|$)/.test(path)
}

/** The makefiles of directories of objects, sorted. */
export function leafMakefiles(tree: string): readonly string[] {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (entry.name === 'Makefile' || entry.name === 'Kbuild'))
    .map((entry) => join(entry.parentPath, entry.name).slice(tree.length + 1))
    .filter((path) => isLeaf(path))
    .sort()
}

/** A directory of the disk as a tree. */
function diskTree(top: string): Tree {
  const read = (path: string): string | null => {
    try {
      return decodeBytes(readFileSync(join(top, path))).text
    } catch {
      return null
    }
  }
  const list = (directory: string): readonly TreeEntry[] => {
    try {
      return readdirSync(join(top, directory), { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        kind: statSync(join(top, directory, entry.name), { throwIfNoEntry: false })?.isDirectory()
          ? 'directory'
          : 'file',
      }))
    } catch {
      return []
    }
  }
  return { id: null, read, list, blob: () => null, isExecutable: () => false, prefetch: () => undefined }
}

/** What scripts/Makefile.build and the top Makefile have set when they read the makefile of a directory. */
function preambleFor(path: string): string {
  const directory = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const arch = /^arch\/([^/]+)\//.exec(path)?.[1] ?? 'x86'
  const lists = ['obj', 'lib', 'always', 'subdir'].flatMap((name) => [`${name}-y :=`, `${name}-m :=`])
  const flags = ['asflags', 'ccflags', 'rustflags', 'cppflags', 'ldflags', 'subdir-asflags', 'subdir-ccflags']
  return [
    'srctree := .\nobjtree := .\n',
    `obj := ${directory === '' ? '.' : directory}\nsrc := $(obj)\n`,
    `SRCARCH := ${arch}\nARCH := ${arch}\nUTS_MACHINE := ${arch}\n`,
    'BITS := $(if $(filter y,$(CONFIG_64BIT)),64,32)\n',
    'KBUILD_EXTMOD :=\n',
    [...lists, 'targets :=', 'obj- :=', 'lib- :=', ...flags.map((name) => `${name}-y :=`)].join('\n'),
    '\n',
  ].join('')
}

/** Evaluates every leaf makefile of a tree once for all configurations, and compares with GNU make under some of them by chance. */
export async function runOracleA(options: OracleAOptions): Promise<OracleAResult> {
  const { configsPerFile, seed, maxFiles } = options
  const all = leafMakefiles(options.tree)
  const step = maxFiles === undefined ? 1 : Math.max(1, Math.ceil(all.length / maxFiles))
  const files = all.filter((_, index) => index % step === 0)
  const tree = diskTree(options.tree)
  const tally: Tally = {
    runs: 0,
    values: 0,
    unknownValues: 0,
    failures: [],
    differences: [],
    unknownReasons: [],
    filesWithQuestions: [],
  }
  let withoutUnknown = 0
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < files.length; index = next++) {
      const path = files[index] ?? ''
      const subject = subjectOf(tree, options.tree, path)
      const conditions = createConditions()
      const evaluation = evaluateSubject(subject, conditions)
      const reasons = unknownInLists(evaluation, path)
      if (reasons.length === 0) withoutUnknown++
      tally.unknownReasons.push(...reasons)
      if (hasQuestions(evaluation, conditions)) tally.filesWithQuestions.push(path)
      const random = randomFrom(seed + index)
      for (let run = 0; run < configsPerFile; run++) await compareOnce(tally, subject, evaluation, random)
      options.onProgress?.(index + 1, files.length)
    }
  }
  await Promise.all(Array.from({ length: options.concurrency ?? 2 }, work))
  return { files: files.length, filesWithoutUnknown: withoutUnknown, ...tally }
}

type Tally = {
  runs: number
  values: number
  unknownValues: number
  readonly failures: string[]
  readonly differences: Difference[]
  readonly filesWithQuestions: string[]
  readonly unknownReasons: { readonly file: string; readonly list: string; readonly reason: string }[]
}

async function compareOnce(
  tally: Tally,
  subject: Subject,
  evaluation: Evaluation,
  random: () => number,
): Promise<void> {
  const configuration = randomConfiguration(symbolsIn(subject.text), random)
  const comparison = await compareUnder(subject, evaluation, configuration)
  tally.runs++
  tally.values += comparison.compared
  tally.unknownValues += comparison.unknown
  tally.differences.push(...comparison.differences)
  if (comparison.failure !== null) tally.failures.push(`${subject.path}: ${comparison.failure}`)
}

function subjectOf(tree: Tree, directory: string, path: string): Subject {
  const include = (asked: string) => {
    const text = tree.read(asked)
    return text === null ? null : parseMakefile(text)
  }
  return { path, text: tree.read(path) ?? '', directory, preamble: preambleFor(path), options: { tree, include } }
}

const lists = ['obj-y', 'obj-m', 'obj-', 'lib-y', 'lib-m', 'lib-']

/** The lists of objects, and those of the parts of each object in them. */
function listsOf(evaluation: Evaluation): readonly string[] {
  const objects = new Set(lists.flatMap((list) => evaluation.words(list).words.map((word) => word.text)))
  const composites = [...objects]
    .filter((object) => object.endsWith('.o'))
    .flatMap((object) => ['-objs', '-y', '-m', '-'].map((suffix) => object.slice(0, -2) + suffix))
  return [...lists, ...composites]
}

function unknownInLists(evaluation: Evaluation, file: string): Tally['unknownReasons'] {
  return listsOf(evaluation).flatMap((list) =>
    evaluation.words(list).unknown.map(({ unknown }) => ({ file, list, reason: `${unknown.key}: ${unknown.reason}` })),
  )
}

function hasQuestions(evaluation: Evaluation, conditions: Conditions): boolean {
  return listsOf(evaluation).some((list) =>
    evaluation
      .words(list)
      .words.some(({ when }) => conditions.hangsOn(when, 'probe') || conditions.hangsOn(when, 'value')),
  )
}
