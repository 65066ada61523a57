import { tmpdir } from 'node:os'
import { probeSandbox } from '../build/sandbox-probe.ts'
import type { ProfileArch } from '../build/profile-schema.ts'
import { findTool } from '../build/tools.ts'
import { findMissingHostTools, findToolchain, hostNeeds } from '../build/toolchains.ts'
import type { Diagnosis } from './diagnosis.ts'
import { readProfile } from './build-profile.ts'

/** What builds need: a sandbox, which is tried, tools, and the compilers of the livepatch profile. All of it may be missing: reviews go on without builds. */
export async function diagnoseBuilds(): Promise<readonly Diagnosis[]> {
  const [sandbox, missing, compilers, emulators] = await Promise.all([
    diagnoseSandbox(),
    findMissingHostTools(),
    diagnoseCompilers(),
    diagnoseEmulators(),
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
  return [sandbox, tools, ...compilers, ...emulators]
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

function livepatchArches(): readonly ProfileArch[] {
  const read = readProfile('livepatch', '/')
  if (read.kind === 'bad') throw new Error(read.problems.join('\n'))
  return read.profile.arches
}

/** What `build boot` needs of each architecture that has an emulator: that, and a C library for the first process. */
async function diagnoseEmulators(): Promise<readonly Diagnosis[]> {
  const asked = livepatchArches().map(async (arch): Promise<readonly Diagnosis[]> => {
    if (arch.qemu === undefined) return []
    const what = `booting ${arch.name}`
    const { program } = arch.qemu
    const [emulator, library] = await Promise.all([
      findTool(program),
      // gcc answers with the bare name where it has no such file (gcc(1), -print-file-name).
      findTool(`${arch.prefix}gcc`, ['-print-file-name=libc.a']),
    ])
    const missing = [
      ...(emulator.version === null ? [program] : []),
      ...(library.version?.includes('/') === true ? [] : [`static C library for ${arch.name}`]),
    ]
    if (missing.length === 0) return [{ what, state: 'ok', detail: emulator.version ?? program, advice: '' }]
    const detail = `no ${missing.join(', no ')}; needed by build boot and build test`
    return [{ what, state: 'missing', detail, advice: 'scripts/install-build-tools.sh boot' }]
  })
  return (await Promise.all(asked)).flat()
}

async function diagnoseCompilers(): Promise<readonly Diagnosis[]> {
  return Promise.all(
    livepatchArches().map(async (arch): Promise<Diagnosis> => {
      const what = `compiler for ${arch.name}`
      const found = await findToolchain(arch, { kind: 'debian' })
      if (found.kind === 'found') return { what, state: 'ok', detail: found.toolchain.name, advice: '' }
      return { what, state: 'missing', detail: `no ${found.programs.join(', ')}`, advice: found.advice }
    }),
  )
}
