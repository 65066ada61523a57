import { archOf } from '../../src/kbuild/source-arch.ts'
import { both, symbolExpr } from '../../src/kconfig/condition.ts'
import { createFinder, type Finder, type Search } from '../../src/kconfig/find-configuration.ts'
import type { KconfigModel, KconfigSymbol } from '../../src/kconfig/model.ts'
import { defineRule, type KconfigView, type TreeContext } from '../../src/review/rule.ts'
import { oncePer } from '../../src/text/once-per.ts'
import { riskyEdges, type Edge } from './edges.ts'
import { describeUnmet } from './words.ts'

/** Asked in turn, for a file of no architecture, until one lets the selecting symbol be set. */
const architectures = ['x86_64', 'arm64', 'arm', 'powerpc', 'mips'] as const

/**
 * `select` forces a symbol whatever that depends on (Documentation/kbuild/kconfig-language.rst "reverse dependencies"); conf warns of
 * "unmet direct dependencies" in the configurations where it does so against them (scripts/kconfig/symbol.c `sym_warn_unmet_dep()`).
 *
 * What is reported has a configuration that shows it, worked out by the rules of conf. Silent where a condition, a dependency, or what the
 * symbol selects besides excludes one; where it takes another `select` whose dependencies are not met either; on members of choices,
 * which `select` does not force; and where not all that counts can be looked through, which is unsure.
 */
export default defineRule({
  id: 'kcfg-select-unmet',
  severity: 'error',
  scope: 'tree',
  absence: true,
  summary: 'A symbol is selected that depends on something which may be off.',
  since: '0.1.0',
  check(context) {
    const judges = new Map<string, Judge | null>()
    const judgeOf = (arch: string): Judge | null => {
      const known = judges.get(arch)
      const judge = known === undefined ? createJudge(arch, context) : known
      judges.set(arch, judge)
      return judge
    }
    for (const file of context.kconfigs) {
      const archs = file.path.startsWith('arch/') ? [archOf(file.path)] : architectures
      for (const name of selectingSymbols(file)) judgeSymbol(name, { file, context, archs, judgeOf })
    }
  },
})

/** The symbols of an architecture, and what looks through their configurations. */
type Judge = { readonly arch: string; readonly model: KconfigModel; readonly finder: Finder }

const finderOf = oncePer(createFinder)

/** Null where the tree has not all Kconfig files of a kernel, so that what is off is not known. */
function createJudge(arch: string, { symbols }: TreeContext): Judge | null {
  const model = symbols(arch)
  if (model === null || !model.files.has('init/Kconfig')) return null
  const isWhole = model.problems.every(({ code }) => code !== 'missing-file' && code !== 'unknown-path')
  return isWhole ? { arch, model, finder: finderOf(model) } : null
}

/** The names of the definitions with a `select`, once each. */
function selectingSymbols({ syntax }: KconfigView): ReadonlySet<string> {
  return new Set(
    syntax.statements.flatMap((statement) =>
      statement.kind === 'config' && statement.properties.some(({ kind }) => kind === 'select')
        ? [statement.name.text]
        : [],
    ),
  )
}

type Setting = {
  readonly file: KconfigView
  readonly context: TreeContext
  readonly archs: readonly string[]
  readonly judgeOf: (arch: string) => Judge | null
}

function judgeSymbol(name: string, { file, context, archs, judgeOf }: Setting): void {
  for (const arch of archs) {
    const judge = judgeOf(arch)
    const symbol = judge?.model.symbols.get(name)
    if (judge === null) return
    if (symbol === undefined) continue
    const edges = riskyEdges(symbol, judge.model).filter(({ selection }) => selection.at.file === file.path)
    if (edges.length === 0) return
    const results = edges.map((edge) => ({ edge, search: unmetBy(edge, symbol, judge) }))
    for (const { edge, search } of results) {
      const { at } = edge.selection
      if (search.kind === 'found') context.report(describeUnmet(edge, search, judge.arch))
      if (search.kind === 'unknown') context.unsure(at, `too much decides on what \`${edge.target.name}\` depends on`)
    }
    const isOpen = results.some(({ search }) => search.kind !== 'impossible')
    if (isOpen || arch === archs.at(-1) || mayBeSetOn(judge, symbol)) return
  }
}

/** A configuration where the target is n but for the `select`; or one where it is y and would be m. */
function unmetBy({ selection, target }: Edge, symbol: KconfigSymbol, { finder: { find } }: Judge): Search {
  const selecting = both(symbolExpr(symbol.name), selection.condition)
  const off = find({
    except: target.name,
    wanted: [
      { condition: selecting, least: 1, most: 2 },
      { condition: target.dependency, least: 0, most: 0 },
    ],
  })
  if (off.kind !== 'impossible' || symbol.type !== 'bool' || target.type !== 'tristate') return off
  return find({
    except: target.name,
    wanted: [
      { condition: selecting, least: 2, most: 2 },
      { condition: target.dependency, least: 1, most: 1 },
    ],
  })
}

/** Whether an architecture may have a configuration that sets a symbol: most have one, and so nothing is tried out for it. */
function mayBeSetOn({ finder }: Judge, { name }: KconfigSymbol): boolean {
  return !finder.refutes({ except: null, wanted: [{ condition: symbolExpr(name), least: 1, most: 2 }] })
}
