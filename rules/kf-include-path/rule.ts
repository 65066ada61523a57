import { never, type Cond, type Conditions } from '../../src/cond/conditions.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import { kbuildDirectories, settingLines, whenHolds } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import type { Tree } from '../../src/text/tree.ts'
import { includeWords, type IncludeWord } from './include-words.ts'

/**
 * The compiler runs in the top of the objects' tree. A path that begins with none of `$(src)`, `$(srctree)`, `$(obj)` and `$(objtree)` is
 * looked up there, where nothing is of what the source tree has, unless both are one.
 *
 * Silent on a relative path that the source tree does not have, which may be made; on paths with references behind their beginning;
 * on `$(obj)`, whose directories are made; in kernels that put `$(srctree)/` before a relative `-I` by themselves (`addtree`); and in
 * tools/ and the selftests, where the compiler runs elsewhere.
 */
export default defineRule({
  id: 'kf-include-path',
  severity: 'warning',
  scope: 'tree',
  summary: 'A directory for headers that the compiler does not find: relative, not there, or an empty name.',
  since: '0.1.0',
  check(context) {
    const makefiles = context.makefiles.filter((makefile) => isPartOfBuild(makefile) && makefile.world !== 'core')
    if (makefiles.length === 0) return
    const isMended = context.tree.read('scripts/Kbuild.include')?.includes('addtree') === true
    for (const makefile of makefiles) checkWritten(makefile, { context, isMended })
    for (const found of kbuildDirectories(context)) checkEmpty(found, context)
  },
})

type Asked = { readonly context: TreeContext; readonly isMended: boolean }

function checkWritten(makefile: MakefileView, { context, isMended }: Asked): void {
  if (!/-I|-i(?:system|quote|dirafter)/.test(makefile.text)) return
  for (const word of includeWords(makefile)) {
    if (!isMended) checkRelative(word, context)
    checkMissing(word, makefile, context)
  }
}

function checkRelative({ option, path, at }: IncludeWord, { tree, report }: TreeContext): void {
  if (!/^\w[\w./+-]*$/.test(path) || !hasHeaders(tree, asDirectory(path))) return
  const written = `$(srctree)/${path.replace(/^(?:\.\/)+/, '')}`
  report({
    at,
    subject: `${option} ${path}`,
    message: `\`${option}${path}\` is relative to where the objects go: with O= the headers are not there`,
    suggestion: {
      message: `write \`${written}\``,
      edits: [{ at: { ...at, start: at.end - path.length }, text: written }],
    },
  })
}

/** Whether a directory of the source tree has headers: usr/include has none, and is filled where the objects go. */
function hasHeaders(tree: Tree, directory: string): boolean {
  return tree.list(directory).some(({ name, kind }) => kind === 'file' && name.endsWith('.h'))
}

function asDirectory(path: string): string {
  return normalise(path.replace(/\/+$/, ''))
}

/** A part of a kernel has not got all of its directories. */
function isWhole(tree: Tree): boolean {
  return ['Makefile', 'Kbuild', 'scripts/Makefile.build'].every((path) => tree.read(path) !== null)
}

/** `-I$(srctree)/path` and `-I$(src)/path`, where the tree has no such path. */
function checkMissing(
  { option, path, at }: IncludeWord,
  { path: file }: MakefileView,
  { tree, report }: TreeContext,
): void {
  const [, base, below] = /^\$[({](srctree|src)[)}]\/([\w./+-]+)$/.exec(path) ?? []
  if (base === undefined || below === undefined) return
  const from = base === 'src' ? `${file.slice(0, file.lastIndexOf('/'))}/${below}` : below
  const asked = asDirectory(from)
  if (asked.startsWith('..') || tree.list(asked).length > 0 || !isWhole(tree)) return
  report({
    at,
    subject: `${option} ${path}`,
    message: `there is no directory \`${asked}\``,
    evidence: ['-Wmissing-include-dirs of make W=1 tells of it too'],
  })
}

/** `-I$(DIR)` and `-I $(DIR)` where the variable is empty: gcc(1) takes the next word of the command line for the directory. */
function checkEmpty(found: KbuildDirectory, { report, unsure, tree }: TreeContext): void {
  const { evaluation, makefile } = found.directory
  if (!mayBeAlone.test(tree.read(makefile) ?? '')) return
  const { conditions } = found.model
  for (const name of evaluation.names.filter((each) => flagsOf.test(each))) {
    const { words, unknown } = evaluation.words(name)
    for (const [index, word] of words.entries()) {
      if (word.text !== '-I' || word.origin.file !== makefile) continue
      const empty = withoutArgument(conditions, words.slice(index))
      const written = tree.read(makefile)?.slice(word.origin.start, word.origin.end) ?? ''
      const eaten = tree.read(makefile)?.slice(word.origin.end).trimStart() ?? ''
      if (empty === never || unknown.length > 0) continue
      if (!written.includes('$') && !eaten.startsWith('$')) continue
      const witness = found.witness(empty)
      if (witness.kind === 'unknown')
        unsure(word.origin, 'it is not known whether the directory of an `-I` is ever empty')
      if (witness.kind !== 'found') continue
      report({
        at: word.origin,
        subject: `${found.directory.path} ${name} -I`,
        severity: 'error',
        message: `\`-I\` without a directory in \`${name}\`: the compiler takes the next word for one`,
        ...whenHolds(found, empty),
        evidence: settingLines(witness),
      })
    }
  }
}

/** An `-I` that a path does not follow at once, nor a reference to a directory that each has. */
const mayBeAlone = /-I(?![\w./]|\$[({](?:srctree|src|objtree|obj)[)}])/

/** Where the first of some words is followed by a flag, or by nothing. */
function withoutArgument(conditions: Conditions, [option, ...following]: readonly Word[]): Cond {
  let open = option?.when ?? never
  let empty = never
  for (const word of following) {
    if (open === never) return empty
    if (word.text.startsWith('-')) empty = conditions.or(empty, conditions.and(open, word.when))
    open = conditions.without(open, word.when)
  }
  return conditions.or(empty, open)
}

/** Variables of Documentation/kbuild/makefiles.rst, "Compilation flags". */
const flagsOf =
  /^(?:subdir-)?(?:cc|as|cpp)flags-y$|^(?:HOST_EXTRA|HOST|KBUILD_)?(?:C|A|CPP|CXX)FLAGS(?:_|$)|-userccflags$/
