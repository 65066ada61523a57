import type { Profile, ProfileArch } from './profile-schema.ts'
import { isBuildFile, reachesAll } from './remake.ts'

/** Names of what builds make beside sources: .gitignore of the kernel's top. */
const madeNames = ['*.o', '*.ko', '*.mod', '*.mod.c', '*.a', '.*.cmd', 'Module.symvers', 'modules.order']
const anyMade = `\\( ${madeNames.map((name, index) => `${index === 0 ? '' : '-o '}-name '${name}'`).join(' ')} \\)`

/** A shell function that prints where modules were made, relative to /build: the directories of modules.order, and those that it is given. */
export const moduleDirectories = `
directories() {
    [ ! -e output/modules.order ] || sed -n 's|^\\(.*\\)/[^/]*$|output/\\1|p' output/modules.order | sort -u
    for module in "$@"; do printf 'source/%s\\n' "$module"; done
}
`

const modulesScript = `${moduleDirectories}
directories "$@" | while read -r directory; do
    [ ! -d "$directory" ] || find "$directory" -maxdepth 1 -type f ${anyMade} -delete
done
`

/** Removes what was made in the directories where modules are, and nowhere else; in /build. */
export function forgetModules(modules: readonly string[]): readonly string[] {
  return ['sh', '-c', modulesScript, 'sh', ...modules]
}

const belowScript = `
for directory in "$@"; do
    [ ! -d "$directory" ] || find "$directory" -type f ${anyMade} -delete
done
`

/** By directory and name, escaped for find: all that has the name of a source that is gone, below the output; beside sources only what builds make. */
const goneScript = `
while [ $# -gt 0 ]; do
    [ ! -d "output/$1" ] || find "output/$1" -maxdepth 1 -type f \\( -name "$2" -o -name "$2.*" -o -name ".$2.*" \\) -delete
    [ ! -d "source/$1" ] || find "source/$1" -maxdepth 1 -type f \\( -name "$2.o" -o -name "$2.ko" -o -name "$2.mod" -o -name "$2.mod.[co]" -o -name ".$2.*.cmd" \\) -delete
    shift 2
done
`

/** How a tree differs from the one that was built. */
export type Change = {
  readonly changed: readonly string[]
  /** Whether the tree still has a path. */
  readonly hasPath: (path: string) => boolean
}

/** As many arguments as one command line may surely hold (execve(2), 128 kB of old). */
const atOnce = 200

/**
 * The commands, in /build, that remove what make would take for up to date after a change: an object whose source is gone (make has no rule for it then, and is content
 * with what is there: GNU make, remake.c update_file_1()), what is below a makefile that changed, and all modules where a makefile of
 * scripts/ or of the top changed.
 */
export function forgetStale({ changed, hasPath }: Change, profile: Profile, arch: ProfileArch): readonly string[][] {
  const modules = [...new Set(profile.goals.flatMap(({ module }) => module ?? []))]
  const makefiles = changed.filter(isBuildFile)
  const local = makefiles.filter((path) => path.includes('/') && !reachesAll(path, arch)).map(directoryOf)
  const below = [...new Set(local)].flatMap((directory) => [`output/${directory}`, ...within(directory, modules)])
  const gone = changed.filter((path) => !hasPath(path)).flatMap((path) => [directoryOf(path), stemOf(path)])
  return [
    ...(makefiles.some((path) => reachesAll(path, arch)) ? [[...forgetModules(modules)]] : []),
    ...chunks(below).map((directories) => ['sh', '-c', belowScript, 'sh', ...directories]),
    ...chunks(gone).map((pairs) => ['sh', '-c', goneScript, 'sh', ...pairs]),
  ]
}

/** The directories of external modules that a makefile speaks for, and its own where that is in one of them. */
function within(directory: string, modules: readonly string[]): readonly string[] {
  const inside = modules.some((module) => `${directory}/`.startsWith(`${module}/`))
  const above = modules.filter((module) => module.startsWith(`${directory}/`))
  return [...(inside ? [directory] : []), ...above].map((path) => `source/${path}`)
}

function directoryOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'
}

/** The name without its ending, and with what find takes for a pattern escaped. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return (dot > 0 ? name.slice(0, dot) : name).replaceAll(/[\\*?[\]]/g, String.raw`\$&`)
}

function chunks(words: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(words.length / atOnce)
  return Array.from({ length: count }, (_, index) => words.slice(index * atOnce, (index + 1) * atOnce))
}
