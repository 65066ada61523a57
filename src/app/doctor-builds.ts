import { tmpdir } from 'node:os'
import { probeSandbox } from '../build/sandbox-probe.ts'
import { findMissingHostTools, findToolchain, hostNeeds } from '../build/toolchains.ts'
import type { Diagnosis } from './diagnosis.ts'
import { readProfile } from './build-profile.ts'

/** What builds need: a sandbox, which is tried, tools, and the compilers of the livepatch profile. All of it may be missing: reviews go on without builds. */
export async function diagnoseBuilds(): Promise<readonly Diagnosis[]> {
  const [sandbox, missing, compilers] = await Promise.all([
    diagnoseSandbox(),
    findMissingHostTools(),
    diagnoseCompilers(),
  ])
  const names = hostNeeds.map(({ program }) => program).join(', ')
  const tools: Diagnosis =
    missing.length === 0
      ? { what: 'build tools', state: 'ok', detail: names, advice: '' }
      : {
          what: 'build tools',
          state: 'missing',
          detail: `no ${missing.map(({ program }) => program).join(', ')}; needed for builds`,
          advice: `install them (Debian: scripts/install-build-tools.sh, or apt-get install ${missing.map((need) => need.package).join(' ')})`,
        }
  return [sandbox, tools, ...compilers]
}

async function diagnoseSandbox(): Promise<Diagnosis> {
  const probe = await probeSandbox({ uid: process.getuid?.() ?? -1, temporaryDirectory: tmpdir() })
  if (probe.kind === 'ready') return { what: 'sandbox', state: 'ok', detail: probe.detail, advice: '' }
  return {
    what: 'sandbox',
    state: 'missing',
    detail: `${probe.reason}; nothing is built without one`,
    advice: probe.advice,
  }
}

async function diagnoseCompilers(): Promise<readonly Diagnosis[]> {
  const read = readProfile('livepatch', '/')
  if (read.kind === 'bad') throw new Error(read.problems.join('\n'))
  return Promise.all(
    read.profile.arches.map(async (arch): Promise<Diagnosis> => {
      const what = `compiler for ${arch.name}`
      const found = await findToolchain(arch, { kind: 'debian' })
      if (found.kind === 'found') return { what, state: 'ok', detail: found.toolchain.name, advice: '' }
      return { what, state: 'missing', detail: `no ${found.programs.join(', ')}`, advice: found.advice }
    }),
  )
}
