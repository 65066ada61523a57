import type { TreeContext } from '../../src/review/rule.ts'

/** The makefiles that read what those of directories and architectures set. */
const paths = [
  'Makefile',
  'scripts/Kbuild.include',
  'scripts/Makefile.build',
  'scripts/Makefile.clean',
  'scripts/Makefile.compiler',
  'scripts/Makefile.dtbs',
  'scripts/Makefile.host',
  'scripts/Makefile.lib',
  'scripts/Makefile.modpost',
  'scripts/link-vmlinux.sh',
]

/** What the tree's own scripts say, asked by text: names come and go with the version, and are backported. */
export type Engine = {
  /** Whether some of it reads a variable: `$(name)` or `${name}`. */
  readonly reads: (name: string) => boolean
  /** Whether some of it defines a variable or macro. */
  readonly defines: (name: string) => boolean
  readonly mentions: (text: string) => boolean
}

/** The engine of a tree; null where the tree has not got the main part of it. */
export function engineOf({ tree }: TreeContext): Engine | null {
  const build = tree.read('scripts/Makefile.build')
  if (build === null) return null
  const text = paths.map((path) => tree.read(path) ?? '').join('\n')
  return {
    reads: (name) => text.includes(`$(${name})`) || text.includes(`\${${name}}`),
    defines: (name) =>
      new RegExp(`^[ \\t]*(?:export[ \\t]+|define[ \\t]+)?${name}[ \\t]*(?:[:?+]?=|$)`, 'm').test(text),
    mentions: (part) => text.includes(part),
  }
}
