import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
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
  const probe = join(import.meta.dirname, 'model', 'probe.ts')
  const ours = timed(process.execPath, ['--disable-warning=ExperimentalWarning', probe, reference.tree612, config])
  // Printed by bench/model/probe.ts alone.
  const { directories, megabytes, changedMs } = JSON.parse(ours.stdout) as {
    readonly directories: number
    readonly megabytes: number
    readonly changedMs: number
  }
  const cold = (ours.ms - changedMs * rounds) / 1000
  return [
    `6.12 x86_64 allmodconfig, ${directories} directories: cold ${cold.toFixed(2)} s, ${megabytes} MB; GNU make ${(make.ms / 1000).toFixed(2)} s; ratio ${(make.ms / 1000 / cold).toFixed(1)}`,
    `one file changed ${changedMs.toFixed(1)} ms (median of ${rounds})`,
  ]
}

/** How often the probe models the changed tree. */
const rounds = 5

function timed(command: string, args: readonly string[]): { readonly ms: number; readonly stdout: string } {
  const started = performance.now()
  const { stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return { ms: performance.now() - started, stdout }
}
