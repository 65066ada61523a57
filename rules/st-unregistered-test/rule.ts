import { selftestLibrary, selftestsDirectory, type Selftest } from '../../src/kbuild/selftest-directory.ts'
import type { SelftestTargets } from '../../src/kbuild/selftest-targets.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { directoryOf, entryAt, isMadeBySelftest, selftestsUnderReview } from '../../src/review/selftests.ts'
import { unlistedTests } from './unlisted-tests.ts'

/**
 * What is built, run and installed is what lists name: directories in `TARGETS` of tools/testing/selftests/Makefile, files in the
 * `TEST_` lists that lib.mk reads.
 *
 * Silent on a directory that the makefile of a directory above may go to with a make of its own; on a listed file that a rule
 * or recipe of the makefile may make, that has a source beside it, or that is named with a wildcard; on scripts whose name
 * does not say that they are tests, that may not be run, or that anything beside them names.
 */
export default defineRule({
  id: 'st-unregistered-test',
  severity: 'warning',
  scope: 'tree',
  absence: true,
  summary: 'A selftest that no list names, so that it is not run, or a list that names what is not there.',
  since: '0.1.0',
  check(context) {
    const targets = context.closures().selftestTargets()
    const selftests = selftestsUnderReview(context)
    if (targets !== null)
      for (const each of candidates(selftests, targets, context)) reportTarget(each, targets, context)
    for (const selftest of selftests) {
      reportMissing(selftest, context)
      for (const { file, end } of unlistedTests(selftest, context)) {
        context.report({
          at: { file, start: 0, end },
          message: `no list of ${selftest.makefile} names this test: it is neither run nor installed`,
          subject: file,
        })
      }
    }
  },
})

const topMakefile = `${selftestsDirectory}/Makefile`

/** The directories that may be in no list: those under review, and all where the list itself is. */
function candidates(
  selftests: readonly Selftest[],
  { targets, others }: SelftestTargets,
  context: TreeContext,
): readonly Selftest[] {
  const listed = new Set([...targets, ...others].map(({ directory }) => directory))
  const reviewed = selftests.filter(({ directory }) => !listed.has(directory))
  if (!context.makefiles.some(({ path }) => path === topMakefile)) return reviewed
  const found = unlistedBelow(selftestsDirectory, listed, context)
  return [...new Set([...reviewed, ...found])]
}

/** The directories with lib.mk that are in no list, as far down as no list leads to them. */
function unlistedBelow(top: string, listed: ReadonlySet<string>, context: TreeContext): readonly Selftest[] {
  const { tree, makefile, closures } = context
  const found: Selftest[] = []
  const waiting = [top]
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    for (const { name, kind } of tree.list(directory)) {
      if (kind === 'directory') waiting.push(`${directory}/${name}`)
    }
    if (listed.has(directory) || !(makefile(`${directory}/Makefile`)?.text.includes('lib.mk') ?? false)) continue
    const selftest = closures().selftest(directory)
    if (selftest?.usesLib === true) found.push(selftest)
  }
  return found
}

function reportTarget({ directory, files }: Selftest, { unknown }: SelftestTargets, context: TreeContext): void {
  const library = files.find(({ path }) => path === selftestLibrary)
  const at = library?.origin ?? null
  // A fragment that includes lib.mk is of many directories.
  if (at?.file !== `${directory}/Makefile` || isCalledFromAbove(directory, context)) return
  const name = directory.slice(selftestsDirectory.length + 1)
  if (unknown.length > 0) {
    context.unsure(at, `\`TARGETS\` is not known: it may have \`${name}\``)
    return
  }
  context.report({
    at,
    subject: directory,
    message: `\`TARGETS\` of ${topMakefile} has no \`${name}\`: its tests are not built, run or installed`,
  })
}

/** Whether a makefile above, but for the topmost, starts another make, or is none of lib.mk. */
function isCalledFromAbove(directory: string, { makefile }: TreeContext): boolean {
  for (let above = directoryOf(directory); above.length > selftestsDirectory.length; above = directoryOf(above)) {
    const text = makefile(`${above}/Makefile`)?.text
    if (text !== undefined && text.split('\n').some((line) => startsMake.test(line) && !leadsAway(line, text)))
      return true
  }
  return false
}

const startsMake = /\$[({]MAKE[)}]|\bmake\b.* -C /

/** Whether the other make runs in a directory that is written as one further up, or that a variable of the makefile has so. */
function leadsAway(line: string, text: string): boolean {
  const directory = / -C[ \t]*(\S+)/.exec(line)?.[1] ?? ''
  const name = /^\$[({](\w+)[)}]$/.exec(directory)?.[1]
  const written = name === undefined ? directory : new RegExp(`^${name}[ \\t]*:?=[ \\t]*(.*)$`, 'm').exec(text)?.[1]
  return written !== undefined && /^(?:\$[({]abspath[ \t]+)?(?:\.\.\/|\$[({](?:top_srcdir|srctree)[)}])/.test(written)
}

const checkedLists = ['TEST_PROGS', 'TEST_PROGS_EXTENDED', 'TEST_FILES', 'TEST_INCLUDES'] as const

/** Endings of what make compiles a program from by its own rules. */
const sources = ['.c', '.S', '.cc', '.cpp', '.s']

function reportMissing(selftest: Selftest, { tree, report }: TreeContext): void {
  const { directory, lists } = selftest
  const isThere = (word: string): boolean => entryAt(tree, directory, word) !== 'missing'
  for (const list of checkedLists) {
    for (const { text, inOutput, origin } of lists[list]) {
      if (inOutput || /[*?[]/.test(text) || isThere(text) || sources.some((ending) => isThere(text + ending))) continue
      if (isMadeBySelftest(selftest, text) || !origin.file.startsWith(`${directory}/`)) continue
      report({
        at: origin,
        severity: 'error',
        subject: `${list} ${text}`,
        message: `\`${list}\` names \`${text}\`, which is not there`,
      })
    }
  }
}
