import { exprWords, literalText } from '../../src/make/expr-text.ts'
import { definitionsIn, type Definition } from '../../src/review/recipe-variables.ts'
import type { MakefileView, TreeContext } from '../../src/review/rule.ts'
import type { Range } from '../../src/make/cst.ts'

/** A module of a list, and the C text that it is compiled from, without comments. */
export type ListedModule = { readonly name: string; readonly range: Range; readonly text: string }

/** The objects in `obj-m` and `obj-$(CONFIG_X)` whose sources are all in the tree; names that are put together are left out. */
export function listedModules(makefile: MakefileView, { tree }: TreeContext): readonly ListedModule[] {
  const { syntax, text, path } = makefile
  const definitions = definitionsIn(syntax)
  const directory = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const lists = assignmentsTo(/^\s*obj-(?:m|\$[({]CONFIG_\w+[)}])\s*[:+?]?=/, makefile)
  return lists.flatMap((value) =>
    exprWords(text, value).flatMap((word): readonly ListedModule[] => {
      const object = literalText(text, word)
      if (object?.endsWith('.o') !== true) return []
      const parts = partsOf(object.slice(0, -2), definitions, text) ?? [object]
      const sources = parts.map((part) => tree.read(`${directory}/${part.replace(/\.o$/, '.c')}`))
      const code = sources.map((source) => (source === null ? null : withoutComments(source)))
      if (code.some((each) => each === null || /^\s*#\s*include\s+"[^"]*\.c"/m.test(each))) return []
      return [{ name: object.slice(0, -2), range: word.range, text: code.join('\n') }]
    }),
  )
}

/** The values of assignments whose line begins like this: `obj-$(CONFIG_X)` is a computed name. */
function assignmentsTo(line: RegExp, { syntax, text }: MakefileView): readonly Definition['value'][] {
  return syntax.nodes.flatMap((node) =>
    node.kind === 'assignment' && line.test(text.slice(node.range.start, node.range.end)) ? [node.value] : [],
  )
}

/** What an object is linked from; null where it is compiled by itself. */
function partsOf(stem: string, definitions: readonly Definition[], text: string): readonly string[] | null {
  const own = definitions.filter(({ name }) => name === `${stem}-objs` || name === `${stem}-y` || name === `${stem}-m`)
  if (own.length === 0) return null
  return own.flatMap(({ value }) => exprWords(text, value).map((word) => literalText(text, word) ?? ''))
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|\/\/.*/g, ' ')
}
