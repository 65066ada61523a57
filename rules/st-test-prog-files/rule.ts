import { kernelRoot } from '../../src/kbuild/run-make.ts'
import type { Selftest, SelftestWord } from '../../src/kbuild/selftest-directory.ts'
import type { Report } from '../../src/review/finding.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { entryAt, selftestsUnderReview } from '../../src/review/selftests.ts'
import { sourcedOutside } from './sourced-files.ts'

/**
 * lib.mk treats each list in its own way: `TEST_PROGS` are copied from the source and run, `TEST_GEN_` ones are compiled into
 * `$(OUTPUT)`, which it puts in front, and what lies outside of the directory is installed by `TEST_INCLUDES` alone.
 *
 * Silent on files without `#!` and on directories with a ksft_runner.sh, which runs what may not be run itself; on words that come from
 * elsewhere than the makefile of the directory; and on sourced files whose path is computed or behind a link.
 */
export default defineRule({
  id: 'st-test-prog-files',
  severity: 'warning',
  scope: 'tree',
  summary: 'A file of a selftest is in the wrong list, may not be run, or is not installed with what it needs.',
  since: '0.1.0',
  check(context) {
    for (const selftest of selftestsUnderReview(context)) {
      const own = (word: SelftestWord): boolean => word.origin.file.startsWith(`${selftest.directory}/`)
      const isRun = entryAt(context.tree, selftest.directory, 'ksft_runner.sh') !== 'missing'
      const programs = selftest.lists.TEST_PROGS.filter((word) => own(word) && !word.inOutput)
      for (const word of programs) {
        const report =
          compiled(selftest, word, context) ?? helper(word) ?? (isRun ? null : notRun(selftest, word, context))
        if (report !== null) context.report(report)
      }
      for (const report of [...twiceInOutput(selftest), ...sourcedOutside(selftest, context)]) context.report(report)
    }
  },
})

/** Endings of what lib.mk compiles a program from: its rules for `$(OUTPUT)/%`. */
const sources = ['.c', '.S']

function compiled({ directory }: Selftest, { text, origin }: SelftestWord, { tree }: TreeContext): Report | null {
  if (entryAt(tree, directory, text) !== 'missing') return null
  const source = sources.find((ending) => entryAt(tree, directory, text + ending) === 'file')
  if (source === undefined) return null
  return {
    at: origin,
    subject: text,
    message: `\`${text}\` is compiled from \`${text}${source}\`: it belongs into \`TEST_GEN_PROGS\``,
    evidence: ['lib.mk takes `TEST_PROGS` from the source tree, also with `O=`'],
  }
}

/** `lib.sh`, `tc_lib.sh`: named as what others source. */
function helper({ text, origin }: SelftestWord): Report | null {
  if (!/(?:^|[/_-])lib\.sh$/.test(text)) return null
  return {
    at: origin,
    subject: text,
    message: `\`${text}\` is run as a test: what others source belongs into \`TEST_FILES\` or \`TEST_INCLUDES\``,
  }
}

function notRun({ directory }: Selftest, { text, origin }: SelftestWord, { tree }: TreeContext): Report | null {
  if (entryAt(tree, directory, text) !== 'file') return null
  const path = `${directory}/${text}`
  if (tree.isExecutable(path) || !(tree.read(path)?.startsWith('#!') ?? false)) return null
  return {
    at: origin,
    subject: text,
    message: `\`${text}\` may not be run: its mode has no x`,
    evidence: ['kselftest/runner.sh warns of it, and runs it with what its `#!` says'],
    reproduce: [`chmod +x ${path}`],
  }
}

/** What lib.mk has put `$(OUTPUT)/` in front of, which already had it. */
function twiceInOutput({ lists, directory }: Selftest): readonly Report[] {
  const lacking = ['TEST_GEN_PROGS', 'TEST_GEN_PROGS_EXTENDED', 'TEST_GEN_FILES'] as const
  return lacking.flatMap((list) =>
    lists[list].flatMap(({ text, inOutput, origin }): Report[] => {
      if (!inOutput || !text.startsWith(`${kernelRoot}/`) || !origin.file.startsWith(`${directory}/`)) return []
      const name = text.slice(text.lastIndexOf('/') + 1)
      const message = `lib.mk puts \`$(OUTPUT)/\` in front of \`${list}\`: \`${name}\` has it twice`
      return [{ at: origin, severity: 'error', subject: `${list} ${name}`, message }]
    }),
  )
}
