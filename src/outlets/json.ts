import type { Finding, Place, Placed, Unsure } from '../review/finding.ts'
import type { Review } from '../review/review.ts'
import type { Lint } from '../review/lint-tree.ts'

/** The version of the form; a field may come, none changes or goes without another number. */
const schema = 1

/** A review as one JSON document, the stable form that README.md describes. Ends in a newline. */
export function renderJson(review: Review): string {
  return `${JSON.stringify(reviewJson(review), null, 2)}\n`
}

/** A lint as one JSON document: the findings as in a review, without patch and placement. Ends in a newline. */
export function renderLintJson(lint: Lint): string {
  const document = {
    schema,
    findings: lint.findings.map(findingJson),
    unsure: lint.unsure.map(unsureJson),
    notRun: lint.notRun,
    files: lint.files,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function reviewJson(review: Review): object {
  const { series, application, findings, unsure, changes, builds = [], notRun, timing, verdict } = review
  return {
    schema,
    series: {
      id: series.id,
      version: series.version,
      subject: series.subject,
      patches: patchesJson(review),
      missing: series.missing,
      inferred: series.inferred,
    },
    base: application.kind === 'no-base' ? null : application.base,
    applied: appliedJson(review),
    verdict,
    findings: findings.map((finding) => placedJson(finding, review)),
    unsure: unsure.map(unsureJson),
    changes,
    builds,
    notRun,
    timing,
  }
}

/** Each patch with the way that it went on, where it was tried: `how` and `detail` of an applied one, or `refused`. */
function patchesJson({ series, application }: Review): object[] {
  const outcomes = new Map(application.kind === 'no-base' ? [] : application.patches.map((each) => [each.index, each]))
  return series.patches.map(({ index, title, envelope }) => {
    const outcome = outcomes.get(index)
    const way =
      outcome?.kind === 'applied'
        ? { commit: outcome.commit, how: outcome.how, detail: outcome.detail }
        : outcome && { how: 'refused', files: outcome.files }
    return { index, messageId: envelope.id, subject: title, ...way }
  })
}

/** `true`, or the first patch that did not apply, with what it was refused for. */
function appliedJson({ application }: Review): object | true {
  switch (application.kind) {
    case 'applied':
      return true
    case 'no-base':
      return { patch: null, files: [], log: application.reason }
    case 'conflict': {
      const { index, files, log } = application.first
      return { patch: index, files, log }
    }
  }
}

/** `introducedBy` is the Message-ID of the patch that brought it. */
function placedJson(finding: Placed, { series }: Review): object {
  const patch = series.patches.find(({ index }) => index === finding.patch)
  return { ...findingJson(finding), introducedBy: patch?.envelope.id ?? null, placement: finding.placement }
}

function findingJson(finding: Finding): object {
  const { rule, severity, message, path, line, column, endLine, endColumn, patch, when, key, source } = finding
  const { evidence = [], related = [], suggestion, reproduce = [] } = finding
  return {
    rule,
    severity,
    message,
    path,
    line,
    column,
    endLine,
    endColumn,
    patch,
    ...(when !== undefined && { when }),
    source,
    evidence,
    related: related.map((each) => ({ message: each.message, ...placeJson(each) })),
    ...(suggestion && {
      suggestion: {
        message: suggestion.message,
        edits: suggestion.edits.map((edit) => ({ ...placeJson(edit), text: edit.text })),
      },
    }),
    reproduce,
    key,
  }
}

function unsureJson(unsure: Unsure): object {
  return { rule: unsure.rule, because: unsure.because, patch: unsure.patch, ...placeJson(unsure) }
}

function placeJson({ path, line, column, endLine, endColumn }: Place): object {
  return { path, line, column, endLine, endColumn }
}
