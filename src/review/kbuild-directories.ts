import { printCond } from '../cond/print.ts'
import { always, type Cond } from '../cond/conditions.ts'
import { enterDirectories } from '../kbuild/entered-directories.ts'
import type { KernelModel } from '../kbuild/kernel-model.ts'
import { usualArch } from '../kbuild/source-arch.ts'
import { settableSymbols } from '../kconfig/settable-symbols.ts'
import { oncePer } from '../text/once-per.ts'
import type { KbuildDirectory, Witness } from './knowledge.ts'
import type { TreeContext } from './rule.ts'

/** The directories of the makefiles under review that scripts/Makefile.build reads. */
export function kbuildDirectories({ makefiles, directory }: TreeContext): readonly KbuildDirectory[] {
  return makefiles.flatMap(({ path }) => directory(path) ?? [])
}

/** The directories that recipes alone lead to: worked out when one is first asked for. */
const enteredPaths = oncePer((model: KernelModel) => new Set(enterDirectories(model).directories.keys()))

/** Whether make comes to a directory: by a list above it, or because a recipe says so (`$(MAKE) $(build)=scripts`). */
export function isEntered({ model, directory, reached }: KbuildDirectory): boolean {
  return reached || enteredPaths(model).has(directory.path)
}

/** Characters of a condition that people still read. */
const maxLength = 100

/** `when` of a report: the condition as Kconfig has it; nothing where it always holds. */
export function whenHolds({ model }: Pick<KbuildDirectory, 'model'>, of: Cond): { readonly when?: string } {
  return of === always ? {} : { when: printCond(model.conditions, of, { maxLength }) }
}

/**
 * A configuration in which a condition holds: on the usual architecture, or where that one has not all symbols of the condition, on any.
 * What of the usual one excludes the condition does so on others, too: most of what drivers depend on is not of an architecture.
 */
export function witnessOnOwnArch(
  { model, witness }: KbuildDirectory,
  of: Cond,
  symbols: TreeContext['symbols'],
): Witness {
  const usual = witness(of)
  const kconfig = usual.kind === 'impossible' ? symbols(usualArch) : null
  if (kconfig === null) return usual
  const isSettable = settableSymbols(kconfig)
  const isOfOther = model.conditions
    .support(of)
    .some((variable) => variable.kind === 'symbol' && !isSettable(variable.name))
  return isOfOther ? witness(of, 'any') : usual
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
