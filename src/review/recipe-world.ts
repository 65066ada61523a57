import type { Makefile } from '../make/cst.ts'
import { oncePer } from '../text/once-per.ts'
import type { MakefileView } from './rule.ts'

/** What only a makefile that Kbuild reads, or that starts it, has in it: its lists, directories and macros (Documentation/kbuild/makefiles.rst). */
const vocabulary =
  /^[ \t]*(?:(?:obj|lib|subdir|always|extra|core|libs|drivers|dtb|dtbo)-[\w$]|(?:hostprogs|userprogs|targets|clean-files|ccflags-y|asflags-y)\b)|\$[({](?:obj|src|objtree|srctree|build)[)}]|\b(?:if_changed|filechk)\b/m

/**
 * Whether a makefile is part of a kernel build: by its place, or by its words where it stands among those that
 * scripts/Makefile.build reads. There are others, run by hand (lib/raid6/test, drivers/comedi/drivers/ni_routing/tools).
 */
export function isPartOfBuild({ world, syntax }: MakefileView): boolean {
  return world === 'top' || world === 'core' || (world === 'kbuild' && hasVocabulary(syntax))
}

/** Two dozen rules ask this of each makefile. */
const hasVocabulary = oncePer(({ text }: Makefile) => vocabulary.test(text))
