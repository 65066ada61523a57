import { similarName } from '../../src/kconfig/similar-name.ts'
import { namesOfWholeKernel, type WholeKconfig } from '../../src/kconfig/whole-tree.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { directoryOf } from '../../src/review/selftests.ts'
import { configLines, type ConfigLine } from './config-lines.ts'

/**
 * `make kselftest-merge` merges the `config` of each selftest into .config, where a line of a symbol that nobody defines is lost, and
 * `=m` of a symbol that is a bool as well.
 *
 * Silent on names that any architecture defines; on symbols whose type another definition leaves open; where the tree has not all of its
 * Kconfig files; and on `is not set`, which is true of what is not there.
 */
export default defineRule({
  id: 'st-config-fragment',
  severity: 'warning',
  scope: 'tree',
  absence: true,
  summary: 'The `config` of a selftest asks for a symbol that is not there, or for a value that it cannot have.',
  since: '0.1.0',
  check(context) {
    const lines = linesUnderReview(context)
    if (lines.length === 0) return
    const whole = context.wholeKconfig()
    const names = namesOfWholeKernel(whole)
    const asModule = new Set(lines.flatMap(({ name, value }) => (value === 'm' ? [name] : [])))
    const types = asModule.size === 0 ? new Map() : typesOf(whole, asModule)
    for (const line of lines) {
      if (names === null) context.unsure(line.at, 'the tree has not all Kconfig files of a kernel')
      else if (!names.has(line.name)) reportUndefined(line, names, context)
      else if (line.value === 'm' && types.get(line.name) === 'bool') {
        const message = `\`CONFIG_${line.name}\` is a bool: it is never \`m\``
        context.report({ at: line.at, subject: line.name, message })
      }
    }
  },
})

function linesUnderReview({ makefiles, tree }: TreeContext): readonly ConfigLine[] {
  return makefiles.flatMap(({ path, world }) => {
    if (world !== 'selftests' || !path.endsWith('/Makefile')) return []
    const directory = directoryOf(path)
    const files = tree.list(directory).filter(({ name, kind }) => kind === 'file' && /^config(?:\.\w+)?$/.test(name))
    return files.flatMap(({ name }) => configLines(`${directory}/${name}`, tree.read(`${directory}/${name}`) ?? ''))
  })
}

function reportUndefined({ name, at }: ConfigLine, names: ReadonlySet<string>, { report }: TreeContext): void {
  const similar = similarName(name, names)
  report({
    at,
    subject: name,
    message: `no Kconfig file defines \`${name}\`: kselftest-merge drops the line`,
    ...(similar !== null && { evidence: [`there is \`CONFIG_${similar}\``] }),
  })
}

/** The types that all definitions of a symbol give it; `mixed` where they differ. */
function typesOf({ files }: WholeKconfig, asked: ReadonlySet<string>): ReadonlyMap<string, string> {
  const types = new Map<string, string>()
  for (const { statements } of files.values()) {
    for (const statement of statements) {
      if (statement.kind !== 'config' || !asked.has(statement.name.text)) continue
      const given = statement.properties.flatMap((each) =>
        (each.kind === 'type' || each.kind === 'default') && each.type !== null ? [each.type] : [],
      )
      for (const type of given) {
        const known = types.get(statement.name.text)
        types.set(statement.name.text, known === undefined || known === type ? type : 'mixed')
      }
    }
  }
  return types
}
