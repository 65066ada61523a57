/** A line of Module.symvers (Documentation/kbuild/modules.rst §6.1): `crc symbol module type namespace`, by tabs. */
export type ExportedSymbol = {
  readonly symbol: string
  readonly crc: string
  readonly module: string
  readonly type: string
  readonly namespace: string
}

/** No kernel exports so many symbols (an allmodconfig some 35,000). */
const maxSymbols = 500_000

/** Reads a Module.symvers; lines that are none are left out. */
export function readSymvers(text: string): ReadonlyMap<string, ExportedSymbol> {
  const symbols = new Map<string, ExportedSymbol>()
  for (const line of text.split('\n', maxSymbols)) {
    const [crc = '', symbol = '', module = '', type = '', namespace = ''] = line.split('\t')
    if (/^0x[0-9a-f]{1,16}$/.test(crc) && symbol !== '') symbols.set(symbol, { symbol, crc, module, type, namespace })
  }
  return symbols
}

/** What a patch did to the exported symbols, each list sorted by name. */
export type SymversChange = {
  readonly added: readonly ExportedSymbol[]
  readonly removed: readonly ExportedSymbol[]
  /** Those whose module, type or namespace is another one. */
  readonly changed: readonly { readonly before: ExportedSymbol; readonly after: ExportedSymbol }[]
  /** Those of which only the CRC is another one: what their types reach has changed. */
  readonly crcs: readonly string[]
}

/** Compares what two builds export. */
export function compareSymvers(
  before: ReadonlyMap<string, ExportedSymbol>,
  after: ReadonlyMap<string, ExportedSymbol>,
): SymversChange {
  const byName = (a: ExportedSymbol, b: ExportedSymbol): number => (a.symbol < b.symbol ? -1 : 1)
  const both = [...after.values()].sort(byName).flatMap((now) => {
    const then = before.get(now.symbol)
    return then === undefined ? [] : [{ before: then, after: now }]
  })
  const isSame = (a: ExportedSymbol, b: ExportedSymbol): boolean =>
    a.module === b.module && a.type === b.type && a.namespace === b.namespace
  return {
    added: [...after.values()].filter(({ symbol }) => !before.has(symbol)).sort(byName),
    removed: [...before.values()].filter(({ symbol }) => !after.has(symbol)).sort(byName),
    changed: both.filter((each) => !isSame(each.before, each.after)),
    crcs: both
      .filter((each) => isSame(each.before, each.after) && each.before.crc !== each.after.crc)
      .map(({ after: { symbol } }) => symbol),
  }
}
