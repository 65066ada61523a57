import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { Tristate } from '../../../src/cond/conditions.ts'
import { compareUnder, evaluateSubject, randomFrom } from './compare.ts'
import type { Comparison, Configuration, Difference } from './compare.ts'

/** Makefiles by chance: assignments, conditionals and functions over few names, so that they meet each other often. */

type Random = () => number

const names = ['hub', 'port', 'obj-y', 'flags', 'list']
const words = ['a.o', 'b.o', 'sub/', 'c.c', 'x', '-g', 'a.o b.o', ' ', 'y', 'm']

function pick<Each>(random: Random, from: readonly Each[]): Each {
  const chosen = from[Math.floor(random() * from.length)]
  if (chosen === undefined) throw new Error('nothing to pick from')
  return chosen
}

const reference = (random: Random): string =>
  random() < 0.5 ? `$(CONFIG_${pick(random, ['USB', 'PCI'])})` : `$(${pick(random, names)})`

const functions: readonly ((of: () => string) => string)[] = [
  (of) => `$(if ${of()},${of()},${of()})`,
  (of) => `$(or ${of()},${of()})`,
  (of) => `$(and ${of()},${of()})`,
  (of) => `$(filter %.o ${of()},${of()})`,
  (of) => `$(filter-out ${of()},${of()})`,
  (of) => `$(patsubst %.o,${of()}%,${of()})`,
  (of) => `$(patsubst ${of()},${of()},${of()})`,
  (of) => `$(subst o,${of()},${of()})`,
  (of) => `$(subst ${of()},z,${of()})`,
  (of) => `$(sort ${of()})`,
  (of) => `$(strip ${of()})`,
  (of) => `$(firstword ${of()})$(lastword ${of()})`,
  (of) => `$(word 2,${of()})`,
  (of) => `$(words ${of()})`,
  (of) => `$(wordlist 2,3,${of()})`,
  (of) => `$(addprefix ${of()},${of()})`,
  (of) => `$(addsuffix .d,${of()})`,
  (of) => `$(foreach v,${of()},[$(v)${of()}])`,
  (of) => `$(notdir ${of()})$(dir ${of()})`,
  (of) => `$(basename ${of()})$(suffix ${of()})`,
  (of) => `$(findstring ${of()},${of()})`,
  (of) => `$(join ${of()},${of()})`,
  (of) => `$(call pair,${of()},${of()})`,
]

function expression(random: Random, depth: number): string {
  const count = 1 + Math.floor(random() * 3)
  const parts = Array.from({ length: count }, () => part(random, depth))
  return parts.join(pick(random, [' ', ' ', ' ', '']))
}

function part(random: Random, depth: number): string {
  const chance = random()
  if (depth === 0 || chance < 0.3) return pick(random, words)
  if (chance < 0.6) return reference(random)
  if (chance < 0.7) return `$(${pick(random, names)}:.o=${pick(random, ['.c', '', '%'])})`
  return pick(random, functions)(() => expression(random, depth - 1))
}

/** A recursive variable that leads to itself is an error, so `=` and `+=` only refer to names before theirs. */
function assignment(random: Random): string {
  const index = Math.floor(random() * names.length)
  const name = names[index] ?? 'hub'
  const op = pick(random, [':=', ':=', '+=', '+=', '=', '?='])
  const text = expression(random, 2)
  const safe = op === ':=' ? text : text.replaceAll(/\$\((hub|port|obj-y|flags|list)\b/g, '$(CONFIG_USB')
  const target = random() < 0.2 ? `obj-$(CONFIG_${pick(random, ['USB', 'PCI'])})` : name
  return `${target} ${op} ${safe}\n`
}

function test(random: Random): string {
  const side = () => expression(random, 1).trim()
  return pick(random, [
    () => `ifeq (${side()},${side()})`,
    () => `ifneq (${reference(random)},${pick(random, ['y', 'm', ''])})`,
    () => `ifdef ${pick(random, [...names, 'CONFIG_USB', 'CONFIG_PCI'])}`,
    () => `ifndef ${pick(random, [...names, 'CONFIG_USB'])}`,
  ])()
}

function statement(random: Random, depth: number): string {
  if (depth === 0 || random() < 0.7) return assignment(random)
  const body = () => statements(random, 1 + Math.floor(random() * 2), depth - 1)
  const chain = random() < 0.3 ? `else ${test(random)}\n${body()}` : ''
  const otherwise = random() < 0.5 ? `else\n${body()}` : ''
  return `${test(random)}\n${body()}${chain}${otherwise}endif\n`
}

const statements = (random: Random, count: number, depth: number): string =>
  Array.from({ length: count }, () => statement(random, depth)).join('')

/** A makefile of some twelve statements. */
export function randomMakefile(random: Random): string {
  return `pair = <$(1)|$(2)>\n${statements(random, 12, 2)}`
}

const configurations: readonly Configuration[] = (['n', 'm', 'y'] as const).flatMap((usb) =>
  (['n', 'y'] as const).map((pci) => ({
    symbols: new Map<string, Tristate>([
      ['USB', usb],
      ['PCI', pci],
    ]),
    answer: true,
  })),
)

/** Compares makefiles by chance, one for each seed, with GNU make under six configurations each. */
export async function compareRandomMakefiles(
  seeds: readonly number[],
): Promise<{ readonly compared: number; readonly differences: readonly Difference[]; readonly failures: readonly string[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'random-makefile-'))
  try {
    const comparisons: Comparison[] = []
    for (const seed of seeds) {
      const text = randomMakefile(randomFrom(seed))
      const path = `seed-${seed}.mk`
      writeFileSync(join(directory, path), text)
      const subject = { path, text, directory, preamble: '', options: { externalReason: () => null } }
      const evaluation = evaluateSubject(subject)
      comparisons.push(...(await Promise.all(configurations.map((each) => compareUnder(subject, evaluation, each)))))
    }
    return {
      compared: comparisons.reduce((sum, { compared }) => sum + compared, 0),
      differences: comparisons.flatMap(({ differences }) => differences),
      failures: comparisons.flatMap(({ failure }) => failure ?? []),
    }
  } finally {
    removeDirectory(directory)
  }
}
