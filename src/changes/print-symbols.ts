import { assertNever } from '../text/assert-never.ts'
import type { SymbolChange } from './changed-symbols.ts'
import { namesText } from './print-words.ts'

/** Names of symbols before the rest is counted. */
const maxNames = 3
/** Users that are named. */
const maxUsers = 2

/** `symbol: CONFIG_UART_DMA: bool -> tristate, also depends on PCI`. */
export function symbolText({ names, arch, change }: SymbolChange): string {
  const symbols = namesText(
    names.map((name) => `CONFIG_${name}`),
    maxNames,
  )
  const under = arch === null ? '' : ` [${arch}]`
  const are = names.length === 1 ? 'is' : 'are'
  switch (change.kind) {
    case 'new':
      return `symbol: ${symbols} ${are} new (${change.is})${under}`
    case 'gone':
      return `symbol: ${symbols} (${change.was}) ${are} gone${change.under === null ? '' : ` for ${change.under}`}${usersText(change.users)}`
    case 'renamed':
      return `symbol: ${symbols} -> CONFIG_${change.to}${usersText(change.users)}${under}`
    case 'changed':
      return `symbol: ${symbols}: ${change.what.join('; ')}${under}`
    case 'choice':
      return `symbol: the choice of ${symbols} and others: ${change.what.join('; ')}${under}`
    default:
      return assertNever(change)
  }
}

function usersText(users: readonly string[]): string {
  if (users.length === 0) return ''
  return `; ${namesText(users, maxUsers)} still ${users.length === 1 ? 'refers' : 'refer'} to it`
}
