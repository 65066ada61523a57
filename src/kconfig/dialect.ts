import type { Tree } from '../text/tree.ts'
import type { KconfigFile, Property, Range, Statement } from './syntax.ts'

/** What a kernel's Kconfig accepts and means, where kernels differ. Read from its own sources, not from its version. */
export type KconfigDialect = {
  /**
   * How choices get their value. `recorded`: the choice is a symbol of its own that remembers the member the user chose, and
   * may be tristate. `calculated`, since Linux 6.11: it is bool, and its members' own values decide.
   */
  readonly choices: 'recorded' | 'calculated'
  /** Whether an int or hex without a value is 0 (since Linux 6.10) or empty. */
  readonly emptyNumberIsZero: boolean
  /** Whether a number of a .config that is out of range is dropped in favour of the default (before Linux 6.10). */
  readonly dropsOutOfRange: boolean
  /** `optional` and `tristate` in a choice, and a choice with a name. */
  readonly optionalChoice: boolean
  readonly tristateChoice: boolean
  readonly namedChoice: boolean
  readonly transitional: boolean
  /** `depends on X if Y`. */
  readonly conditionalDepends: boolean
  /** `option env=`, `option modules`. */
  readonly options: boolean
}

/** The dialect of Linux 6.12, taken where a tree has no scripts/kconfig to read it from. */
export const linux612: KconfigDialect = {
  choices: 'calculated',
  emptyNumberIsZero: true,
  dropsOutOfRange: false,
  optionalChoice: false,
  tristateChoice: false,
  namedChoice: false,
  transitional: false,
  conditionalDepends: false,
  options: false,
}

/** The dialect that a tree's own scripts/kconfig implements; that of Linux 6.12 where it has none. */
export function readDialect(tree: Tree): KconfigDialect {
  const parser = tree.read('scripts/kconfig/parser.y')
  const symbol = tree.read('scripts/kconfig/symbol.c')
  if (parser === null || symbol === null) return linux612
  const confdata = tree.read('scripts/kconfig/confdata.c') ?? ''
  return {
    choices: symbol.includes('sym_get_choice_menu') ? 'calculated' : 'recorded',
    emptyNumberIsZero: symbol.includes('newval.val = "0"'),
    dropsOutOfRange: confdata.includes('sym_string_within_range(sym, sym->def[S_DEF_USER].val)'),
    optionalChoice: parser.includes('T_OPTIONAL'),
    tristateChoice: parser.includes('choice_option: logic_type'),
    namedChoice: parser.includes('T_CHOICE word_opt'),
    transitional: parser.includes('T_TRANSITIONAL'),
    conditionalDepends: /T_DEPENDS\s+T_ON\s+expr\s+if_expr/.test(parser),
    options: parser.includes('T_OPTION '),
  }
}

/** What `parseKconfig` accepts in a file and a given kernel does not. `source` files of Kconfiglib are none of any kernel's. */
export function unsupportedSyntax(
  file: KconfigFile,
  dialect: KconfigDialect,
): readonly (Range & { message: string })[] {
  const found: (Range & { message: string })[] = []
  const add = ({ start, end }: Range, message: string | null): void => {
    if (message !== null) found.push({ start, end, message })
  }
  for (const statement of file.statements) {
    add(statement, unsupportedStatement(statement, dialect))
    if (!('properties' in statement)) continue
    for (const property of statement.properties) add(property, unsupportedProperty(property, statement.kind, dialect))
  }
  return found
}

function unsupportedStatement(statement: Statement, dialect: KconfigDialect): string | null {
  if (statement.kind === 'choice' && statement.name !== null && !dialect.namedChoice) return 'a choice has no name'
  if (statement.kind === 'source' && (statement.relative || statement.optional))
    return 'the kernel knows `source` alone'
  return null
}

function unsupportedProperty(property: Property, parent: Statement['kind'], dialect: KconfigDialect): string | null {
  switch (property.kind) {
    case 'transitional':
      return dialect.transitional ? null : '`transitional` is not known to this kernel'
    case 'optional':
      return dialect.optionalChoice ? null : '`optional` is not known to this kernel'
    case 'option':
      return dialect.options ? null : '`option` is not known to this kernel'
    case 'depends':
      return property.condition === null || dialect.conditionalDepends
        ? null
        : '`depends on` takes no `if` in this kernel'
    case 'type': {
      if (parent !== 'choice' || dialect.tristateChoice) return null
      return property.type !== 'bool' || property.prompt === null ? 'a choice is bool, and has a prompt' : null
    }
    default:
      return null
  }
}
