import { existsSync, readdirSync, statSync } from 'node:fs'
import type { ArchBuild } from './arch-build.ts'
import { goalsOf } from './plan.ts'
import { hostNeeds, namesOfLlvm, type Probe } from './toolchains.ts'
import type { Tool } from './tools.ts'

/** What a build calls of the machine beside the compilers of its toolchain, with versions: what it makes depends on them too. */
export function findHostTools(build: ArchBuild, probe: Probe): Promise<readonly Tool[]> {
  const { profile, arch, tier } = build
  const variables = [profile, arch, ...goalsOf(profile, arch, tier)].map((each) => each.variables)
  const valuesOf = (name: string): readonly string[] => variables.flatMap((each) => each[name] ?? [])
  const names = [
    ...hostNeeds.map(({ program }) => program),
    ...['ld', 'python3', 'pahole'],
    // C=1 and C=2 call the checker (Documentation/dev-tools/sparse.rst).
    ...(valuesOf('C').some((value) => value !== '0') ? ['sparse'] : []),
    ...valuesOf('LLVM').flatMap((value) => namesOfLlvm(value === '1' ? '' : value)),
  ]
  return Promise.all([...new Set(names)].map((name) => probe(name)))
}

/** Where what builds lack arrives when it is installed. */
const installed = ['/usr/bin', '/usr/local/bin', '/usr/include', '/usr/local/include', '/usr/lib']

/** Another text as soon as something was installed or removed: what was missing then may be there now. */
export function readMachineState(): string {
  const headers = existsSync('/usr/include') ? readdirSync('/usr/include') : []
  const multiarch = headers.filter((name) => name.includes('-linux-gnu')).map((name) => `/usr/include/${name}`)
  const places = [...installed, ...multiarch]
  return places.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0).join(' ')
}
