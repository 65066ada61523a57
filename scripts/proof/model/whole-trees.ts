import { openRepository, openTree } from '../../../src/git/repository.ts'
import { compareWithOracle } from '../../../test/real/oracle-b.ts'
import { askOracle, referenceTree, type OracleRun } from '../../kernel-oracle.ts'
import type { Outcome, ProofContext } from '../check.ts'

const cross = (target: string) => ({ prefix: `${target}-`, package: `gcc-${target.replace('_', '-')}` })

/** The configurations that the issue names. */
export const oracleRuns: readonly OracleRun[] = [
  { version: '6.12', arch: 'x86_64', config: 'defconfig', cross: null },
  { version: '6.12', arch: 'x86_64', config: 'allmodconfig', cross: null },
  { version: '6.12', arch: 'x86_64', config: 'allnoconfig', cross: null },
  { version: '6.12', arch: 'arm64', config: 'defconfig', cross: cross('aarch64-linux-gnu') },
  { version: '6.12', arch: 'powerpc', config: 'ppc64_defconfig', cross: cross('powerpc64-linux-gnu') },
  { version: '6.12', arch: 's390', config: 'defconfig', cross: cross('s390x-linux-gnu') },
  { version: '6.1', arch: 'x86_64', config: 'defconfig', cross: null },
]

/** What `objects --kconfig` says of every directory, beside what make itself has there. */
export async function proveWholeTrees({ reference, say }: ProofContext): Promise<Outcome> {
  const results = []
  for (const run of oracleRuns) results.push(await proveRun({ reference, say }, run))
  return { ok: results.every(({ ok }) => ok), figure: results.map(({ figure }) => figure).join('; ') }
}

async function proveRun({ reference, say }: Pick<ProofContext, 'reference' | 'say'>, run: OracleRun): Promise<Outcome> {
  const name = `${run.version} ${run.arch} ${run.config}`
  const answer = await askOracle(reference, run, say)
  if (answer.kind === 'missing') return { ok: false, figure: `${name}: ${answer.what}` }
  const opened = await openRepository(referenceTree(reference, run.version), { environment: process.env })
  if (opened.kind === 'none') return { ok: false, figure: `${name}: ${opened.reason}` }
  try {
    const tree = await openTree(opened.repository, 'HEAD')
    if (tree === null) return { ok: false, figure: `${name}: no HEAD` }
    const { output: oracleOutput, config } = answer
    const compared = await compareWithOracle({ tree, oracleOutput, config, arch: run.arch })
    const { directories, lists, words, differences, unknown } = compared
    for (const { directory, list, missing, extra } of differences.slice(0, 20)) {
      say(`${name}: ${directory} ${list ?? ''}: only make has ${missing.join(' ')}, only we have ${extra.join(' ')}`)
    }
    return {
      ok: directories > 100 && differences.length === 0,
      figure: `${name}: ${directories} directories, ${words} words in ${lists} lists, ${differences.length} different, ${unknown.length} unknown`,
    }
  } finally {
    await opened.repository.close()
  }
}
