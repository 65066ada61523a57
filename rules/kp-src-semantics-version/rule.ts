import { normalise } from '../../src/kbuild/parsed-files.ts'
import { srcIsSource } from '../../src/kbuild/separate-build.ts'
import type { Expr, Range } from '../../src/make/cst.ts'
import { literalText, textOf } from '../../src/make/expr-text.ts'
import { exprsOf, visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { commandsOf } from '../../src/review/shell-commands.ts'
import { programWord } from '../../src/review/shell-program.ts'
import { scriptsOf } from '../../src/review/shell-scripts.ts'
import { literalOf } from '../../src/review/shell-words.ts'

/**
 * Two borders between kernels, each read from the tree and not from its version: what `$(src)` is, from scripts/Makefile.build, and
 * in which directory make runs with `M=`, from the top makefile, which knows KBUILD_EXTMOD_OUTPUT since it changes to the module's.
 *
 * Silent where the makefile sets `src` itself or asks whether it is absolute; on `-I$(src)` alone, which Kbuild adds by itself; on
 * directories that hold no header in the tree, or that the makefile makes headers in.
 */
export default defineRule({
  id: 'kp-src-semantics-version',
  severity: 'error',
  scope: 'tree',
  summary:
    'A path is written for another kernel: `$(src)`, or where make runs with `M=`, means something else in this one.',
  since: '0.1.0',
  check(context) {
    const { tree, makefiles, makefile: open, report } = context
    const isNew = srcIsSource(tree)
    const runsInModule = open('Makefile')?.text.includes('KBUILD_EXTMOD_OUTPUT') === true
    for (const makefile of makefiles) {
      if (!isPartOfBuild(makefile)) continue
      if (makefile.world === 'core' && runsInModule) relativePrograms(makefile).forEach(report)
      if (makefile.world !== 'kbuild' || definitionsIn(makefile.syntax).some(({ name }) => name === 'src')) continue
      const found = isNew ? doublePrefixes(makefile) : missingPrefixes(makefile, context)
      found.forEach(report)
    }
  },
})

/** The texts of a makefile that may hold references, each once. */
function textsOf({ syntax }: MakefileView): readonly Expr[] {
  const exprs = [...visitNodes(syntax.nodes)].flatMap(({ node }) => exprsOf(node)).map(({ expr }) => expr)
  const bodies = definitionsIn(syntax).flatMap(({ node, value }) => (node.kind === 'define' ? [value] : []))
  return [...exprs, ...bodies]
}

/** `$(srctree)/$(src)`, where `$(src)` has the source tree in front already. */
function doublePrefixes(makefile: MakefileView): readonly Report[] {
  return matchesIn(makefile, /\$[({](?:abs_)?(?:srctree|objtree)[)}]\/+(?=\$[({]src[)}])/g).map(({ range, found }) => {
    const at = { file: makefile.path, start: range.start, end: range.end + '$(src)'.length }
    return {
      at,
      message: `\`${found}$(src)\` has the source tree twice with \`O=\`: \`$(src)\` leads there by itself`,
      evidence: [
        'scripts/Makefile.build puts VPATH in front of `src`',
        'before Linux 6.10 it was the same as `$(obj)`',
      ],
      suggestion: { message: 'use `$(src)`', edits: [{ at: { file: makefile.path, ...range }, text: '' }] },
    }
  })
}

/** `-I$(src)/include`, where `$(src)` is the same as `$(obj)`. */
function missingPrefixes(makefile: MakefileView, { tree }: TreeContext): readonly Report[] {
  const { path, text } = makefile
  const directory = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  return matchesIn(makefile, /(?<=-I\s?)\$[({]src[)}]\/[\w./-]+/g).flatMap(({ range, found }): readonly Report[] => {
    const rest = found.slice('$(src)/'.length)
    const headers = tree.list(normalise(`${directory}/${rest}`)).some(({ name }) => name.endsWith('.h'))
    if (!headers || text.includes(`$(obj)/${rest}`) || text.includes(`$(srctree)/$(src)/${rest}`)) return []
    const start = { file: path, start: range.start, end: range.start }
    return [
      {
        at: { file: path, ...range },
        message: `\`${found}\` is below the objects: with \`O=\` there is no header`,
        evidence: [
          'scripts/Makefile.build sets `src` to `$(obj)`',
          'it leads to the sources by itself since Linux 6.10',
        ],
        suggestion: { message: `use \`$(srctree)/${found}\``, edits: [{ at: start, text: '$(srctree)/' }] },
      },
    ]
  })
}

type Match = { readonly range: Range; readonly found: string }

function matchesIn(makefile: MakefileView, pattern: RegExp): readonly Match[] {
  if (makefile.text.search(pattern) === -1) return []
  return textsOf(makefile).flatMap((expr) =>
    [...textOf(makefile.text, expr).matchAll(pattern)].map(({ 0: found, index }) => {
      const start = expr.range.start + index
      return { found, range: { start, end: start + found.length } }
    }),
  )
}

/** Scripts that the build of an external module reads, and that name a program of the kernel's build from where make runs. */
function relativePrograms({ path, text, syntax }: MakefileView): readonly Report[] {
  if (!/^scripts\/Makefile\.(?:build|lib|modpost|modfinal|modinst|host|dtbs|btf|compiler)$/.test(path)) return []
  const isProgram = (name: string | null): name is string =>
    name !== null && /^(?:\.\/)?(?:scripts|tools)\/[\w./-]+$/.test(name)
  const run = scriptsOf(syntax)
    .flatMap(({ expr }) => commandsOf(expr, text))
    .flatMap((command) => programWord(command) ?? [])
    .filter((word) => isProgram(literalOf(word)))
  const named = definitionsIn(syntax).flatMap(({ value }) => {
    const [first] = value.parts
    const name = value.parts.length === 1 ? literalText(text, value) : null
    return first !== undefined && isProgram(name) ? [first.range] : []
  })
  return [...run, ...named].map(({ start, end }) => {
    const at = { file: path, start, end }
    return {
      at,
      message: `with \`M=\` make runs in the module's directory, where there is no \`${text.slice(start, end)}\``,
      evidence: [
        'the top makefile knows KBUILD_EXTMOD_OUTPUT',
        'it changes to the directory of the module since Linux 6.13',
      ],
      suggestion: { message: 'begin with `$(objtree)/`', edits: [{ at: { ...at, end: start }, text: '$(objtree)/' }] },
    }
  })
}
