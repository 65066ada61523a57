import { setTimeout as sleep } from 'node:timers/promises'
import { serve as listen } from '@hono/node-server'
import { Command, InvalidArgumentError } from 'commander'
import { GithubSetupError, openGithub, readSecret } from '../app/github-client.ts'
import type { GithubConfig } from '../app/github-config.ts'
import { judgeAndBuild, type Judging } from '../app/judge-series.ts'
import { buildApplied } from '../app/series-builds.ts'
import { suitesOf } from '../outlets/github-suites.ts'
import type { PullDesk } from '../app/review-pull.ts'
import { createPullWatch, type PullWatch, type WatchReport } from '../app/watch-pulls.ts'
import { createPullSource } from '../sources/github.ts'
import { createGithubWebhooks } from '../web/github-webhooks.ts'
import { configuredBuilds } from './check-build.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { configOption, treeOption } from './options.ts'
import { openSession, type Session, type TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'

type ServeFlags = TreeFlags & { readonly host: string; readonly port: number; readonly interval: number }

/** `serve`: watches the pull requests of the configuration, by polling and by webhooks. */
export function serveCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('serve')
    .description(
      'watch the pull requests of the repositories in the configuration; posts only where it says `post: true`',
    )
    .addOption(treeOption())
    .addOption(configOption())
    .option('--host <address>', 'the address that webhooks are taken at', '127.0.0.1')
    .option('--port <port>', 'the port that webhooks are taken at, POST /github/webhooks', toNumber(0, 65_535), 8470)
    .option('--interval <seconds>', 'how often GitHub is asked what has changed', toNumber(1, 86_400), 60)
    .action(async (flags: ServeFlags) => {
      finish(await serve(flags, terminal))
    })
}

function toNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(`a number from ${least} to ${most} is expected`)
    return number
  }
}

async function serve(flags: ServeFlags, terminal: Terminal): Promise<ExitCode> {
  const session = await openSession(flags, terminal)
  try {
    const { github } = session.config
    if (github === undefined || github.repositories.length === 0)
      throw new UsageError('serve needs `github.repositories` in the configuration: what to watch')
    const watches = await openWatches(github, { session, terminal })
    const stop = startReceiver(github, flags, { watches, terminal })
    try {
      await sweepForEver(watches, flags.interval * 1000, terminal)
    } finally {
      await stop()
    }
    return exitCodes.interrupted
  } catch (error) {
    if (error instanceof GithubSetupError) throw new UsageError(error.message)
    throw error
  } finally {
    await session.close()
  }
}

type Watches = ReadonlyMap<string, PullWatch>

async function openWatches(
  github: GithubConfig,
  { session, terminal }: { readonly session: Session; readonly terminal: Terminal },
): Promise<Watches> {
  const watches = new Map<string, PullWatch>()
  const plan = configuredBuilds(session.config, { session, terminal })
  const build: Judging['build'] = plan === null ? undefined : (series, applied) => buildApplied(series, applied, plan)
  const judging = { ...session, ...(build && { build }) }
  for (const name of github.repositories) {
    const [owner = '', repo = ''] = name.split('/')
    const client = await openGithub(github, { owner, repo }, { env: terminal.env })
    const desk: PullDesk = {
      client,
      source: createPullSource(client.octokit, { owner, repo }),
      repository: session.repository,
      judge: async ({ series, applied }) => {
        const review = await judgeAndBuild(series, applied, judging)
        return { review, suites: suitesOf(review) }
      },
      post: github.post,
      drafts: github.drafts,
      failOn: session.config['fail-on'],
      now: session.surroundings.clock,
      sleep: (ms) => sleep(ms, undefined, { signal: terminal.signal }),
      judged: new Map(),
    }
    watches.set(
      name,
      createPullWatch(desk, (number, outcome) => terminal.note(reportLine(`${name}#${number}`, outcome))),
    )
  }
  return watches
}

/** One line, key=value; what strangers wrote is not in it. */
function reportLine(pull: string, outcome: WatchReport): string {
  switch (outcome.kind) {
    case 'posted': {
      const { comments, resolved, sticky } = outcome.posted
      return `${pull} posted checks=${outcome.checks} comments=${comments} resolved=${resolved} summary=${sticky} answers=${outcome.answers}`
    }
    case 'judged':
      return `${pull} judged verdict=${outcome.review.verdict} findings=${outcome.review.findings.length} post=false`
    case 'skipped':
      return `${pull} skipped why=${outcome.why}`
    case 'later':
      return `${pull} later ms=${outcome.ms} why=${JSON.stringify(outcome.why)}`
    case 'refused':
      return `${pull} refused why=${JSON.stringify(outcome.why)}`
    case 'broken':
      return `${pull} broken why=${JSON.stringify(outcome.error.message)}`
  }
}

/** Takes webhooks where there is a secret to know them by; gives what stops that. */
function startReceiver(
  github: GithubConfig,
  { host, port }: ServeFlags,
  { watches, terminal }: { readonly watches: Watches; readonly terminal: Terminal },
): () => Promise<void> {
  const file = github['webhook-secret-file']
  if (file === undefined) return () => Promise.resolve()
  const app = createGithubWebhooks({
    secret: readSecret(file),
    repositories: github.repositories,
    onPoke: ({ repository, number }) => watches.get(repository)?.poke(number),
  })
  const server = listen({ fetch: app.fetch, hostname: host, port }, (info) =>
    terminal.note(`webhooks at http://${info.address}:${info.port}/github/webhooks`),
  )
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      // GitHub keeps its connections open for the next delivery.
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
}

/** Until the user ends it. */
async function sweepForEver(watches: Watches, intervalMs: number, terminal: Terminal): Promise<void> {
  const { signal } = terminal
  while (!signal.aborted) {
    for (const [name, watch] of watches) {
      const swept = await watch.sweep()
      if (swept.kind === 'later') terminal.note(`${name} later why=${JSON.stringify(swept.why)}`)
    }
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined)
  }
  for (const watch of watches.values()) await watch.idle()
}
