import { archOf } from '../../src/kbuild/source-arch.ts'
import type { Report } from '../../src/review/finding.ts'
import { definitionsByName } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule } from '../../src/review/rule.ts'
import { scriptsOf, type Script } from '../../src/review/shell-scripts.ts'
import { emptyOperands } from './empty-operands.ts'
import { unportableIn, type Unportable } from './unportable.ts'

/**
 * make runs recipes by `sh`, dash on Debian, and the kernel is also built on hosts without GNU tools. What is told are the few things that a
 * makefile does and that a shell or host of that kind does otherwise or not at all.
 *
 * Silent on what only bash does where the makefile sets SHELL, on what is within quotes or handed to another program, and in tools/
 * and the selftests. Which references may hold blanks is not known from the text, but that a string symbol may be empty
 * is: only that is told of quoting.
 */
export default defineRule({
  id: 'kc-shell-quoting-portability',
  severity: 'warning',
  scope: 'tree',
  summary: 'A recipe relies on bash, on GNU tools, or on a string that is never empty.',
  since: '0.1.0',
  check({ makefiles, symbols, report }) {
    for (const makefile of makefiles) {
      if (!isPartOfBuild(makefile)) continue
      const setsShell = definitionsByName(makefile.syntax).has('SHELL')
      for (const script of scriptsOf(makefile.syntax)) {
        for (const found of unportableIn(script, makefile.text)) {
          if (found.ofShell && setsShell) continue
          report({ at: { file: makefile.path, ...found.range }, ...describe(found, script) })
        }
        for (const { range, name } of emptyOperands(script, makefile.text)) {
          if (symbols(archOf(makefile.path))?.symbols.get(name)?.type !== 'string') continue
          const at = { file: makefile.path, ...range }
          const message = `\`CONFIG_${name}\` is a string and may be empty or hold blanks: without quotes \`[\` then stops with an error`
          const reference = makefile.text.slice(range.start, range.end)
          report({ at, message, suggestion: { message: 'quote it', edits: [{ at, text: `"${reference}"` }] } })
        }
      }
    }
  },
})

function describe({ name, advice }: Unportable, script: Script): Omit<Report, 'at'> {
  const place =
    script.kind === 'shell'
      ? ' in `$(shell ...)`'
      : script.kind === 'command'
        ? ` in \`${script.definition.name}\``
        : ''
  return {
    message: `\`${name}\`${place}: ${advice}`,
    subject: `${name}${place}`,
    ...(name === 'echo -n' && { severity: 'info' }),
  }
}
