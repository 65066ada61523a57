import { exprsOf, visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView } from '../../src/review/rule.ts'
import { jointsIn, type Joint } from './joined-paths.ts'
import { callersDirectory, wrongLastMakefile } from './own-directory.ts'

/**
 * The table of variables is short: those that Kbuild itself sets, always in the same form. One that the makefile sets itself is its
 * own. Where make is told a path by a person (INSTALL_MOD_PATH) the form is that of Documentation/kbuild/kbuild.rst.
 *
 * Silent on other variables, whose form nobody has written down; on a second slash where no name is compared, as in a command; on
 * `$(PWD)` where the makefile sets it; and on makefiles that Kbuild does not read, but for `$(PWD)`.
 */
export default defineRule({
  id: 'kp-path-concat',
  severity: 'warning',
  scope: 'tree',
  summary: 'A path is put together without its slash, with two, or from the directory of somebody else.',
  since: '0.1.0',
  check({ makefiles, report }) {
    for (const makefile of makefiles) {
      for (const range of callersDirectory(makefile)) report(callers(makefile, range))
      for (const range of wrongLastMakefile(makefile)) report(lastIncluded(makefile, range))
      if (!isPartOfBuild(makefile)) continue
      for (const joint of joints(makefile)) report(describe(joint, makefile.path))
    }
  },
})

const mayJoin = /\$[({]\w+[)}](?:[\w$]|\/)/

const names: ReadonlySet<string> = new Set(['targets', 'target pattern', 'prerequisites', 'order-only prerequisites'])

function joints({ syntax, text }: MakefileView): readonly Joint[] {
  if (!mayJoin.test(text)) return []
  const definitions = definitionsIn(syntax)
  const own = new Set(definitions.map(({ name }) => name))
  const exprs = [...visitNodes(syntax.nodes)].flatMap(({ node }) => exprsOf(node))
  const bodies = definitions
    .filter(({ node }) => node.kind === 'define')
    .map(({ value }) => ({ expr: value, role: '' }))
  const found = [...exprs, ...bodies].flatMap(({ expr, role }) => jointsIn(expr, text, names.has(role)))
  return found.filter(({ name }) => !own.has(name) || setByKbuild.has(name))
}

/** Set by the top makefile itself, which is read as any other. */
const setByKbuild: ReadonlySet<string> = new Set(['srctree', 'objtree', 'extmod_prefix', 'KBUILD_EXTMOD', 'MODLIB'])

function describe({ kind, name, written, range, at }: Joint, file: string): Report {
  const place = { at: { file, ...range }, subject: written }
  const edit = (edits: Report['suggestion'], message: string): Pick<Report, 'suggestion' | 'message'> => ({
    message,
    ...(edits !== undefined && { suggestion: edits }),
  })
  const first = { file, start: at, end: at }
  if (kind === 'no slash') {
    const suggestion = { message: 'add a slash', edits: [{ at: first, text: '/' }] }
    return { ...place, ...edit(suggestion, `\`${name}\` has no slash at its end: \`${written}\` is no path below it`) }
  }
  const suggestion = { message: 'drop the slash', edits: [{ at: { ...first, end: at + 1 }, text: '' }] }
  if (kind === 'second slash') {
    return {
      ...place,
      ...edit(suggestion, `make compares names as they are: with two slashes \`${written}\` is another one`),
    }
  }
  const whatItIs = name === 'CROSS_COMPILE' ? 'is the beginning of a name' : 'has its own slash, or is empty'
  return { ...place, ...edit(suggestion, `\`${name}\` ${whatItIs}: \`${written}\` is a path at the root without it`) }
}

function callers({ path, text }: MakefileView, range: { start: number; end: number }): Report {
  const at = { file: path, ...range }
  const written = text.slice(range.start, range.end)
  return {
    at,
    severity: 'info',
    message: `\`${written}\` is where the caller of make was: after \`make -C\` that is another directory`,
    suggestion: { message: 'use `$(CURDIR)`', edits: [{ at, text: '$(CURDIR)' }] },
  }
}

function lastIncluded({ path }: MakefileView, range: { start: number; end: number }): Report {
  return {
    at: { file: path, ...range },
    severity: 'error',
    message: 'after an `include` the last word of `MAKEFILE_LIST` is the included file, not this one',
  }
}
