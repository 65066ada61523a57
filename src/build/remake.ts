import type { ProfileArch, ProfileGoal } from './profile-schema.ts'

/**
 * What must be made anew after a change that make does not see. Objects depend on their sources and on the command that made them
 * (scripts/Kbuild.include, if_changed), not on the makefiles and scripts that the command came from.
 */
export type Remake = {
  /** Directories below the output that are removed. */
  readonly output: readonly string[]
  /** Directories below the source, of external modules, in which what builds made is removed. */
  readonly source: readonly string[]
}

/** What a goal must make anew for the paths that a patch changes. */
export function remakeFor(goal: ProfileGoal, arch: ProfileArch, changed: readonly string[]): Remake {
  const own = [...goal.remake, ...(goal.module === undefined ? [] : [goal.module])]
  const forced = changed.some(
    (path) => isBuildFile(path) && (reachesAll(path, arch) || own.some((directory) => concerns(path, directory))),
  )
  if (!forced) return { output: [], source: [] }
  return { output: goal.remake, source: goal.module === undefined ? [] : [goal.module] }
}

/** Whether a patch may change what the configuration is: Kconfig files, what they call, and the makefiles that start them. */
export function mayConfigure(changed: readonly string[]): boolean {
  return changed.some(
    (path) =>
      /(?:^|\/)Kconfig[^/]*$|config$/.test(path) ||
      path.startsWith('scripts/') ||
      /^(?:arch\/[^/]+\/)?(?:Makefile|Kbuild)$/.test(path),
  )
}

/** A makefile, or a script that one calls. */
export function isBuildFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (
    /^(?:Makefile|Kbuild|GNUmakefile)(?:\..*)?$|\.mk$|^Makefile/.test(name) ||
    path.startsWith('scripts/') ||
    name.endsWith('.sh')
  )
}

/** Read for every directory: the top makefiles, those of scripts/, those of the architecture's top. */
export function reachesAll(path: string, arch: ProfileArch): boolean {
  return !path.includes('/') || path.startsWith('scripts/') || path.slice(0, path.lastIndexOf('/')) === arch.directory
}

/** A makefile speaks for the directories at, above and below its own. */
function concerns(path: string, directory: string): boolean {
  const own = path.slice(0, path.lastIndexOf('/') + 1)
  return `${directory}/`.startsWith(own) || own.startsWith(`${directory}/`)
}

/** The commands that remove it, in /build. Names of what builds make: .gitignore of the kernel's top. */
export function remakeCommands({ output, source }: Remake): readonly (readonly string[])[] {
  const made = ['*.o', '*.ko', '*.mod', '*.mod.c', '*.a', '.*.cmd', 'Module.symvers', 'modules.order']
  const names = made.flatMap((pattern, index) => [...(index === 0 ? [] : ['-o']), '-name', pattern])
  return [
    ...(output.length === 0 ? [] : [['rm', '-rf', '--', ...output.map((path) => `output/${path}`)]]),
    ...source.map((path) => ['find', `source/${path}`, '-type', 'f', '(', ...names, ')', '-delete']),
  ]
}
