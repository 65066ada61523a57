import { Command } from 'commander'
import { readJudgedTree } from '../app/judged-table.ts'
import { lintKernel } from '../app/lint-kernel.ts'
import { suggestedForTree } from '../app/suggested-diff.ts'
import { packageVersion, rulePage } from '../app/package.ts'
import type { EarlyLint } from '../app/start-lint-threads.ts'
import { renderCheckpatchLint } from '../outlets/checkpatch.ts'
import { renderGithub } from '../outlets/github.ts'
import { renderLintJson } from '../outlets/json.ts'
import { renderRdjson } from '../outlets/rdjson.ts'
import { renderSarif } from '../outlets/sarif.ts'
import { renderFindings, renderSuppressed, renderUnsure, summarise } from '../outlets/terminal.ts'
import type { Lint } from '../review/lint-tree.ts'
import { resolveCommit } from '../git/repository.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { fails, type FailOn } from './fail-on.ts'
import { lintSubject, withSubjectOptions, type SubjectFlags } from './lint-subject.ts'
import { requireMeasureFlags, withMeasureOptions, writePrecision, type MeasureFlags } from './measure.ts'
import { configOption, failOnOption, formatOption, previewOption, treeOption } from './options.ts'
import { openSession, type OpenSession, type Session } from './session.ts'
import { readStandardInput } from './standard-input.ts'
import type { Terminal } from './terminal.ts'

const formats = ['text', 'json', 'sarif', 'github', 'checkpatch', 'rdjson', 'diff'] as const
type LintFlags = SubjectFlags &
  MeasureFlags & {
    readonly format: (typeof formats)[number]
    readonly failOn?: FailOn
    readonly explain?: boolean
  }

/** What a lint works on: a session of its own and standard input, where nobody else brings them. */
export type LintSources = {
  readonly open: (flags: LintFlags, terminal: Terminal, options?: OpenSession) => Promise<Session>
  readonly input: () => Promise<Uint8Array>
  /** What is started already. */
  readonly early?: EarlyLint | null
}

export const ownSources: LintSources = { open: openSession, input: readStandardInput }

/** `lint`: the tree rules on a whole tree or a part of it. */
export function lintCommand(
  terminal: Terminal,
  finish: (code: ExitCode) => void,
  sources: LintSources = ownSources,
): Command {
  const command = new Command('lint')
    .description('run the tree rules over the build files of a commit')
    .argument('[path...]', 'files and directories of the tree (default: all of it)')
    .addOption(treeOption())
    .addOption(configOption())
    .option('--revision <rev>', 'the commit to look at', 'HEAD')
    .addOption(formatOption(formats))
    .addOption(failOnOption())
    .addOption(previewOption())
    .option('--explain', 'also show what rules could not decide, and what is not told because somebody said so')
  return withMeasureOptions(withSubjectOptions(command), 'path, line, rule, verdict, why').action(
    async (paths: string[], flags: LintFlags) => {
      finish(await lint(paths, flags, { terminal, ...sources }))
    },
  )
}

type LintContext = LintSources & { readonly terminal: Terminal }

async function lint(given: readonly string[], asked: LintFlags, context: LintContext): Promise<ExitCode> {
  const { terminal, open, input, early = null } = context
  requireMeasureFlags(asked)
  const session = await open(asked, terminal, { readsLate: early !== null })
  try {
    const { paths, revision } = await lintSubject(given, asked, { session, terminal, input })
    const flags = { ...asked, revision }
    const result = await lintKernel({
      ...session,
      threads: session.surroundings,
      early,
      revision,
      paths,
      onProgress: ({ done, total }) => terminal.progress.update(`linting ${done}/${total} files`),
      signal: terminal.signal,
    })
    terminal.progress.clear()
    if (result === null) throw new UsageError(`the tree has no revision \`${flags.revision}\``)
    if (result.files === 0)
      throw new UsageError(`no build file of \`${flags.revision}\` is at or below ${given.join(', ') || 'the top'}`)
    const measured = writePrecision(flags, {
      findings: result.findings,
      of: 'tree',
      tree: (await resolveCommit(session.repository, flags.revision)) ?? flags.revision,
      judged: result.files,
      readTable: readJudgedTree,
      nameOf: ({ path, line, rule }) => `${path} ${line} ${rule}`,
    })
    if (measured !== null) terminal.note(measured)
    await terminal.out(await render(result, flags, { session, colour: terminal.colour }))
    if (fails(result.findings, flags.failOn ?? session.config['fail-on'])) return exitCodes.findings
    return result.notRun.length > 0 ? exitCodes.notJudged : exitCodes.clean
  } finally {
    await session.close()
  }
}

async function render(
  lint: Lint,
  flags: LintFlags,
  { session, colour }: { readonly session: Session; readonly colour: boolean },
): Promise<string> {
  switch (flags.format) {
    case 'text':
      return [
        renderFindings(lint.findings, { colour }),
        flags.explain === true
          ? renderUnsure(lint.unsure, { colour }) + renderSuppressed(lint.suppressed, { colour })
          : '',
        `${summarise(lint.findings)} in ${lint.files} files\n`,
      ].join('')
    case 'json':
      return renderLintJson(lint)
    case 'sarif':
      return renderSarif(lint, { rules: session.rules, version: packageVersion(), page: rulePage })
    case 'github':
      return renderGithub(lint.findings)
    case 'checkpatch':
      return renderCheckpatchLint(lint.findings)
    case 'rdjson':
      return renderRdjson(lint.findings)
    case 'diff':
      return suggestedForTree(session.repository, flags.revision, lint.findings)
  }
}
