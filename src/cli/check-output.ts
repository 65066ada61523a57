import { toMail } from '../app/draft-replies.ts'
import { packageVersion, rulePage } from '../app/package.ts'
import { suggestedForReview } from '../app/suggested-diff.ts'
import { correspondenceOf, draftsOf } from './correspondence.ts'
import { renderB4 } from '../outlets/b4.ts'
import { renderCheckpatch } from '../outlets/checkpatch.ts'
import { renderGithub } from '../outlets/github.ts'
import { renderJson } from '../outlets/json.ts'
import { renderRdjson } from '../outlets/rdjson.ts'
import { renderSarif, type SarifContents } from '../outlets/sarif.ts'
import { renderReview, renderSuppressed, renderUnsure } from '../outlets/terminal.ts'
import { changeSections, type ChangeSection } from '../review/change-sections.ts'
import type { Review } from '../review/review.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** The forms that `check` prints; the first is the default. */
export const checkFormats = ['text', 'json', 'sarif', 'github', 'checkpatch', 'b4', 'rdjson', 'diff', 'mail'] as const
export type CheckFormat = (typeof checkFormats)[number]

type Flags = { readonly format: CheckFormat; readonly explain?: boolean }
type Context = { readonly session: Session; readonly terminal: Terminal }

/** Prints the reviews of a run in the form that was asked for. */
export async function renderReviews(reviews: readonly Review[], flags: Flags, context: Context): Promise<void> {
  const { session, terminal } = context
  const { colour } = terminal
  switch (flags.format) {
    case 'text':
      for (const review of reviews) {
        await terminal.out(renderReview(review, { colour }))
        if (flags.explain === true)
          await terminal.out(renderUnsure(review.unsure, { colour }) + renderSuppressed(review.suppressed, { colour }))
      }
      return
    case 'json':
      return terminal.out(renderJsonOf(reviews))
    case 'sarif':
      return terminal.out(
        renderSarif(together(reviews), { rules: session.rules, version: packageVersion(), page: rulePage }),
      )
    case 'github': {
      const { findings, sections } = together(reviews)
      return terminal.out(renderGithub(findings, sections))
    }
    case 'checkpatch':
      return terminal.out(reviews.map(renderCheckpatch).join(''))
    case 'b4':
      return terminal.out(renderB4(reviews))
    case 'rdjson':
      return terminal.out(renderRdjson(together(reviews).findings))
    case 'diff':
      for (const review of reviews) await terminal.out(await suggestedForReview(review, session.repository))
      return
    case 'mail':
      return terminal.out(reviews.map((review) => renderMails(review, context)).join(''))
  }
}

/** One document for one series; an array of them for several. */
function renderJsonOf(reviews: readonly Review[]): string {
  const [only, ...more] = reviews.map(renderJson)
  return only !== undefined && more.length === 0
    ? only
    : `[${reviews.map((review) => renderJson(review).trimEnd()).join(',\n')}]\n`
}

function together(reviews: readonly Review[]): Required<SarifContents> {
  return {
    findings: reviews.flatMap(({ findings }) => findings),
    notRun: reviews.flatMap(({ notRun }) => notRun),
    sections: reviews.flatMap(sectionsOf),
  }
}

/** Where several series are told together, a title says which it is of. */
function sectionsOf(review: Review, _: number, { length }: readonly Review[]): readonly ChangeSection[] {
  const sections = changeSections(review)
  return length === 1
    ? sections
    : sections.map((each) => ({ ...each, title: `${each.title}: ${review.series.subject}` }))
}

/** The replies as an mbox in the form mboxrd, as `git am`, mutt and b4 read it. */
function renderMails(review: Review, { session, terminal }: Context): string {
  const correspondence = correspondenceOf(session)
  return draftsOf(review, correspondence, terminal)
    .map((reply) => Buffer.from(toMail(reply, correspondence, 'lf')).toString('utf8'))
    .map((mail) => `From mboxrd@z Thu Jan  1 00:00:00 1970\n${mail.replaceAll(/^(>*From )/gm, '>$1')}\n`)
    .join('')
}
