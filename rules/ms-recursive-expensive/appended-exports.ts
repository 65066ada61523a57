import { exprWords, literalText } from '../../src/make/expr-text.ts'
import { visitNodes } from '../../src/make/visit.ts'
import { definitionsOf, engineOf, includedBy, type DefinitionIn } from '../../src/review/recipe-closure.ts'
import type { MakefileView, TreeContext } from '../../src/review/rule.ts'

/** A variable that is exported and that is only ever added to: the first `+=` of the makefile under review. */
export type AppendedExport = { readonly name: string; readonly first: DefinitionIn }

/**
 * The exported variables of a makefile that the top one reads, which no makefile of that run gives a first value. A child of make
 * finds them in its environment, reads the same makefiles, and adds once more.
 */
export function appendedExports(makefile: MakefileView, context: TreeContext): readonly AppendedExport[] {
  const names = makefile.world === 'top' || isReadByTop(makefile, context) ? exportedNames(makefile) : []
  if (names.length === 0) return []
  const top = context.makefile('Makefile')
  if (top === null) return []
  const makefiles = [
    ...new Map(
      [...includedBy(makefile, context.makefile).makefiles, top, ...engineOf(context)].map((each) => [each.path, each]),
    ).values(),
  ]
  return names.flatMap((name): readonly AppendedExport[] => {
    const definitions = definitionsOf(name, makefiles).filter(({ definition }) => definition.ofTargets === null)
    const first = definitions.find((each) => each.makefile.path === makefile.path)
    const isGiven =
      definitions.some(({ definition }) => definition.op !== '+=') ||
      ((makefile.world !== 'top' || makefile.path === 'Makefile') && isGivenByArch(name, context))
    return first === undefined || isGiven ? [] : [{ name, first }]
  })
}

/** Whether the makefile of an architecture, which the top one includes, gives a variable its first value. */
function isGivenByArch(name: string, { tree, makefile: open }: TreeContext): boolean {
  const makefiles = tree.list('arch').flatMap((entry) => open(`arch/${entry.name}/Makefile`) ?? [])
  return definitionsOf(name, makefiles).some(({ definition }) => definition.op !== '+=')
}

/** Whether the top makefile includes another by its path: scripts/Makefile.debug. */
function isReadByTop({ path }: MakefileView, { makefile: open }: TreeContext): boolean {
  return path.startsWith('scripts/') && open('Makefile')?.text.includes(path) === true
}

/** The variables that a makefile exports by name. */
export function exportedNames({ syntax, text }: MakefileView): readonly string[] {
  const names = [...visitNodes(syntax.nodes)].flatMap(({ node }) => {
    if (node.kind === 'assignment' && node.modifiers.includes('export'))
      return literalText(text, node.name)?.trim() ?? []
    if (node.kind !== 'export' || node.modifier !== 'export' || node.names === null) return []
    return exprWords(text, node.names).flatMap((word) => literalText(text, word) ?? [])
  })
  return [...new Set(names)]
}
