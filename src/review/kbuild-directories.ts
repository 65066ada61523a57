import { printCond } from '../cond/print.ts'
import { always, type Cond } from '../cond/conditions.ts'
import { usualArch } from '../kbuild/source-arch.ts'
import type { KbuildDirectory, Witness } from './knowledge.ts'
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

/** What a witness sets, as evidence in lines of at most 70 columns: `for example with CONFIG_A=y CONFIG_B=m (ARCH=arm64)`. */
export function settingLines(witness: Witness): readonly string[] {
  if (witness.kind !== 'found') return []
  const set = [...witness.settings].map(([name, value]) => `CONFIG_${name}=${value === 2 ? 'y' : 'm'}`)
  const words = [...set, ...(witness.arch === usualArch ? [] : [`(ARCH=${witness.arch})`])]
  if (set.length === 0 || set.length > maxSettings) return []
  const lines: string[] = []
  let line = 'for example with'
  for (const word of words) {
    if (line.length + 1 + word.length > maxColumns) {
      lines.push(line)
      line = ' '
    }
    line += ` ${word}`
  }
  return [...lines, line]
}

/** A configuration of more symbols is no example any more. */
const maxSettings = 6
/** A reply indents evidence by two, and keeps to 72 columns. */
const maxColumns = 70
