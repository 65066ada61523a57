import { printCond } from '../cond/print.ts'
import { always, type Cond } from '../cond/conditions.ts'
import type { KbuildDirectory } from './knowledge.ts'
import type { TreeContext } from './rule.ts'

/** The directories of the makefiles under review that scripts/Makefile.build reads. */
export function kbuildDirectories({ makefiles, directory }: TreeContext): readonly KbuildDirectory[] {
  return makefiles.flatMap(({ path }) => directory(path) ?? [])
}

/** Characters of a condition that people still read. */
const maxLength = 100

/** `when` of a report: the condition as Kconfig has it; nothing where it always holds. */
export function whenHolds({ model }: Pick<KbuildDirectory, 'model'>, of: Cond): { readonly when?: string } {
  return of === always ? {} : { when: printCond(model.conditions, of, { maxLength }) }
}
