import { namesOfWholeKernel } from '../../src/kconfig/whole-tree.ts'
import { isKernelKconfig } from '../../src/review/kconfig-files.ts'
import { defineRule } from '../../src/review/rule.ts'
import { callsIn, variablesIn, type Call } from './calls.ts'

/**
 * Macros are expanded while the files are read, before any symbol has a value (Documentation/kbuild/kconfig-macro-language.rst "Caveats"):
 * `$(NAME)` is a variable of the Kconfig files or of the environment, never a symbol, and a name of nothing expands to nothing
 * (scripts/kconfig/preprocess.c `eval_clause()`).
 *
 * Silent on names that the top makefile knows, for it gives them to conf; on names made by macros; and where the tree is not whole.
 * What a command prints, and whether it is there, is not known.
 */
export default defineRule({
  id: 'kcfg-macro-eval',
  severity: 'error',
  scope: 'tree',
  summary: 'A macro of a Kconfig file that expands to nothing: of a symbol, or of a function that is not there.',
  since: '0.1.0',
  check({ tree, kconfigs, wholeKconfig, report }) {
    const files = kconfigs.filter((file) => isKernelKconfig(file) && file.text.includes('$('))
    if (files.length === 0) return
    const whole = wholeKconfig()
    const symbols = namesOfWholeKernel(whole)
    const makefile = tree.read('Makefile')
    if (symbols === null || makefile === null) return
    const environment = new Set([...makefile.matchAll(/[\w-]+/g)].map(([word]) => word))
    const variables = new Set([...whole.files.values()].flatMap(variablesIn))
    const world: World = { symbols, environment, variables }
    for (const { path, syntax, text } of files.filter((file) => whole.files.has(file.path))) {
      for (const call of callsIn(syntax, text)) {
        const message = faultOf(call, world)
        if (message !== null) report({ at: { file: path, start: call.range.start, end: call.range.end }, message })
      }
    }
  },
})

type World = {
  readonly symbols: ReadonlySet<string>
  readonly environment: ReadonlySet<string>
  readonly variables: ReadonlySet<string>
}

/** The functions of preprocess.c. */
const functions: ReadonlySet<string> = new Set(['error-if', 'filename', 'info', 'lineno', 'shell', 'warning-if'])

function faultOf({ name, hasArguments }: Call, { symbols, environment, variables }: World): string | null {
  if (!/^[A-Za-z][\w-]*$/.test(name) || variables.has(name) || functions.has(name)) return null
  if (hasArguments) return `there is no macro \`${name}\`, so this expands to nothing`
  if (environment.has(name)) return null
  const symbol = name.replace(/^CONFIG_/, '')
  return symbols.has(symbol) ? `\`$(${name})\` is empty: macros are expanded before \`${symbol}\` has a value` : null
}
