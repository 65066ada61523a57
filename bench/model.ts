import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../src/processes/remove-directory.ts'
import { askOracle, scratchTree, type OracleRun } from '../scripts/kernel-oracle.ts'
import type { Bench } from './run.ts'

const question: OracleRun = { version: '6.12', arch: 'x86_64', config: 'allmodconfig', cross: null }

/**
 * What Linux 6.12 builds in every directory under allmodconfig: `objects --kconfig` in a process of its own, beside GNU make
 * that goes through the same directories (the make run of kbuild-oracle alone, two jobs).
 */
export const bench: Bench = async (reference, say) => {
  const answer = await askOracle(reference, question, say)
  if (answer.kind === 'missing') throw new Error(answer.what)
  const tree = scratchTree(reference, question.version, say)
  say('GNU make ...')
  const make = timed('make', [
    ...['-s', '-k', '-j2', '-Orecurse', `O=${answer.outputDirectory}`, 'ARCH=x86_64', 'CROSS_COMPILE=', 'oracle'],
    ...['-C', tree],
  ])
  say('kbuild-review ...')
  const config = join(answer.outputDirectory, '.config')
  const starts = [1, 2, 3].map(() => modelOnce(reference.tree612, config)).sort((left, right) => left.cold - right.cold)
  const [, median] = starts
  if (median === undefined) throw new Error('nothing was measured')
  const { directories, megabytes, changedMs, cold } = median
  return [
    `6.12 x86_64 allmodconfig, ${directories} directories: cold ${cold.toFixed(2)} s (median of ${starts.length} starts), ${megabytes} MB; GNU make ${(make.ms / 1000).toFixed(2)} s; ratio ${(make.ms / 1000 / cold).toFixed(1)}`,
    `one file changed ${changedMs.toFixed(1)} ms (median of 5)`,
    keptLine(reference.tree612, say),
  ]
}

type Measured = {
  readonly directories: number
  readonly megabytes: number
  readonly changedMs: number
  /** Seconds, with the start of the process. */
  readonly cold: number
}

/** A model that starts from nothing, in a process of its own. */
function modelOnce(tree: string, config: string): Measured {
  const probe = join(import.meta.dirname, 'model', 'probe.ts')
  const { ms, stdout } = timed(process.execPath, ['--disable-warning=ExperimentalWarning', probe, tree, config])
  // Printed by bench/model/probe.ts alone.
  const figures = JSON.parse(stdout) as Omit<Measured, 'cold'> & { readonly changedTotalMs: number }
  return { ...figures, cold: (ms - figures.changedTotalMs) / 1000 }
}

/** All configurations of 6.12, in processes of their own that share a cache: the first finds nothing in it. */
function keptLine(tree: string, say: (text: string) => void): string {
  say('models on disk ...')
  const cache = mkdtempSync(join(tmpdir(), 'bench-models-'))
  try {
    const cold = keptSeconds(tree, cache)
    const again = medianOf(() => keptSeconds(tree, cache))
    const changed = medianOf(() => keptSeconds(tree, cache, 'drivers/tty/serial/8250/Makefile'))
    const text = ({ model, total }: Seconds): string => `${model.toFixed(2)} s (with the process ${total.toFixed(2)} s)`
    return `6.12 x86_64, all configurations, in a new process: nothing kept ${text(cold)}, the tree kept ${text(again)}, a tree kept that differs in one file ${text(changed)}`
  } finally {
    removeDirectory(cache)
  }
}

type Seconds = { readonly model: number; readonly total: number }

function keptSeconds(tree: string, cache: string, ...edited: readonly string[]): Seconds {
  const probe = join(import.meta.dirname, 'model', 'kept-probe.ts')
  const { stdout } = timed(process.execPath, ['--disable-warning=ExperimentalWarning', probe, tree, cache, ...edited])
  // Printed by bench/model/kept-probe.ts alone.
  const { modelMs, totalMs } = JSON.parse(stdout) as { readonly modelMs: number; readonly totalMs: number }
  return { model: modelMs / 1000, total: totalMs / 1000 }
}

function medianOf(measure: () => Seconds): Seconds {
  const sorted = [measure(), measure(), measure()].sort((left, right) => left.total - right.total)
  return sorted[1] ?? measure()
}

function timed(command: string, args: readonly string[]): { readonly ms: number; readonly stdout: string } {
  const started = performance.now()
  const { stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return { ms: performance.now() - started, stdout }
}
