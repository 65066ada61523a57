import { archOf } from '../../src/kbuild/source-arch.ts'
import type { KconfigSymbol } from '../../src/kconfig/model.ts'
import type { KconfigView, TreeContext } from '../../src/review/rule.ts'

/**
 * Whether a `select` in a file raises a symbol wherever the file is read: it is a bool or tristate there, and no member of a choice,
 * which `select` does not force (symbol.c sym_calc_value()). `unknown` where the tree has not all Kconfig files of a kernel.
 */
export function isRaisedBySelect(
  symbol: string,
  file: KconfigView,
  { tree, symbols, allArchs }: TreeContext,
): 'yes' | 'no' | 'unknown' {
  const same = allArchs()?.sameWhere(symbol, file.path)
  if (same) return isRaisable(same) ? 'yes' : 'no'
  const directories = tree.list('arch').filter(({ kind }) => kind === 'directory')
  const archs = file.path.startsWith('arch/')
    ? [archOf(file.path)]
    : directories.map(({ name }) => archOf(`arch/${name}/Kconfig`))
  let isRead = false
  for (const arch of archs) {
    const model = symbols(arch)
    if (model?.files.has('init/Kconfig') !== true) return 'unknown'
    if (!model.files.has(file.path)) continue
    isRead = true
    const found = model.symbols.get(symbol)
    if (found === undefined || !isRaisable(found)) return 'no'
  }
  return isRead ? 'yes' : 'unknown'
}

function isRaisable({ type, choice }: KconfigSymbol): boolean {
  return (type === 'bool' || type === 'tristate') && choice === null
}
