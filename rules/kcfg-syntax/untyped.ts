import type { Statement } from '../../src/kconfig/syntax.ts'
import { canMeet, findDefiners } from '../../src/review/kconfig-files.ts'
import type { KconfigView, TreeContext } from '../../src/review/rule.ts'
import type { Fault } from './statements.ts'

type Config = Extract<Statement, { readonly kind: 'config' }>

/** Definitions of symbols that no definition gives a type; none where the tree has no Kconfig at its top to find others from. */
export function untypedSymbols(
  files: readonly KconfigView[],
  context: TreeContext,
): readonly { readonly file: KconfigView; readonly fault: Fault }[] {
  const untyped = files.flatMap((file) =>
    configsOf(file)
      .filter((config) => config.name.parts === null && !hasType(config))
      .map((config) => ({ file, config })),
  )
  if (untyped.length === 0 || context.kconfig('Kconfig') === null) return []
  const typed = pathsWithType(context)
  return untyped.flatMap(({ file, config: { name } }) => {
    if (typed(name.text).some((path) => canMeet(path, file.path))) return []
    const message = `\`${name.text}\` has no type: it is neither bool, tristate, int, hex nor string anywhere`
    const fault = { start: name.start, end: name.end, message, says: 'config symbol defined without type' }
    return [{ file, fault }]
  })
}

function configsOf({ syntax }: KconfigView): readonly Config[] {
  return syntax.statements.filter((statement) => statement.kind === 'config')
}

function hasType({ properties }: Config): boolean {
  return properties.some((property) => property.kind === 'error' || ('type' in property && property.type !== null))
}

/** The files that give a symbol a type. */
const pathsWithType = findDefiners(hasType)
