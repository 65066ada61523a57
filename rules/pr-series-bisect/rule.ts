import { defineRule } from '../../src/review/rule.ts'

/**
 * Whoever bisects stops at any patch of a series, so each has to build (Documentation/process/submitting-patches.rst, "Separate
 * your changes"). What tree rules find after a patch and no longer after a later one is not told by them, since the series as a
 * whole is right: its order is wrong, and that is told here.
 *
 * Only what keeps the tree between from being built, or builds it otherwise, counts. Silent on symbols that makefiles or Kconfig
 * files name before they are defined: to bring in code first and enable it last is a good order, and nothing is built until then.
 * Silent too where it was not seen which patch mends it, and on the findings of other rules, which a later patch of the
 * same series may well clean up.
 */
export default defineRule({
  id: 'pr-series-bisect',
  severity: 'warning',
  scope: 'change',
  summary: 'A patch breaks the build until a later one of its series mends it.',
  since: '0.1.0',
  check({ passing, report }) {
    for (const { finding, goneIn } of passing) {
      if (goneIn === null || !breaking.has(finding.rule) || finding.severity !== 'error') continue
      report({
        at: finding.at,
        message: `only patch ${goneIn} of the series mends this: ${finding.message}`,
        evidence: [`found by ${finding.rule} after this patch, and no more after patch ${goneIn}`],
        ...(finding.related && { related: finding.related }),
        ...(finding.when !== undefined && { when: finding.when }),
        suggestion: { message: `bring what patch ${goneIn} adds here, or before this patch`, edits: [] },
        subject: `${finding.rule} ${finding.message}`,
      })
    }
  },
})

/** The rules whose errors stop make or conf, or leave out what a recipe needs. */
const breaking: ReadonlySet<string> = new Set([
  'kcfg-syntax',
  'ko-missing-source',
  'ms-unbalanced-conditional',
  'ms-undefined-macro',
])
