import { selftestLibrary, selftestsDirectory, type Selftest } from '../../src/kbuild/selftest-directory.ts'
import type { Makefile, Node } from '../../src/make/cst.ts'
import { exprWords, literalText, textOf } from '../../src/make/expr-text.ts'
import { visitNodes } from '../../src/make/visit.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { directoryOf, entryAt, selftestsUnderReview } from '../../src/review/selftests.ts'

/**
 * Modules of a test have a directory of their own, which lib.mk sends make to for `all` and for `clean`, and whose `*.ko` it installs
 * (`gen_mods_dir`, `clean_mods_dir`, `INSTALL_MODS_RULE`).
 *
 * Silent where lib.mk does not know `TEST_GEN_MODS_DIR` yet (before 6.9), on a module directory that the makefile of a test above names
 * in any other way, which then builds it by itself (bpf), and on targets that are computed.
 */
export default defineRule({
  id: 'st-gen-mods-dir',
  severity: 'warning',
  scope: 'tree',
  summary: 'Modules of a selftest that lib.mk does not build, clean or install.',
  since: '0.1.0',
  check(context) {
    if (!(context.makefile(selftestLibrary)?.text.includes('TEST_GEN_MODS_DIR') ?? false)) return
    for (const makefile of context.makefiles) if (makefile.world === 'selftests') checkModules(makefile, context)
    for (const selftest of selftestsUnderReview(context)) checkTest(selftest, context)
  },
})

/** A makefile with `obj-m`: that of the modules. */
function checkModules(makefile: MakefileView, context: TreeContext): void {
  const { path, text, syntax } = makefile
  const [list] = assignmentsOf(syntax, 'obj-m')
  const directory = directoryOf(path)
  const owner = list === undefined ? null : ownerOf(directory, context)
  if (list === undefined || owner === null) return
  const at = { file: path, ...list.name.range }
  const name = directory.slice(owner.path.lastIndexOf('/') + 1)
  const isListed = context
    .closures()
    .selftest(directoryOf(owner.path))
    ?.lists.TEST_GEN_MODS_DIR.some((word) => word.text === name)
  if (isListed !== true) {
    if (owner.text.includes(name)) return
    context.report({
      at,
      message: `nothing builds these modules: ${owner.path} has no \`TEST_GEN_MODS_DIR := ${name}\``,
      subject: 'owner',
    })
    return
  }
  if (!hasTarget(makefile, 'clean')) {
    context.report({
      at,
      severity: 'error',
      message: 'lib.mk calls `make clean` here, and there is no target `clean`',
      subject: 'clean',
    })
  }
  for (const fixed of assignmentsOf(syntax, 'KDIR')) {
    if (fixed.op === '?=' || !textOf(text, fixed.value).includes('/lib/modules')) continue
    context.report({
      at: { file: path, ...fixed.name.range },
      message: '`KDIR` cannot be given in the environment: `KDIR ?=` leaves it to whoever has another kernel',
    })
  }
}

function assignmentsOf({ text, nodes }: Makefile, name: string): readonly Extract<Node, { kind: 'assignment' }>[] {
  return [...visitNodes(nodes)].flatMap(({ node }) =>
    node.kind === 'assignment' && literalText(text, node.name) === name ? [node] : [],
  )
}

/** The makefile of the test that a directory of modules is below. */
function ownerOf(directory: string, { makefile }: TreeContext): MakefileView | null {
  for (let above = directoryOf(directory); above.length > selftestsDirectory.length; above = directoryOf(above)) {
    const found = makefile(`${above}/Makefile`)
    if (found !== null) return found
  }
  return null
}

/** Whether a rule has the target, or one that is computed. */
function hasTarget({ text, syntax }: MakefileView, name: string): boolean {
  return visitNodes(syntax.nodes).some(
    ({ node }) =>
      node.kind === 'include' ||
      (node.kind === 'rule' &&
        exprWords(text, node.targets).some((word) => [name, '%', null].includes(literalText(text, word)))),
  )
}

const fileLists = ['TEST_PROGS', 'TEST_PROGS_EXTENDED', 'TEST_FILES', 'TEST_GEN_FILES', 'TEST_GEN_PROGS'] as const

/** The makefile of a test. */
function checkTest(selftest: Selftest, context: TreeContext): void {
  const { directory, makefile, lists, files } = selftest
  const library = files.find(({ path }) => path === selftestLibrary)?.origin
  const [first, second] = lists.TEST_GEN_MODS_DIR
  for (const { text, origin } of lists.TEST_GEN_MODS_DIR) {
    if (origin.file !== makefile) continue
    if (entryAt(context.tree, directory, `${text}/Makefile`) === 'missing')
      context.report({ at: origin, severity: 'error', subject: text, message: `\`${text}\` has no Makefile` })
  }
  if (
    second !== undefined &&
    first?.when === second.when &&
    isOneDirectory(context) &&
    second.origin.file === makefile
  ) {
    const message = '`TEST_GEN_MODS_DIR` is one directory: of a second one make is asked to make a target'
    context.report({ at: second.origin, severity: 'error', subject: 'second', message })
  }
  if (first !== undefined && library?.file === makefile && first.origin.file === makefile) {
    if (first.origin.start > library.start) {
      const message = 'lib.mk has read `TEST_GEN_MODS_DIR` above, when it was empty: nothing builds the modules'
      context.report({ at: first.origin, severity: 'error', subject: 'late', message })
    }
  }
  for (const { text, origin } of fileLists.flatMap((list) => lists[list])) {
    if (!text.endsWith('.ko') || origin.file !== makefile || selftest.rules.target(text) !== null) continue
    const message = `\`${text}\` is built by nothing in lib.mk: modules have a directory, \`TEST_GEN_MODS_DIR\``
    if (!hasOwnRecipes(selftest)) context.report({ at: origin, subject: text, message })
  }
}

function isOneDirectory({ makefile }: TreeContext): boolean {
  return makefile(selftestLibrary)?.text.includes('-C $(TEST_GEN_MODS_DIR)') ?? false
}

function hasOwnRecipes({ makefile, evaluation }: Selftest): boolean {
  return evaluation.rules.some(({ origin, recipe }) => origin.file === makefile && recipe.length > 0)
}
