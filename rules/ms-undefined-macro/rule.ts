import { roleOf, type MakeClosure } from '../../src/kbuild/make-closure.ts'
import type { Expr, Makefile } from '../../src/make/cst.ts'
import { literalText } from '../../src/make/expr-text.ts'
import { KNOWN_FUNCTIONS } from '../../src/make/known-functions.ts'
import { callsOf, exprsOf, visitNodes } from '../../src/make/visit.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'

/**
 * `$(call name,...)` of a name that nothing defines is nothing at all, and make says no word. Told is a call of a name that no file
 * assigns, in any of its branches, that make reads together with the makefile.
 *
 * A fragment, such as one that is included by all of powerpc, is judged by each that includes it: silent where one of them has
 * the name, or where it is not known who reads it. Silent, too, on names that are computed, where an included file is not there,
 * where `$(eval ...)` or a variable of a target may define it. The makefile of an architecture is judged by what the top Makefile and all of
 * scripts/ assign.
 */
export default defineRule({
  id: 'ms-undefined-macro',
  severity: 'error',
  scope: 'tree',
  absence: true,
  summary: 'A macro is called that nothing defines: the call is empty.',
  since: '0.1.0',
  check(context) {
    for (const path of filesToLookAt(context)) {
      const makefile = context.makefile(path)
      if (makefile === null) continue
      if (isOfArch(path)) checkArchMakefile(makefile, context)
      else checkMakefile(makefile, context)
    }
  },
})

/** The makefiles under review, and for a fragment what reads it: a macro that it no longer has may be called there. */
function filesToLookAt({ makefiles, closures }: TreeContext): readonly string[] {
  const paths = makefiles.map(({ path }) => path)
  return [...new Set([...paths, ...paths.flatMap((path) => closures().readers(path))])].sort()
}

function checkMakefile(makefile: MakefileView, context: TreeContext): void {
  const foreign = foreignCalls(makefile).filter(({ name }) => !isOfKbuild(name, makefile.path, context))
  if (foreign.length === 0) return
  const readers = readersOf(makefile.path, context)
  if (readers.length === 0) return
  for (const { name, expr } of foreign) {
    if (readers.some((reader) => isDefinedIn(reader, name))) continue
    const at = { file: makefile.path, ...expr.range }
    context.report({
      at,
      subject: name,
      message: `nothing defines \`${name}\` here: the call is empty`,
      evidence: evidenceFor(name, makefile.path, context),
    })
  }
}

const isOfArch = (path: string): boolean => /^arch\/[^/]+\/Makefile$/.test(path)

/**
 * The top Makefile includes that of an architecture, with others beside it and in scripts/: that none of all these files assigns a name, in
 * whichever branch, is enough.
 */
function checkArchMakefile(makefile: MakefileView, context: TreeContext): void {
  const { tree, makefile: open, report } = context
  if (tree.read('scripts/Kbuild.include') === null) return
  const foreign = foreignCalls(makefile)
  if (foreign.length === 0) return
  const directory = makefile.path.slice(0, makefile.path.lastIndexOf('/'))
  const beside = ['scripts', directory].flatMap((path) => tree.list(path).map(({ name }) => `${path}/${name}`))
  const files = ['Makefile', ...beside.filter((path) => /\/(?:Makefile|Kbuild)[^/]*$/.test(path))]
  const views = files.flatMap((path) => open(path) ?? [])
  for (const { name, expr } of foreign) {
    if (views.some(({ syntax }) => assignedNames(syntax).has(name))) continue
    report({
      at: { file: makefile.path, ...expr.range },
      subject: name,
      message: `nothing defines \`${name}\` here: the call is empty`,
      evidence: evidenceFor(name, makefile.path, context),
    })
  }
}

type MacroCall = { readonly name: string; readonly expr: Expr }

/** The calls of what the makefile itself does not assign. */
function foreignCalls({ syntax, text }: MakefileView): readonly MacroCall[] {
  const calls = text.includes('call') ? macroCalls(syntax).filter(({ name }) => !KNOWN_FUNCTIONS.has(name)) : []
  if (calls.length === 0) return []
  const own = assignedNames(syntax)
  return calls.filter(({ name }) => !own.has(name))
}

/** The first call of each name that is written out. */
function macroCalls({ text, nodes }: Makefile): readonly MacroCall[] {
  const first = new Map<string, MacroCall>()
  for (const { node } of visitNodes(nodes)) {
    for (const { expr } of exprsOf(node)) {
      for (const {
        args: [written],
      } of callsOf(expr, 'call')) {
        const name = written === undefined ? null : literalText(text, written)?.trim()
        if (written !== undefined && name && !/^\d+$/.test(name) && !first.has(name))
          first.set(name, { name, expr: written })
      }
    }
  }
  return [...first.values()]
}

function assignedNames({ text, nodes }: Makefile): ReadonlySet<string> {
  const names = [...visitNodes(nodes)].flatMap(({ node }) => {
    if (node.kind === 'assignment' || node.kind === 'define') return literalText(text, node.name) ?? []
    return node.kind === 'rule' && node.assignment !== null ? (literalText(text, node.assignment.name) ?? []) : []
  })
  return new Set(names)
}

/** What all directories of the kernel have is asked for once. */
function isOfKbuild(name: string, path: string, { closures }: TreeContext): boolean {
  return roleOf(path) === 'kbuild' && closures().of('scripts/Makefile.build')?.isDefined(name) === true
}

/** The closures that have the makefile in them; none where that is not known of one that includes it. */
function readersOf(path: string, context: TreeContext): readonly MakeClosure[] {
  const { closures } = context
  // A part of a kernel, whose scripts do not have what every one has: it is not known what else they define.
  if (roleOf(path) === 'kbuild' && !isOfKbuild('if_changed', path, context)) return []
  const readers = [...new Set([...closures().readers(path), ...closures().includers(path)])]
  const found = readers.map((reader) => closures().of(reader))
  const reads = found.flatMap((closure) => closure ?? [])
  return reads.length === found.length && reads.every(({ files }) => files.some((file) => file.path === path))
    ? reads
    : []
}

function isDefinedIn({ evaluation, mayBeDefined }: MakeClosure, name: string): boolean {
  return mayBeDefined(name) || evaluation.targetVariables.some((variable) => variable.name === name)
}

/** Files that are included for what they define. */
const libraries = [
  'scripts/Kbuild.include',
  'scripts/Makefile.compiler',
  'tools/build/Build.include',
  'tools/scripts/Makefile.include',
]

function evidenceFor(name: string, path: string, { makefile }: TreeContext): readonly string[] {
  const isHere = path.startsWith('tools/') ? 'tools/' : 'scripts/'
  const library = libraries.find((file) => {
    const view = file.startsWith(isHere) ? makefile(file) : null
    return view !== null && assignedNames(view.syntax).has(name)
  })
  return [
    'make expands a name that is not defined to nothing, without a word',
    ...(library === undefined ? [] : [`${library} has it, and is not included`]),
  ]
}
