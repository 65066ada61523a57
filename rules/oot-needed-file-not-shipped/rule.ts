import type { Range } from '../../src/make/cst.ts'
import { textOf } from '../../src/make/expr-text.ts'
import { exprsOf, visitNodes } from '../../src/make/visit.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { defineRule, type MakefileView } from '../../src/review/rule.ts'

const packer = 'scripts/package/install-extmod-build'

/**
 * Packages of headers hold what scripts/package/install-extmod-build copies: of tools/ each program by its name. The scripts that
 * external modules are built with are asked which programs of tools/ they name, themselves or by a variable of the top makefile.
 *
 * Silent where the tree has no such script, on tools that are sources, on all of scripts/, include/ and arch/, which are copied as they
 * are, and on paths that are put together. Whether a distribution builds the tool by itself is not known.
 */
export default defineRule({
  id: 'oot-needed-file-not-shipped',
  severity: 'error',
  scope: 'tree',
  summary: 'External modules are built with a program of tools/ that no package of headers has, or nothing prepares.',
  since: '0.1.0',
  check({ tree, makefiles, makefile: open, report }) {
    const packed = tree.read(packer)
    const top = open('Makefile')
    if (packed === null || top === null) return
    for (const makefile of makefiles) {
      if (!forModules.test(makefile.path)) continue
      const told = new Set<string>()
      for (const { path, range } of toolsIn(makefile, variablesOf(top))) {
        if (told.has(path) || tree.blob(path) !== null || tree.list(path).length > 0) continue
        const lacks = [...(packed.includes(path) ? [] : [notPacked]), ...(isPrepared(path, top) ? [] : [notPrepared])]
        if (lacks.length === 0) continue
        told.add(path)
        report({
          at: { file: makefile.path, ...range },
          message: `external modules need \`${path}\`: ${lacks.map(({ message }) => message).join(', and ')}`,
          subject: path,
          evidence: lacks.map(({ evidence }) => evidence),
        })
      }
    }
  },
})

/** What scripts/Makefile.build, Makefile.modpost, Makefile.modfinal and Makefile.modinst are, and include. */
const forModules = /^scripts\/Makefile\.(?:build|lib|modpost|modfinal|modinst|btf)$/

const notPacked = { message: 'packages of headers do not have it', evidence: `${packer} does not copy it` }
const notPrepared = {
  message: '`make modules_prepare` does not build it',
  evidence: 'no `prepare` of the top makefile needs its directory',
}

const tool = /^(?:\$[({]objtree[)}]\/|\.\/)?(tools\/[\w.-]+(?:\/[\w.-]+)+)$/

/** The variables of the top makefile that are a program of tools/. */
function variablesOf({ syntax, text }: MakefileView): ReadonlyMap<string, string> {
  return new Map(
    definitionsIn(syntax).flatMap(({ name, value }) => {
      const path = tool.exec(textOf(text, value).trim())?.[1]
      return path === undefined ? [] : [[name, path] as const]
    }),
  )
}

/** The programs of tools/ that a script names, and where; a variable counts where it is used. */
function toolsIn(
  { syntax, text }: MakefileView,
  variables: ReadonlyMap<string, string>,
): readonly { readonly path: string; readonly range: Range }[] {
  const exprs = [...visitNodes(syntax.nodes)].flatMap(({ node }) => exprsOf(node)).map(({ expr }) => expr)
  const bodies = definitionsIn(syntax).flatMap(({ node, value }) => (node.kind === 'define' ? [value] : []))
  return [...exprs, ...bodies].flatMap((expr) =>
    [
      ...textOf(text, expr).matchAll(/(?<![\w/.)}-])(?:(?:\$[({]objtree[)}]\/|\.\/)?tools\/[\w./-]+|\$[({](\w+)[)}])/g),
    ].flatMap(({ 0: written, 1: name, index }) => {
      const path = name === undefined ? tool.exec(written)?.[1] : variables.get(name)
      const start = expr.range.start + index
      return path === undefined ? [] : [{ path, range: { start, end: start + written.length } }]
    }),
  )
}

/** Whether a rule of the top makefile has the directory of a tool as a prerequisite, or the tool itself. */
function isPrepared(path: string, { syntax, text }: MakefileView): boolean {
  const directory = path.slice(0, path.lastIndexOf('/'))
  return [...visitNodes(syntax.nodes)].some(({ node }) => {
    if (node.kind !== 'rule' || !/\b(?:\w*prepare0?|scripts)\b/.test(textOf(text, node.targets))) return false
    return textOf(text, node.prerequisites)
      .split(/\s+/)
      .some((word) => word === directory || word === path)
  })
}
