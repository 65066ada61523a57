import { enclosingBlocks } from '../../src/kconfig/enclosing.ts'
import { raisedNames, typeGiven } from '../../src/kconfig/references.ts'
import type { KconfigFile, Statement } from '../../src/kconfig/syntax.ts'
import { namesOfWholeKernel } from '../../src/kconfig/whole-tree.ts'
import type { WholeKconfig } from '../../src/kconfig/whole-tree.ts'
import { isKernelKconfig } from '../../src/review/kconfig-files.ts'
import { defineRule, type KconfigView } from '../../src/review/rule.ts'
import { oncePer } from '../../src/text/once-per.ts'

/**
 * A bool or tristate is n where nobody is asked, no default says otherwise and nothing selects it (scripts/kconfig/symbol.c
 * `sym_calc_value()`); and a file that no `source` brings in defines nothing.
 *
 * All architectures count. Silent where the tree is not whole, on names made by macros, on members of a choice, on texts and
 * numbers, and on the Kconfig files that are there to be read by people, or by the tests of conf. Whether a prompt or a default can
 * ever be seen is not asked, and neither is whether C uses the symbol.
 */
export default defineRule({
  id: 'kcfg-unreachable-symbol',
  severity: 'warning',
  scope: 'tree',
  absence: true,
  summary: 'A symbol that nobody can turn on, or a Kconfig file that no other brings in.',
  since: '0.1.0',
  check({ kconfigs, wholeKconfig, report }) {
    const files = kconfigs.filter((file) => isKernelKconfig(file) && !file.path.startsWith('Documentation/'))
    if (files.length === 0) return
    const whole = wholeKconfig()
    if (namesOfWholeKernel(whole) === null) return
    let settable: ReadonlySet<string> | null = null
    for (const file of files) {
      if (!whole.files.has(file.path)) {
        const first = firstDefinition(file)
        if (first === undefined) continue
        const { start, end } = first.name
        report({
          at: { file: file.path, start, end },
          message: `no Kconfig file brings in \`${file.path}\``,
          subject: file.path,
        })
        continue
      }
      for (const { name } of bareDefinitions(file.syntax)) {
        settable ??= settableSymbols(whole)
        if (settable.has(name.text) || name.text === neverOn) continue
        report({
          at: { file: file.path, start: name.start, end: name.end },
          message: `\`${name.text}\` is always n: it has no prompt and no default, and nothing selects it`,
        })
      }
    }
  },
})

/** What depends on it is not to be built: nobody can turn it on, on purpose (init/Kconfig). */
const neverOn = 'BROKEN'

type Config = Extract<Statement, { readonly kind: 'config' }>

function firstDefinition({ syntax }: KconfigView): Config | undefined {
  return syntax.statements.find((statement) => statement.kind === 'config')
}

/** The definitions of bools and tristates that do not say themselves how the symbol is set. */
function bareDefinitions(file: KconfigFile): readonly Config[] {
  return file.statements.filter(
    (statement): statement is Config =>
      statement.kind === 'config' &&
      statement.name.parts === null &&
      isLogic(statement) &&
      !setsItself(file, statement),
  )
}

function isLogic(config: Config): boolean {
  const type = typeGiven(config)
  return type === 'bool' || type === 'tristate'
}

/** Whether a definition asks for its symbol, gives it a default, or is a member of a choice. */
function setsItself(file: KconfigFile, config: Config): boolean {
  const says = config.properties.some(
    (property) =>
      property.kind === 'prompt' ||
      property.kind === 'default' ||
      property.kind === 'option' ||
      property.kind === 'modules' ||
      property.kind === 'transitional' ||
      property.kind === 'error' ||
      (property.kind === 'type' && property.prompt !== null),
  )
  return says || enclosingBlocks(file, config).some(({ kind }) => kind === 'choice')
}

/** The symbols that some definition sets, or some line selects or implies, in any file. */
const settableSymbols: (whole: WholeKconfig) => ReadonlySet<string> = oncePer(({ files }) => {
  const names = new Set<string>()
  for (const file of files.values()) for (const name of setIn(file)) names.add(name)
  return names
})

const setIn: (file: KconfigFile) => ReadonlySet<string> = oncePer((file) => {
  const set = new Set(raisedNames(file))
  for (const statement of file.statements)
    if (statement.kind === 'config' && !set.has(statement.name.text) && setsItself(file, statement))
      set.add(statement.name.text)
  return set
})
