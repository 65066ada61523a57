import { sharedScripts } from '../../src/kbuild/external-module.ts'
import { textOf } from '../../src/make/expr-text.ts'
import type { Enclosing } from '../../src/make/visit.ts'
import { definitionsByName, type Definition } from '../../src/review/recipe-variables.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'

/**
 * The lists that modpost and the last link share with the top makefile go by exported variables, and in trees with `extmod_prefix` each
 * of these begins with it. Told is one that does not and is used in a script that external modules are built with.
 *
 * Silent in trees without that variable, where make runs in the module's directory; on a variable that the kernel's build alone sets
 * (`ifeq ($(KBUILD_EXTMOD),)`); on paths with a directory, and behind a variable that the makefile sets.
 */
export default defineRule({
  id: 'lp-extmod-and-modpost',
  severity: 'error',
  scope: 'tree',
  summary: 'A list that modpost writes has the same name for the kernel and for each external module.',
  since: '0.1.0',
  check(context) {
    const makefile = context.makefiles.find(({ path }) => path === 'Makefile')
    if (makefile === undefined) return
    const definitions = definitionsByName(makefile.syntax)
    if (!definitions.has('extmod_prefix')) return
    for (const definition of [...definitions.values()].flat()) {
      const list = listName(definition, makefile, definitions)
      const user = list === null ? null : userOf(definition.name, context)
      if (list === null || user === null) continue
      context.report({
        at: { file: makefile.path, ...definition.value.range },
        message: `\`${definition.name}\` is \`${list}\` for an external module too: it replaces that of the kernel, or cannot be written`,
        subject: `list ${definition.name}`,
        evidence: [`${user} uses it with \`M=dir\` as well`, 'MODORDER begins with $(extmod_prefix) for that'],
        suggestion: {
          message: `use \`$(extmod_prefix)${list}\``,
          edits: [{ at: { file: makefile.path, ...definition.value.range }, text: `$(extmod_prefix)${list}` }],
        },
      })
    }
  },
})

/** The file that an exported variable names in the directory where make runs; null for any other variable. */
function listName(
  { node, value, enclosing }: Definition,
  { text }: MakefileView,
  definitions: ReadonlyMap<string, readonly Definition[]>,
): string | null {
  if (node.kind !== 'assignment' || !node.modifiers.includes('export') || isOfKernel(enclosing, text)) return null
  const written = textOf(text, value).trim()
  const [, prefix, name] = /^(?:\$[({]([\w-]+)[)}])?(\w[\w-]*\.[\w.-]*[a-z])$/.exec(written) ?? []
  if (name === undefined || /^[\d.]+$/.test(name)) return null
  return prefix === undefined || !definitions.has(prefix) ? name : null
}

/** Whether a branch asks if an external module is built. */
function isOfKernel(enclosing: readonly Enclosing[], text: string): boolean {
  return enclosing.some(({ conditional }) =>
    conditional.branches.some(({ range }) => text.slice(range.start, range.end).includes('KBUILD_EXTMOD')),
  )
}

/** The script among those of external modules that uses a variable. */
function userOf(name: string, { makefile: open }: TreeContext): string | null {
  const uses = new RegExp(`\\$[({]${name.replaceAll(/\W/g, '')}[)}]`)
  return sharedScripts.find((path) => uses.test(open(path)?.text ?? '')) ?? null
}
