import { Command } from 'commander'
import { judgeAndBuild, judgeSeries } from '../app/judge-series.ts'
import type { BaseOptions } from '../git/base.ts'
import { resolveCommit } from '../git/repository.ts'
import type { Review } from '../review/review.ts'
import { builder, withBuilding, type BuildingFlags } from './check-build.ts'
import { gatherSeries, requireInput, type Input, type InputFlags } from './check-input.ts'
import { checkFormats, renderReviews, type CheckFormat } from './check-output.ts'
import { fillOutbox } from './correspondence.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { fails, type FailOn } from './fail-on.ts'
import { configOption, failOnOption, formatOption, previewOption, treeOption } from './options.ts'
import { reportReviews, requirePatchwork } from './patchwork.ts'
import { postPull } from './pull-post.ts'
import { openSession, type Session, type TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'

type CheckFlags = TreeFlags &
  InputFlags &
  BuildingFlags & {
    readonly base: string
    readonly fetch?: boolean
    readonly requireBase?: boolean
    readonly format: CheckFormat
    readonly failOn?: FailOn
    readonly explain?: boolean
    readonly outbox?: string
    readonly post?: boolean
    readonly patchwork?: true
  }

/** `check`: reviews patches. */
export function checkCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return withBuilding(
    new Command('check')
      .description(
        'review patches: files, standard input, a mail of an archive, or local commits; also tells what they change in the build',
      )
      .argument('[file...]', 'mbox, .patch, maildir, a directory of patches, or - for standard input')
      .addOption(treeOption())
      .addOption(configOption())
      .option('--range <A..B>', 'review local commits')
      .option('--pr <url>', 'review a pull request of GitHub: https://HOST/OWNER/REPOSITORY/pull/NUMBER')
      .option('--post', 'tell the review on the pull request (with --pr): checks, comments on lines, a summary')
      .option('--message-id <id>', 'review the series that this mail stands in (with --archive)')
      .option('--archive <dir>', 'a public-inbox mirror')
      .option('--base <rev>', 'the commit to apply to; auto: base-commit, then blob hashes, then HEAD', 'auto')
      .option('--fetch', 'fetch a base-commit that the tree lacks from its remotes; nothing is kept')
      .option('--require-base', 'do not judge where the base-commit is not to be had, instead of guessing a base')
      .addOption(formatOption(checkFormats))
      .addOption(failOnOption())
      .addOption(previewOption())
      .option('--explain', 'also show what rules could not decide, and what is not told because somebody said so')
      .option('--outbox <dir>', 'put the replies, as mails, in this maildir; nothing is sent')
      .option('--patchwork', 'report each patch as a check to the Patchwork of the configuration')
      .action(async (files: string[], flags: CheckFlags) => {
        finish(await check(files, flags, terminal))
      }),
  )
}

async function check(files: readonly string[], flags: CheckFlags, terminal: Terminal): Promise<ExitCode> {
  requireInput(files, flags)
  if (flags.post === true && flags.pr === undefined) throw new UsageError('--post needs --pr URL: where to')
  const session = await openSession(flags, terminal)
  try {
    await requireGivenBase(flags, session)
    const patchwork = flags.patchwork === true ? requirePatchwork(session) : null
    const { inputs, notes } = await gatherSeries(files, flags, { session, terminal })
    const failOn = flags.failOn ?? session.config['fail-on']
    const build = builder(flags, { session, terminal })
    const judging = { ...session, ...build, base: baseOptions(flags), signal: terminal.signal }
    const reviews: Review[] = []
    for (const { series, applied } of inputs) {
      terminal.signal.throwIfAborted()
      terminal.progress.update(`judging ${reviews.length + 1}/${inputs.length}: ${series.subject}`)
      const review = applied === null ? judgeSeries(series, judging) : judgeAndBuild(series, applied, judging)
      reviews.push(await review)
    }
    terminal.progress.clear()
    for (const note of notes) terminal.note(note)
    await renderReviews(reviews, flags, { session, terminal })
    if (flags.outbox !== undefined) await fillOutbox(flags.outbox, reviews, { session, terminal })
    if (flags.post === true) await postReviews(inputs, reviews, { session, terminal, failOn })
    if (patchwork !== null) await reportReviews(reviews, patchwork, terminal)
    return exitOf(reviews, failOn, notes)
  } finally {
    await session.close()
  }
}

type Posting = { readonly session: Session; readonly terminal: Terminal; readonly failOn: FailOn }

async function postReviews(inputs: readonly Input[], reviews: readonly Review[], context: Posting): Promise<void> {
  for (const [at, { pull }] of inputs.entries()) {
    const review = reviews[at]
    if (pull && review) await postPull(pull, review, context)
  }
}

function baseOptions({ base, fetch, requireBase }: CheckFlags): BaseOptions {
  return {
    ...(base !== 'auto' && { given: base }),
    fetch: fetch === true ? 'remotes' : 'never',
    unreachable: requireBase === true ? 'refuse' : 'guess',
  }
}

/** Throws `UsageError` where --base names no commit: that is a slip of the caller, not of the patches. */
async function requireGivenBase({ base }: CheckFlags, { repository }: Session): Promise<void> {
  if (base !== 'auto' && (await resolveCommit(repository, base)) === null)
    throw new UsageError(`--base: the tree has no commit \`${base}\``)
}

/** Findings win over what could not be judged: they are facts either way. */
function exitOf(reviews: readonly Review[], failOn: FailOn, notes: readonly string[]): ExitCode {
  if (reviews.some(({ findings }) => fails(findings, failOn))) return exitCodes.findings
  const unjudged = reviews.length === 0 || notes.length > 0 || reviews.some(({ verdict }) => verdict === 'not-judged')
  return unjudged ? exitCodes.notJudged : exitCodes.clean
}
