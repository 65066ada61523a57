import type { KconfigExpr, KconfigModel, KconfigSymbol } from '../../../../src/kconfig/model.ts'
import { isKconfig } from '../../../../src/review/world.ts'
import { inTurn, shuffled, type Kernel, type Mutator, type Plant } from '../plant.ts'
import { misspelt } from '../places.ts'
import { plantInLines, withLine, type LinePlants, type Place } from '../plant-lines.ts'

/** The Kconfig files that an x86 kernel reads. */
function kconfigs({ paths, knowledge, tree }: Kernel): readonly string[] {
  const model = knowledge.symbols(tree, 'x86_64')
  return paths.filter((path) => isKconfig(path) && model?.files.has(path) === true)
}

const inKconfig = (kernel: Kernel, how: Omit<LinePlants, 'paths' | 'among'>): Iterable<Plant> =>
  plantInLines(kernel, { ...how, paths: kconfigs(kernel), among: 'all' })

const symbolOf = ({ knowledge, tree }: Kernel, name: string): KconfigSymbol | undefined =>
  knowledge.symbols(tree, 'x86_64')?.symbols.get(name)

/** The symbol whose definition a line stands in. */
function definedAt({ lines, index }: Pick<Place, 'lines' | 'index'>): string {
  for (let at = index; at >= 0; at--) {
    const match = /^(?:menu)?config (\w+)/.exec(lines[at] ?? '')
    if (match) return match[1] ?? ''
    if (/^(?:choice|menu|if|comment)\b/.test(lines[at] ?? '')) return ''
  }
  return ''
}

/** Whether the file ends the definition before it has another line of a kind. */
function hasLine({ lines, index }: Place, pattern: RegExp): boolean {
  const isEnd = (line: string): boolean => /^\S/.test(line)
  let start = index
  while (start > 0 && !/^(?:menu)?config /.test(lines[start] ?? '')) start--
  const length = lines.slice(start + 1).findIndex(isEnd)
  return lines.slice(start + 1, length === -1 ? lines.length : start + 1 + length).some((line) => pattern.test(line))
}

const put =
  (change: (line: string) => string) =>
  (place: Place): string =>
    withLine(place, change(place.lines[place.index] ?? ''))

const syntax: Mutator = {
  rule: 'kcfg-syntax',
  plants: (kernel) =>
    inTurn(
      inKconfig(kernel, { pattern: /^\tdepends on /, edit: put((line) => line.replace('depends', 'depend')) }),
      inKconfig(kernel, { pattern: /^\tselect \w+/, edit: put((line) => line.replace('select', 'selects')) }),
      inKconfig(kernel, { pattern: /^endif\b/, edit: (place) => withLine(place, null) }),
      inKconfig(kernel, { pattern: /^\thelp$/, edit: put(() => '\t---help---') }),
      inKconfig(kernel, { pattern: /^\tdepends on \w+$/, edit: put((line) => line.replace('on ', 'on CONFIG_')) }),
      inKconfig(kernel, { pattern: /^(?:end)?menu$|^menu "/, edit: (place) => withLine(place, null) }),
      inKconfig(kernel, { pattern: /^source "[\w/.-]+Kconfig"$/, edit: put((line) => line.replace(/"$/, '.old"')) }),
    ),
}

const undefinedSymbol: Mutator = {
  rule: 'kcfg-undefined-symbol',
  plants: (kernel) =>
    inTurn(
      inKconfig(kernel, {
        pattern: /^\t(?:depends on|select|imply) (\w{4,})$/,
        edit: (place) => put((line) => line.replace(/\w+$/, misspelt))(place),
      }),
      inKconfig(kernel, { pattern: /^if (\w{4,})$/, edit: put((line) => line.replace(/\w+$/, misspelt)) }),
      inKconfig(kernel, {
        pattern: /^\tdefault [mn]$/,
        edit: put((line) => line.toUpperCase().replace('DEFAULT', 'default')),
      }),
      renamedSymbols(kernel),
    ),
}

/** A symbol that gets another name where it is defined, and keeps its old one in the next file that depends on it. */
function* renamedSymbols(kernel: Kernel): Iterable<Plant> {
  for (const path of kconfigs(kernel)) {
    const text = kernel.tree.read(path) ?? ''
    const [line = '', name = ''] = /^\t(?:depends on|select) (\w+)$/m.exec(text) ?? []
    const definitions = symbolOf(kernel, name)?.definitions ?? []
    const [only] = definitions
    if (only === undefined || only.at.file === path || linesOf(kernel, name, 'config|menuconfig') > 1) continue
    const file = only.at.file
    const renamed = (kernel.tree.read(file) ?? '').replace(
      new RegExp(`^(config|menuconfig) ${name}$`, 'm'),
      `$1 ${name}_PLANTED`,
    )
    yield { at: [path], describe: `${line.trim()}, renamed in ${file}`, edits: [{ path: file, text: renamed }] }
  }
}

const redundantLine: Mutator = {
  rule: 'kcfg-redundant-line',
  plants: (kernel) =>
    inTurn(
      inKconfig(kernel, {
        pattern: /^\t(?:bool|tristate) ".*"$/,
        fits: (place) =>
          !hasLine(place, /^\s+default\b/) &&
          symbolOf(kernel, definedAt(place))?.definitions.length === 1 &&
          symbolOf(kernel, definedAt(place))?.choice === null,
        edit: put((line) => `${line}\n\tdefault n`),
      }),
      inKconfig(kernel, { pattern: /^\tdepends on \w+$/, edit: put((line) => `${line}\n${line}`) }),
      inKconfig(kernel, {
        pattern: /^\tdepends on (\w+ && \w+)$/,
        edit: put((line) => `${line}\n${line.replace(/ && .*/, '')}`),
      }),
      inKconfig(kernel, {
        pattern: /^\t(?:bool|tristate) ".*"$/,
        fits: (place) => enclosingIf(place) !== null,
        edit: (place) => put((line) => `${line}\n\tdepends on ${enclosingIf(place) ?? ''}`)(place),
      }),
    ),
}

/** The symbol of the last `if` that is open at a line; null where it is more than a symbol. */
function enclosingIf({ lines, index }: Place): string | null {
  let closed = 0
  for (let at = index; at >= 0; at--) {
    const line = lines[at] ?? ''
    if (/^endif\b/.test(line)) closed++
    else if (/^if\b/.test(line) && closed-- === 0) return /^if (\w+)$/.exec(line)?.[1] ?? null
  }
  return null
}

const expression: Mutator = {
  rule: 'kcfg-expression',
  plants: (kernel) =>
    inTurn(
      inKconfig(kernel, {
        pattern: /^\tdepends on (\w+)$/,
        fits: ({ match }) => isOf(kernel, match[1] ?? '', 'bool'),
        edit: (place) => put((line) => `${line} || !${place.match[1] ?? ''}`)(place),
      }),
      inKconfig(kernel, {
        pattern: /^\tdepends on (\w+)$/,
        fits: ({ match }) => isOf(kernel, match[1] ?? '', 'bool'),
        edit: put((line) => `${line} = m`),
      }),
      inKconfig(kernel, { pattern: /^\tdefault (y|n|m|\d+)$/, edit: put((line) => `${line}\n\tdefault 0`) }),
      inKconfig(kernel, {
        pattern: /^\trange (\d+) (\d+)$/,
        edit: put((line) => line.replace(/(\d+) (\d+)$/, '$2 $1')),
      }),
    ),
}

const isOf = (kernel: Kernel, name: string, type: string): boolean => {
  const symbol = symbolOf(kernel, name)
  return symbol?.type === type && symbol.definitions.length === 1
}

const unreachable: Mutator = {
  rule: 'kcfg-unreachable-symbol',
  plants: (kernel) =>
    inTurn(
      inKconfig(kernel, {
        pattern: /^\t(bool|tristate) ".*"$/,
        fits: (place) => isSetByHand(kernel, place),
        edit: put((line) => line.replace(/ ".*"/, '')),
      }),
      unsourcedFiles(kernel),
    ),
}

function isSetByHand(kernel: Kernel, place: Place): boolean {
  const symbol = symbolOf(kernel, definedAt(place))
  if (symbol === undefined || symbol.definitions.length > 1 || symbol.choice !== null) return false
  return (
    symbol.defaults.length + symbol.selectedBy.length + symbol.impliedBy.length === 0 &&
    linesOf(kernel, symbol.name, 'select|imply|config|menuconfig') === 1
  )
}

/** How many lines of all Kconfig files, of whatever architecture, say one of some words of a symbol. */
function linesOf({ tree, paths }: Kernel, name: string, words: string): number {
  const line = new RegExp(`^\\s*(?:${words}) ${name}\\b`, 'gm')
  return paths.filter(isKconfig).reduce((sum, path) => sum + [...(tree.read(path) ?? '').matchAll(line)].length, 0)
}

/** A file that its `source` line does not bring in any more. */
function* unsourcedFiles(kernel: Kernel): Iterable<Plant> {
  const lines = inKconfig(kernel, {
    pattern: /^source "([\w/.-]+)"$/,
    fits: ({ match }) =>
      /^\s*(?:menu)?config /m.test(kernel.tree.read(match[1] ?? '') ?? '') && isSourcedOnce(kernel, match[1] ?? ''),
    edit: (place) => withLine(place, null),
  })
  for (const plant of lines) {
    const [, file = ''] = /"(.*)"/.exec(plant.describe) ?? []
    yield { ...plant, at: [...plant.at, file] }
  }
}

const isSourcedOnce = ({ knowledge, tree }: Kernel, path: string): boolean =>
  knowledge.symbols(tree, 'x86_64')?.files.get(path)?.length === 1

const selectUnmet: Mutator = { rule: 'kcfg-select-unmet', plants: unmetSelections }

/** Selects, in one file, what depends on something that the selecting symbol has nothing to do with. */
function* unmetSelections(kernel: Kernel): Iterable<Plant> {
  const model = kernel.knowledge.symbols(kernel.tree, 'x86_64')
  if (model === null) return
  const targets = shuffled(
    [...model.symbols.values()].filter((symbol) => isTarget(symbol, model)),
    kernel.random,
  )
  const lines = plantInLines(kernel, {
    paths: kconfigs(kernel),
    among: 'all',
    pattern: /^\t(?:bool|tristate) ".*"$/,
    fits: (place) => isPlainOption(symbolOf(kernel, definedAt(place)), model),
    edit: (place) => {
      const from = symbolOf(kernel, definedAt(place))
      const first = Math.floor(kernel.random() * targets.length)
      const ordered = [...targets.slice(first), ...targets.slice(0, first)]
      const target = from && ordered.find((each) => isUnrelated(from, each, model))
      return target === undefined ? null : withLine(place, `${place.match[0]}\n\tselect ${target.name}`)
    },
  })
  yield* lines
}

/** A tristate or bool that depends on one symbol, which somebody may leave off. */
function isTarget(symbol: KconfigSymbol, model: KconfigModel): boolean {
  if (symbol.type !== 'bool' && symbol.type !== 'tristate') return false
  const on = symbol.dependency
  if (on?.kind !== 'symbol' || symbol.choice !== null || symbol.definitions.length > 1) return false
  const needed = model.symbols.get(on.operand.name)
  return (
    needed !== undefined &&
    needed.prompts.length > 0 &&
    needed.defaults.length === 0 &&
    needed.selectedBy.length === 0 &&
    needed.choice === null
  )
}

/** One definition, with a prompt, that depends on symbols alone. */
function isPlainOption(symbol: KconfigSymbol | undefined, model: KconfigModel): boolean {
  if (symbol === undefined || symbol.definitions.length > 1 || symbol.choice !== null) return false
  const names = namesOf(symbol.dependency)
  return names !== null && names.every((name) => (model.symbols.get(name)?.prompts.length ?? 0) > 0)
}

/** The symbols of a conjunction; null where it is anything else. */
function namesOf(condition: KconfigExpr | null): readonly string[] | null {
  if (condition === null) return []
  if (condition.kind === 'symbol') return condition.operand.constant ? null : [condition.operand.name]
  if (condition.kind !== 'and') return null
  const each = condition.operands.map(namesOf)
  return each.every((names) => names !== null) ? each.flat() : null
}

/** Whether a symbol, with all that it depends on and selects, has nothing to do with what a target depends on. */
function isUnrelated(from: KconfigSymbol, target: KconfigSymbol, model: KconfigModel): boolean {
  const [needed = ''] = namesOf(target.dependency) ?? []
  const seen = new Set<string>()
  const waiting = [from.name]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    const symbol = model.symbols.get(name)
    if (symbol === undefined) continue
    waiting.push(...mentioned(symbol.dependency), ...symbol.selects.map((selection) => selection.target))
  }
  return !seen.has(needed) && !seen.has(target.name)
}

/** The symbols that a condition names anywhere. */
function mentioned(condition: KconfigExpr | null): readonly string[] {
  if (condition === null) return []
  if (condition.kind === 'symbol') return [condition.operand.name]
  if (condition.kind === 'compare') return [condition.left.name, condition.right.name]
  return condition.kind === 'not' ? mentioned(condition.operand) : condition.operands.flatMap(mentioned)
}

/** Defects of the rules about Kconfig files. */
export const kconfigMutators: readonly Mutator[] = [
  selectUnmet,
  syntax,
  undefinedSymbol,
  redundantLine,
  expression,
  unreachable,
]
