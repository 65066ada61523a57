import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createConditions } from '../../src/cond/conditions.ts'
import type { Assignment } from '../../src/cond/conditions.ts'
import { rulesOf } from '../../src/kbuild/directory-rules.ts'
import type { DirectoryRules } from '../../src/kbuild/directory-rules.ts'
import { parseOnce } from '../../src/kbuild/parsed-files.ts'
import { evaluateMakefile } from '../../src/make/evaluate.ts'
import type { Evaluation } from '../../src/make/evaluation.ts'
import { parseMakefile } from '../../src/make/parse.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import { indexLines, offsetToPosition } from '../../src/text/line-index.ts'
import { randomConfiguration, randomFrom, symbolsIn } from '../oracle/eval/compare.ts'
import type { Configuration } from '../oracle/eval/compare.ts'
import type { Tree } from '../../src/text/tree.ts'
import { diskTree } from './disk-tree.ts'

/** A target as make's database has it, and as we have it: prerequisites as a set, and where the recipe begins. */
type DatabaseEntry = {
  readonly prerequisites: ReadonlySet<string>
  readonly orderOnly: ReadonlySet<string>
  /** `FILE:LINE` of the first recipe line; '' where there is no recipe. */
  readonly recipe: string
}

export type RuleComparison = {
  readonly files: number
  /** Runs of make that ended with a database, and those that stopped with a message. */
  readonly runs: number
  readonly failures: readonly string[]
  readonly targets: number
  readonly prerequisites: number
  /** Runs with rules whose words are not known, of which only the names that are known were compared. */
  readonly unsure: number
  readonly differences: readonly string[]
}

/** The makefiles below directories of the kernel's own build that have a rule with a recipe. */
function makefilesWithRules(top: string, tree: Tree): readonly string[] {
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (entry.name === 'Makefile' || entry.name === 'Kbuild'))
    .map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1))
    .filter((path) => path !== 'Makefile' && !/^(tools|Documentation)\/|^arch\/[^/]*\/Makefile$/.test(path))
    .filter((path) => /^\t/m.test(tree.read(path) ?? '') && /^[^#\t=]+:(?!=)/m.test(tree.read(path) ?? ''))
    .sort()
}

/** Compares the rules of each makefile, under configurations by chance, with the database that `make -p` prints. No command is run. */
export function compareRules(top: string, configsPerFile: number): RuleComparison {
  const tree = diskTree(top)
  const parsed = parseOnce(tree)
  const files = makefilesWithRules(top, tree)
  const tally = { files: files.length, runs: 0, failures: [] as string[], targets: 0, prerequisites: 0, unsure: 0 }
  const differences: string[] = []
  files.forEach((path, index) => {
    const conditions = createConditions()
    const preamble = preambleFor(path)
    const evaluation = evaluateMakefile(parseMakefile(`${preamble}include ${path}\n`), {
      conditions,
      file: '<preamble>',
      tree,
      include: parsed,
      externalReason: () => null,
    })
    const rules = rulesOf(conditions, evaluation, tree)
    const random = randomFrom(index)
    for (let run = 0; run < configsPerFile; run++) {
      const configuration = randomConfiguration(symbolsIn(tree.read(path) ?? ''), random)
      const answer = databaseOf(top, preamble + config(configuration) + `include ${path}\n`)
      if (typeof answer === 'string') {
        tally.failures.push(`${path}: ${answer}`)
        continue
      }
      tally.runs++
      const under: Assignment = { symbol: (name) => configuration.symbols.get(name) ?? 'n', atom: () => false }
      const subject = { evaluation, rules, under, holds: (when: number) => conditions.holds(when, under) }
      const isUnsure = [...rules.unknown, ...unreadIncludes(evaluation)].some(({ when }) => subject.holds(when))
      if (isUnsure) tally.unsure++
      else
        for (const name of answer.keys()) if (!isOurs(subject, name)) differences.push(`${path}: only make has ${name}`)
      for (const name of rules.names) {
        const ours = entryOf(subject, name, tree)
        if (ours === null || isUnmatched(name)) continue
        tally.targets++
        tally.prerequisites += ours.prerequisites.size
        const told = explain(ours, answer.get(name), isUnsure)
        if (told !== null) differences.push(`${path}: ${name}: ${told}`)
      }
    }
  })
  return { ...tally, differences }
}

const lists = ['obj-y', 'obj-m', 'lib-y', 'lib-m', 'always-y', 'always-m', 'targets', 'subdir-y', 'subdir-m']

/** What scripts/Makefile.build has set when it reads a makefile; nothing that takes a command to know. */
function preambleFor(path: string): string {
  const arch = /^arch\/([^/]+)\//.exec(path)?.[1] ?? 'x86'
  const directory = path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '.'
  const variables = `srctree := .\nobjtree := .\nobj := ${directory}\nsrc := $(obj)\nSRCARCH := ${arch}\nARCH := ${arch}\n`
  return `${variables}${lists.map((list) => `${list} :=\n`).join('')}oracle-goal: ; @:\n`
}

function config({ symbols }: Configuration): string {
  return [...symbols].flatMap(([name, value]) => (value === 'n' ? [] : [`CONFIG_${name}=${value}\n`])).join('')
}

/** `target: NAME := value`, which make prints before the target itself. */
const targetVariable = /^[^#\t:]+: \S+ (?:[:+?!]|::)?= /

/** The targets that make has after reading a makefile, by name; what it said where it stopped. */
function databaseOf(directory: string, text: string): ReadonlyMap<string, DatabaseEntry> | string {
  const args = ['-f', '-', '-pqrR', '--no-print-directory', 'SHELL=/bin/false', 'oracle-goal']
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' }
  const options = { cwd: directory, env, input: text, encoding: 'utf8', maxBuffer: 1 << 26, timeout: 60_000 } as const
  const { stdout, stderr, status } = spawnSync('make', args, options)
  if (status === 2 || status === null) return stderr.trim()
  const files = stdout.slice(stdout.indexOf('\n# Files\n'), stdout.indexOf('\n# files hash-table stats'))
  const entries = new Map<string, DatabaseEntry>()
  for (const block of files.split('\n\n')) {
    if (block.includes('# Not a target:')) continue
    const head = block.split('\n').find((line) => /^[^#\t]/.test(line) && !targetVariable.test(line)) ?? ''
    const [, name, words = ''] = /^([^#\t\s][^:]*)::?(?: (.*)|)$/.exec(head) ?? []
    if (name === undefined || name === 'oracle-goal') continue
    const [normal = '', order = ''] = words.split(/(?:^| )\| /)
    const [, file, line] = /^#  recipe to execute \(from '(.*)', line (\d+)\):$/m.exec(block) ?? []
    entries.set(name, {
      prerequisites: new Set(normal.split(' ').filter((word) => word !== '')),
      orderOnly: new Set(order.split(' ').filter((word) => word !== '')),
      recipe: file === undefined || line === undefined ? '' : `${file}:${line}`,
    })
  }
  return entries
}

/** A wildcard that matches no file: make keeps it, but not among its files. */
function isUnmatched(name: string): boolean {
  return /[*?[]/.test(name)
}

/** Files that make includes by a path that is known to it alone, such as an absolute one. */
function unreadIncludes({ includes }: Evaluation): Evaluation['includes'] {
  return includes.filter(({ found, optional }) => !found && !optional)
}

type Subject = {
  readonly evaluation: Evaluation
  readonly rules: DirectoryRules
  readonly under: Assignment
  readonly holds: (when: number) => boolean
}

function isOurs({ rules, holds }: Subject, name: string): boolean {
  const target = rules.target(name)
  return target !== null && holds(target.when)
}

/** A target as we have it under one configuration; null where it is none there, or is made by us. */
function entryOf({ rules, holds }: Subject, name: string, tree: Tree): DatabaseEntry | null {
  const target = rules.target(name)
  if (target === null || name === 'oracle-goal' || !holds(target.when) || target.isDoubleColon) return null
  const texts = (words: readonly Word[]): ReadonlySet<string> =>
    new Set(words.filter(({ when }) => holds(when)).map(({ text }) => text))
  const lines = target.recipes.find(({ when }) => holds(when))?.lines ?? []
  const first = lines.find(({ when }) => holds(when))?.origin
  const text = first === undefined ? null : tree.read(first.file)
  const position = first === undefined || text === null ? null : offsetToPosition(indexLines(text), first.start)
  return {
    prerequisites: texts(target.prerequisites),
    orderOnly: texts(target.orderOnly),
    recipe: first === undefined || position === null ? '' : `${first.file}:${position.line}`,
  }
}

/** How two entries differ; null where they do not. A prerequisite that is both is a normal one to make. */
function explain(ours: DatabaseEntry, theirs: DatabaseEntry | undefined, isUnsure: boolean): string | null {
  if (theirs === undefined) return 'make has no such target'
  const pairs = [
    [ours.prerequisites, theirs.prerequisites],
    [ours.orderOnly.difference(ours.prerequisites), theirs.orderOnly.difference(theirs.prerequisites)],
  ] as const
  for (const [left, right] of pairs) {
    const [missing, extra] = [[...right.difference(left)], [...left.difference(right)]]
    if (extra.length > 0 || (missing.length > 0 && !isUnsure))
      return `missing [${missing.join(' ')}] extra [${extra.join(' ')}]`
  }
  return isUnsure || ours.recipe === theirs.recipe ? null : `recipe at ${ours.recipe}, make has ${theirs.recipe}`
}
