import type { Test } from '../../src/make/cst.ts'
import { textOf } from '../../src/make/expr-text.ts'
import { exprsOf, referencesOf, visitNodes } from '../../src/make/visit.ts'
import { definitionsByName } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'

/**
 * `ARCH` is what was asked for, and may be `x86_64`, `i386`, `sparc64` or `parisc64`; `SRCARCH` is the directory below arch/. The
 * top makefile says which names go with which directory ("Additional ARCH settings"), and is asked.
 *
 * Silent below arch/, but for a directory with more than one name: there `ARCH` is the directory, or the makefile knows
 * its own names. Silent where a makefile sets `ARCH` itself, and in tools/, which have another (tools/scripts/Makefile.arch). Which architectures a CONFIG symbol
 * is known to, and whether a condition on it was meant for UML too, takes to know what the code is for.
 */
export default defineRule({
  id: 'cc-arch-condition',
  severity: 'warning',
  scope: 'tree',
  summary: 'An architecture is asked for by a name that it need not have.',
  since: '0.1.0',
  check(context) {
    const names = once(() => additionalNames(context.makefile('Makefile')?.text ?? ''))
    for (const makefile of context.makefiles) {
      if (!isPartOfBuild(makefile) || makefile.path === 'Makefile' || makefile.path === 'scripts/subarch.include')
        continue
      if (!/\$[({](?:SRC)?ARCH[)}]/.test(makefile.text) || definitionsByName(makefile.syntax).has('ARCH')) continue
      reportPaths(makefile, names(), context)
      reportTests(makefile, names(), context)
    }
  },
})

function once<T>(get: () => T): () => T {
  let kept: { readonly value: T } | null = null
  return () => (kept ??= { value: get() }).value
}

/** Values of `ARCH` that are no directory below arch/, and the directory. */
type Names = ReadonlyMap<string, string>

function additionalNames(top: string): Names {
  const found = top.matchAll(/^ifeq \(\$\(ARCH\),(\w+)\)\s*\n\s*SRCARCH\s*:=\s*(\w+)/gm)
  return new Map(
    [...found].flatMap(([, name, directory]) =>
      name === undefined || directory === undefined ? [] : [[name, directory] as const],
    ),
  )
}

/** Whether a makefile is that of an architecture with one name only. */
function hasOneName(path: string, names: Names): boolean {
  const directory = /^arch\/([^/]+)\//.exec(path)?.[1]
  return directory !== undefined && ![...names.values()].includes(directory)
}

function reportPaths({ syntax, text, path }: MakefileView, names: Names, { report }: TreeContext): void {
  if (names.size === 0 || hasOneName(path, names)) return
  const others = [...names.keys()].map((name) => `\`${name}\``).join(', ')
  for (const { node } of visitNodes(syntax.nodes)) {
    for (const { expr } of exprsOf(node)) {
      for (const reference of referencesOf(expr)) {
        if (textOf(text, reference.name) !== 'ARCH' || !text.slice(0, reference.range.start).endsWith('arch/')) continue
        const at = { file: path, ...reference.range }
        const message = `\`ARCH\` may be a name without a directory below arch/ (${others}): \`SRCARCH\` is the directory`
        report({ at, message, suggestion: { message: 'use `$(SRCARCH)`', edits: [{ at, text: '$(SRCARCH)' }] } })
      }
    }
  }
}

function reportTests({ syntax, text, path }: MakefileView, names: Names, { report }: TreeContext): void {
  for (const { node } of visitNodes(syntax.nodes)) {
    if (node.kind !== 'conditional') continue
    for (const { test } of node.branches) {
      const found = test === null ? null : comparedNames(test, text)
      if (test === null || found === null) continue
      const at = { file: path, ...test.range }
      if (found.variable === 'SRCARCH' && names.has(found.name)) {
        const message = `\`SRCARCH\` is never \`${found.name}\`: it is the directory, \`${names.get(found.name) ?? ''}\``
        report({ at, severity: 'error', message })
      }
      if (
        found.variable === 'ARCH' &&
        [...names.values()].includes(found.name) &&
        !path.startsWith(`arch/${found.name}/`)
      ) {
        const others = [...names].filter(([, directory]) => directory === found.name).map(([name]) => `\`${name}\``)
        report({
          at,
          message: `\`ARCH\` may also be ${others.join(' or ')}: \`SRCARCH\` is \`${found.name}\` for these too`,
        })
      }
    }
  }
}

/** The variable of an architecture and the name that it is compared with; null for other conditions. */
function comparedNames(test: Test, text: string): { readonly variable: string; readonly name: string } | null {
  if (test.kind !== 'eq' && test.kind !== 'neq') return null
  const sides = [test.left, test.right].map((side) => textOf(text, side).trim().replaceAll('"', ''))
  const variable = sides.flatMap((side) => /^\$[({]((?:SRC)?ARCH)[)}]$/.exec(side)?.[1] ?? [])[0]
  const name = sides.find((side) => /^[a-z]\w+$/.test(side))
  return variable === undefined || name === undefined ? null : { variable, name }
}
