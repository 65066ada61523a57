import { definitionsByName } from '../../src/review/recipe-variables.ts'
import type { MakefileView, TreeContext } from '../../src/review/rule.ts'

/** The makefiles that hold helpers, and the worlds that read them before any other of theirs. */
const sources = [
  { path: 'scripts/Kbuild.include', worlds: ['kbuild', 'top', 'core'] },
  { path: 'scripts/Makefile.compiler', worlds: ['kbuild', 'top'] },
  { path: 'scripts/Makefile.lib', worlds: ['kbuild'] },
  { path: 'Makefile', worlds: ['kbuild', 'top'] },
] as const

/** Where a helper is defined: `scripts/Kbuild.include:53`. */
export type Helper = { readonly name: string; readonly place: string }

/** The helper of a name that a makefile can use, as the tree has it; null where there is none. */
export type FindHelper = (name: string) => Helper | null

/**
 * Looks for helpers in the tree itself: some came late (`read-file` in 6.2), some went (`extmod_prefix` in 6.13). The top makefile
 * and the core use what they read themselves, at a place of their own, and do not get any but by including it.
 */
export function helpersFor(makefile: MakefileView, open: TreeContext['makefile']): FindHelper {
  const { world, path, text } = makefile
  const ownsAll = path === 'Makefile' || sources.some((source) => source.path === path)
  if (ownsAll || (world === 'core' && !text.includes('scripts/Kbuild.include'))) return () => null
  return (name) => {
    for (const source of sources) {
      const found = source.worlds.some((each) => each === world) ? open(source.path) : null
      const [definition] = found === null ? [] : (definitionsByName(found.syntax).get(name) ?? [])
      if (found === null || definition === undefined) continue
      const line = found.text.slice(0, definition.node.range.start).split('\n').length
      return { name, place: `${source.path}:${line}` }
    }
    return null
  }
}
