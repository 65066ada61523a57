import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createKernel, type KernelCommits } from './kernel-commits.ts'

/** A kernel that configures, and builds what `attack/Makefile` says. */
const makefile = `
allnoconfig:
	cp $(KCONFIG_ALLCONFIG) $(O)/.config
modules:
	@$(MAKE) --silent -f attack/Makefile all
`
const profile = `name: small
summary: a kernel in miniature
limits: { seconds: 8, memory: 96M, processes: 64, disk: 32M, log: 100K }
configure: { fragments: [common] }
fragments: { common: CONFIG_MODULES=y }
arches:
  - { name: x86_64, arch: x86_64, directory: arch/x86, prefix: x-, package: gcc-x }
goals:
  - { id: modules, targets: [modules] }
`

/** The file that says what a build does. */
export const attackPath = 'attack/Makefile'

/** A small kernel whose build does what it is told, and the arguments that build it: to be followed by a range. */
export function layOutSmallKernel(
  parent: string,
  attack: string,
): { readonly kernel: KernelCommits; readonly args: readonly string[] } {
  const kernel = createKernel(parent, { Makefile: makefile, 'arch/x86/Kconfig': '', [attackPath]: attack })
  const path = join(parent, 'small.yaml')
  writeFileSync(path, profile)
  const tree = ['--tree', kernel.path, '--profile', path, '--make-cross', '/usr/bin/make']
  return { kernel, args: ['build', 'build', ...tree, '--format', 'json'] }
}
