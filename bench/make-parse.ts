import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../src/processes/remove-directory.ts'
import type { Node } from '../src/make/cst.ts'
import { parseMakefile } from '../src/make/parse.ts'
import { exprsOf, visitNodes, visitParts } from '../src/make/visit.ts'
import type { KernelMakefile } from '../test/support/kernel-makefiles.ts'
import { kernelMakefiles } from '../test/support/kernel-makefiles.ts'
import type { Bench } from './run.ts'

const passes = 7

/** Reading all makefiles of 6.12 into trees; and, beside GNU make, those that are only lists of objects. */
export const bench: Bench = (reference, say) => {
  const all = kernelMakefiles(reference.tree612)
  say(`${all.length} makefiles`)
  const [first, ...warm] = Array.from({ length: passes }, () => parseAll(all))
  const plain = all.filter(({ text }) => isPlain(parseMakefile(text).nodes))
  const ours = median(Array.from({ length: passes }, () => parseAll(plain)))
  const theirs = median(makeTimes(reference.tree612, plain))
  return Promise.resolve([
    `${describe(all, median(warm))}; first pass ${(first ?? 0).toFixed(0)} ms`,
    `${describe(plain, ours)}; GNU make reads and acts on them in ${theirs.toFixed(0)} ms; ratio ${(ours / theirs).toFixed(3)}`,
  ])
}

/** Whether there are only assignments and conditionals without a call: make may read any number of these in one run, and starts no program. */
function isPlain(nodes: readonly Node[]): boolean {
  return [...visitNodes(nodes)].every(
    ({ node }) =>
      (node.kind === 'blank' || node.kind === 'conditional' || (node.kind === 'assignment' && node.op !== '!=')) &&
      exprsOf(node).every(({ expr }) => [...visitParts(expr)].every(({ kind }) => kind !== 'call' && kind !== 'bad')),
  )
}

/** Milliseconds to parse all of them. */
function parseAll(makefiles: readonly KernelMakefile[]): number {
  const started = performance.now()
  for (const { text } of makefiles) parseMakefile(text)
  return performance.now() - started
}

/** Milliseconds of runs of make that include all of them, without those of a run that includes none. */
function makeTimes(tree: string, makefiles: readonly KernelMakefile[]): number[] {
  const work = mkdtempSync(join(tmpdir(), 'kbuild-review-bench-'))
  const run = (name: string): number => {
    const started = performance.now()
    const { status, stderr } = spawnSync('make', ['-nrRs', '-f', join(work, name), 'all'], {
      cwd: tree,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`make stopped: ${stderr}`)
    return performance.now() - started
  }
  try {
    writeFileSync(join(work, 'none.mk'), 'all:\n')
    writeFileSync(
      join(work, 'all.mk'),
      `all:\n${makefiles.map(({ path }) => `include ${join(tree, path)}\n`).join('')}`,
    )
    const start = median(Array.from({ length: passes }, () => run('none.mk')))
    return Array.from({ length: passes }, () => run('all.mk') - start)
  } finally {
    removeDirectory(work)
  }
}

function describe(makefiles: readonly KernelMakefile[], ms: number): string {
  const characters = makefiles.reduce((sum, { text }) => sum + text.length, 0)
  const perSecond = `${(characters / 1000 / ms).toFixed(1)} MB/s, ${((makefiles.length / ms) * 1000).toFixed(0)} files/s`
  return `${makefiles.length} makefiles, ${(characters / 1e6).toFixed(2)} MB parsed in ${ms.toFixed(0)} ms: ${perSecond}`
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}
