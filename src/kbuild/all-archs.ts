import type { Cond, Conditions } from '../cond/conditions.ts'
import { createCeilings } from '../kconfig/ceilings.ts'
import { isUnanswered } from '../kconfig/expand.ts'
import { createKconfigLoader, kernelEnvironment, type KconfigLoader } from '../kconfig/load.ts'
import type { Condition, KconfigModel, KconfigSymbol } from '../kconfig/model.ts'
import { solveOnDemand } from '../kconfig/solve-on-demand.ts'
import type { Span } from '../text/span.ts'
import { oncePer } from '../text/once-per.ts'
import type { Tree } from '../text/tree.ts'
import { isRuledOut, maxSymbols, waysOf } from './witness.ts'

/** What the Kconfig files of all architectures say together: cheaper than a model of each. Architectures are named as below arch/. */
export type AllArchs = {
  /**
   * Whether no configuration of an architecture makes a condition hold, as far as this is seen here. True of nothing for which a
   * `WitnessSearch` of that architecture gives anything but `impossible`.
   */
  readonly excludes: (conditions: Conditions, of: Cond, arch: string) => boolean
  /**
   * The symbol of that name where each architecture that reads a file has it, and all by the same one definition; what selects it and
   * what encloses it is that of all. Null where it is not so, or no architecture reads the file.
   */
  readonly sameWhere: (symbol: string, file: string) => KconfigSymbol | null
}

/**
 * Reads the Kconfig files of all architectures, with the loader of the tree where it has one; null where the tree is no whole kernel, or has
 * more of them than are kept apart.
 */
export function readAllArchs(tree: Tree, load: KconfigLoader = createKconfigLoader(tree, {})): AllArchs | null {
  const archs = tree.list('arch').flatMap(({ name, kind }) => (kind === 'directory' ? [name] : []))
  if (tree.read('Kconfig') === null || archs.length > maxArchs) return null
  // A path with a `*` is a pattern: `arch/$(SRCARCH)/Kconfig` brings in that of each.
  const union = load(kernelEnvironment('*', '*'))
  const all: Archs = 2 ** archs.length - 1
  const isOwn = ({ file, start, end }: Span): boolean =>
    (tree.read(file) ?? '').slice(start, end).includes('$(SRCARCH)')
  const ofFile = archsByFile({ union, archs, isOwn }, all)
  return ofFile.get('init/Kconfig') === all ? allArchs({ union, archs, ofFile, all }) : null
}

type Union = {
  readonly union: KconfigModel
  readonly archs: readonly string[]
  /** Which architectures read a file. */
  readonly ofFile: ReadonlyMap<string, Archs>
  readonly all: Archs
}

function allArchs(known: Union): AllArchs {
  const { union, archs, ofFile } = known
  const single = new Map([...union.symbols].filter(([, { definitions }]) => definitions.length === 1))
  // One definition is that of every architecture that has the symbol, and what selects it there is among what selects it here.
  const ceilings = createCeilings({ symbols: single })
  const settableOf = oncePer(archsBySymbol)
  const excludes: AllArchs['excludes'] = (conditions, of, arch) => {
    const bit = archs.includes(arch) ? 1 << archs.indexOf(arch) : 0
    if (bit === 0 || conditions.support(of).length > maxSymbols) return false
    const settable = settableOf(known)
    for (const way of waysOf(conditions, of)) {
      if (way === null) return false
      const asksTooMuch = way.some(({ name, least }) => least > 0 && (settable(name) & bit) === 0)
      if (!asksTooMuch && !isRuledOut(way, ceilings)) return false
    }
    return true
  }
  const sameWhere: AllArchs['sameWhere'] = (name, file) => {
    const symbol = single.get(name)
    const [readers, definers] = [file, symbol?.definitions[0]?.at.file ?? ''].map((path) => ofFile.get(path) ?? 0)
    const isEverywhere = readers !== undefined && definers !== undefined && (readers & ~definers) === 0
    return symbol !== undefined && isEverywhere && readers !== 0 ? symbol : null
  }
  return { excludes, sameWhere }
}

/** Bits of a number. */
const maxArchs = 31

/** Architectures, a bit for each. */
type Archs = number

/** For a symbol the architectures on which it may be m or y, as `settableSymbols` has it, or some more. */
function archsBySymbol({ union, ofFile, all }: Union): (symbol: string) => Archs {
  const rule = (name: string, found: (symbol: string) => Archs): Archs => {
    const symbol = union.symbols.get(name)
    return symbol === undefined ? 0 : archsOf(symbol, { ofFile, found, all })
  }
  return solveOnDemand(rule, all)
}

type Known = {
  readonly ofFile: ReadonlyMap<string, Archs>
  readonly found: (symbol: string) => Archs
  readonly all: Archs
}

function archsOf(symbol: KconfigSymbol, known: Known): Archs {
  const any = <Line extends { readonly at: { readonly file: string } }>(
    lines: readonly Line[],
    give: (line: Line) => Archs,
  ): Archs => unionOf(lines, known, (line) => (known.ofFile.get(line.at.file) ?? known.all) & give(line))
  const may = (condition: Condition): Archs => archsWhere(condition, known)
  const isLogic = symbol.type === 'bool' || symbol.type === 'tristate'
  // Each architecture may take another definition for the first, which gives the type.
  if (!isLogic || symbol.definitions.length > 1) return any(symbol.definitions, () => known.all)
  const raised = ({ from, condition }: KconfigSymbol['selectedBy'][number]): Archs => known.found(from) & may(condition)
  const given =
    any(symbol.prompts, ({ condition }) => may(condition)) |
    any(symbol.defaults, ({ value, condition }) => may(value) & may(condition)) |
    any(symbol.impliedBy, raised)
  const own = given & any(symbol.definitions, ({ condition }) => may(condition))
  return own === known.all ? own : own | any(symbol.selectedBy, raised)
}

/** What some items give together; no more are asked where that is all. */
function unionOf<Each>(items: readonly Each[], { all }: Known, give: (item: Each) => Archs): Archs {
  let sum = 0
  for (const item of items) {
    sum |= give(item)
    if (sum === all) break
  }
  return sum
}

function archsWhere(condition: Condition, known: Known): Archs {
  if (condition === null) return known.all
  switch (condition.kind) {
    case 'symbol': {
      const { name, constant } = condition.operand
      if (constant) return name === 'y' || name === 'm' ? known.all : 0
      return isUnanswered(name) ? known.all : known.found(name)
    }
    case 'and': {
      let common = known.all
      for (const operand of condition.operands) if (common !== 0) common &= archsWhere(operand, known)
      return common
    }
    case 'or':
      return unionOf(condition.operands, known, (operand) => archsWhere(operand, known))
    case 'not':
    case 'compare':
      return known.all
  }
}

/** `isOwn` says of a `source` line that the name of the architecture is in its path. */
type Sources = Pick<Union, 'union' | 'archs'> & { readonly isOwn: (source: Span) => boolean }

/** The architectures whose configuration reads a file: the name of each in a path parts them. */
function archsByFile({ union, archs, isOwn }: Sources, all: Archs): ReadonlyMap<string, Archs> {
  const found = new Map<string, Archs>([[union.root.at.file, all]])
  const ownArch = (path: string, source: Span): Archs => {
    const at = isOwn(source) ? archs.findIndex((arch) => path.startsWith(`arch/${arch}/`)) : -1
    return at === -1 ? all : 1 << at
  }
  for (let isGrowing = true; isGrowing;) {
    isGrowing = false
    for (const [path, lines] of union.files) {
      const before = found.get(path) ?? 0
      const after = lines.reduce((sum, line) => sum | ((found.get(line.file) ?? 0) & ownArch(path, line)), before)
      if (after === before) continue
      found.set(path, after)
      isGrowing = true
    }
  }
  return found
}
