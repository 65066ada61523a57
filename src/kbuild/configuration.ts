import { always, never } from '../cond/conditions.ts'
import type { Atom, Cond, Conditions, Tristate } from '../cond/conditions.ts'
import type { SymbolText } from '../make/initial-variables.ts'
import type { Tree } from '../text/tree.ts'

/** The symbols of a .config that are not n, each with the value that makefiles see: `y`, `m`, or a text without quotes. */
export type Configuration = ReadonlyMap<string, string>

/**
 * What a .config sets, or an include/config/auto.conf. Texts lose their quotes where the kernel's conf writes auto.conf without
 * (scripts/kconfig/confdata.c print_symbol_for_autoconf(), since 5.18). The last assignment of a symbol counts.
 */
export function readConfiguration(text: string, tree: Tree): Configuration {
  const confdata = tree.read('scripts/kconfig/confdata.c')
  const keepsQuotes = confdata !== null && !confdata.includes('print_symbol_for_autoconf')
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    if (!line.startsWith('CONFIG_')) continue
    const match = /^CONFIG_([A-Za-z0-9_]+)=(.*?)\r?$/.exec(line)
    const [, name, value] = match ?? []
    if (name === undefined || value === undefined) continue
    if (value === 'n') values.delete(name)
    else values.set(name, keepsQuotes ? value : unquoted(value))
  }
  return values
}

/** `"a\"b"` as `a"b`. */
function unquoted(value: string): string {
  const match = /^"(.*)"$/.exec(value)
  return match === null ? value : (match[1] ?? '').replace(/\\(.)/g, '$1')
}

/** How the evaluator sees the symbols of a configuration that are texts or numbers. */
export function textOfSymbols(configuration: Configuration): SymbolText {
  return (symbol) => {
    const value = configuration.get(symbol)
    return value === undefined || value === 'y' || value === 'm' ? null : { kind: 'text', text: value }
  }
}

/**
 * Conditions in which every symbol has the value of one configuration, so that all that hangs on symbols alone is `always` or
 * `never`. What a configuration records of the tools (`CONFIG_GCC_VERSION`) answers questions about their versions.
 */
export function concreteConditions(conditions: Conditions, configuration: Configuration): Conditions {
  const valueOf = (name: string): Tristate => {
    const value = configuration.get(name)
    return value === 'y' || value === 'm' ? value : 'n'
  }
  return {
    ...conditions,
    symbolIs: (name, value) => (valueOf(name) === value ? always : never),
    isSet: (name) => (valueOf(name) === 'n' ? never : always),
    atom: (atom) => answerOf(atom, configuration) ?? conditions.atom(atom),
    choose: (variable, of) => {
      if (variable.kind === 'symbol') return { n: of.low, m: of.module, y: of.yes }[valueOf(variable.name)]
      const answer = answerOf(variable.atom, configuration)
      return answer === null ? conditions.choose(variable, of) : answer === always ? of.yes : of.low
    },
  }
}

/** Which symbol records the version that a question of scripts/Makefile.compiler is about. */
const versions: ReadonlyMap<string, string> = new Map([
  ['gcc-min-version', 'GCC_VERSION'],
  ['clang-min-version', 'CLANG_VERSION'],
  ['rustc-min-version', 'RUSTC_VERSION'],
  ['ld-min-version', 'LD_VERSION'],
])

const comparisons: ReadonlyMap<string, (left: number, right: number) => boolean> = new Map([
  ['test-lt', (left: number, right: number) => left < right],
  ['test-le', (left: number, right: number) => left <= right],
  ['test-ge', (left: number, right: number) => left >= right],
  ['test-gt', (left: number, right: number) => left > right],
])

/** The answer to `test-ge(2048, 1024)` or `gcc-min-version(50100)`; null where a configuration does not tell. */
function answerOf({ key }: Atom, configuration: Configuration): Cond | null {
  const [, name = '', list = ''] = /^([a-z-]+)\(([^()]*)\)$/.exec(key) ?? []
  const [first = '', second = ''] = list.split(', ')
  const symbol = versions.get(name)
  const numbers = symbol === undefined ? [first, second] : [configuration.get(symbol) ?? '0', first]
  const compare = symbol === undefined ? comparisons.get(name) : comparisons.get('test-ge')
  if (compare === undefined || numbers.some((text) => !/^-?\d{1,15}$/.test(text))) return null
  return compare(Number(numbers[0]), Number(numbers[1])) ? always : never
}
