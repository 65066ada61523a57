import { always, never } from '../../src/cond/conditions.ts'
import { printCond } from '../../src/cond/print.ts'
import { sharedScripts } from '../../src/kbuild/external-module.ts'
import { textOf } from '../../src/make/expr-text.ts'
import { exprsOf, visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { makesNothing, recipeOutputs } from '../../src/review/recipe-outputs.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'

/**
 * The scripts that external modules are built with are evaluated as for `M=dir`: there a file that is made by a name without a
 * directory lands in the kernel's, which may be read-only and is everybody's. Whether make runs there is read from the top makefile: one
 * that knows KBUILD_EXTMOD_OUTPUT changes to the module's directory, and such names are right.
 *
 * Silent on phony targets, on patterns, on targets whose recipe only says that they are missing, on files in /dev or with a directory, on what `$@` and variables stand for, and
 * on commands in variables, which write `$@`.
 */
export default defineRule({
  id: 'oot-extmod-paths',
  severity: 'error',
  scope: 'tree',
  summary: 'What belongs to an external module is written into the kernel, or its directory is joined to another.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (isPartOfBuild(makefile)) joinedDirectories(makefile).forEach(context.report)
    }
    const reviewed = new Set(context.makefiles.filter(({ world }) => world === 'core').map(({ path }) => path))
    const runsInModule = context.makefile('Makefile')?.text.includes('KBUILD_EXTMOD_OUTPUT') === true
    if (reviewed.size > 0 && !runsInModule) writtenToKernel(context, reviewed).forEach(context.report)
  },
})

/** `$(srctree)/$(KBUILD_EXTMOD)`: the directory may be absolute, and the top makefile does not say which it is. */
function joinedDirectories({ path, text, syntax }: MakefileView): readonly Report[] {
  if (!text.includes('KBUILD_EXTMOD')) return []
  const exprs = [...visitNodes(syntax.nodes)].flatMap(({ node }) => exprsOf(node)).map(({ expr }) => expr)
  const pattern =
    /\$[({](?:abs_)?(?:srctree|objtree)[)}]\/+\$[({]KBUILD_EXTMOD[)}]|\$[({]CURDIR[)}]\/+\$[({]KBUILD_EXTMOD[)}]/g
  return exprs.flatMap((expr) =>
    [...textOf(text, expr).matchAll(pattern)].map(({ 0: written, index }): Report => {
      const start = expr.range.start + index
      return {
        at: { file: path, start, end: start + written.length },
        message: `\`${written}\` is no path where \`M=\` is absolute, as it mostly is`,
        evidence: ['`KBUILD_EXTMOD` is what the caller gave, absolute or not'],
        suggestion: {
          message: 'use `$(KBUILD_EXTMOD)`',
          edits: [{ at: { file: path, start, end: start + written.length }, text: '$(KBUILD_EXTMOD)' }],
        },
      }
    }),
  )
}

/** What rules of the shared scripts make in the directory of the kernel with `M=`. */
function writtenToKernel({ closures }: TreeContext, reviewed: ReadonlySet<string>): readonly Report[] {
  const reports = new Map<string, Report>()
  for (const script of sharedScripts) {
    const found = closures().sharedScript(script, 'external')
    if (found === null || !found.files.some(({ path }) => reviewed.has(path))) continue
    const { rules, conditions } = found
    for (const { kind, targets, recipe } of rules.all) {
      const [first] = targets
      if (first === undefined || recipe.length === 0) continue
      const isPhony = rules.phony(first.text) !== never
      const files = [
        ...(kind === 'pattern' || isPhony || makesNothing(recipe)
          ? []
          : targets.map(({ text, when, origin }) => ({ text, when, origin }))),
        ...recipe.flatMap(recipeOutputs),
      ]
      for (const { text, when, origin } of files) {
        if (!isInKernel(text) || when === never || !reviewed.has(origin.file)) continue
        reports.set(`${origin.file} ${origin.start}`, {
          at: origin,
          message: `with \`M=dir\` \`${text}\` is written into the kernel's directory, not the module's`,
          subject: text,
          evidence: ['make runs in the directory of the kernel, which may be read-only'],
          ...(when !== always && { when: printCond(conditions, when, { maxLength: 100 }) }),
        })
      }
    }
  }
  return [...reports.values()]
}

/** A name without a directory is a file where make runs. */
function isInKernel(name: string): boolean {
  return /^[\w.-]+$/.test(name) && name !== 'FORCE' && !/^\.(?:PHONY|SECONDARY|DELETE_ON_ERROR)$/.test(name)
}
