import type { Octokit } from 'octokit'
import { markerLine } from '../outlets/github-marker.ts'
import { code } from '../outlets/github-markdown.ts'
import type { OtherComment, PullState } from '../outlets/github-state.ts'
import { maxCommentLength } from '../outlets/github-text.ts'

/** What somebody asks for in the first line of a comment. */
export type PullCommand =
  | { readonly kind: 'retest' }
  | { readonly kind: 'invalid'; readonly rule: string }
  | { readonly kind: 'explain'; readonly rule: string }
  | { readonly kind: 'unknown' }

/** A command of somebody who may write to the repository. */
export type GivenCommand = { readonly comment: string; readonly author: string; readonly command: PullCommand }

/** The command of a comment; null where it gives none. */
export function parsePullCommand(body: string): PullCommand | null {
  const [first = ''] = body.split(/\r?\n/, 1)
  const [name, verb = '', rule = '', ...rest] = first.trim().split(/\s+/)
  if (name !== '/kbuild-review') return null
  if (verb === 'retest' && rule === '') return { kind: verb }
  if ((verb === 'invalid' || verb === 'explain') && /^[a-z][a-z0-9-]{0,60}$/.test(rule) && rest.length === 0)
    return { kind: verb, rule }
  return { kind: 'unknown' }
}

/**
 * The commands on a pull request by people who may write to the repository; those of others are not even answered, so that nobody
 * makes us talk. They are read from GitHub each time: what was called invalid stays so after a restart.
 */
export async function readCommands(
  octokit: Octokit,
  place: { readonly owner: string; readonly repo: string },
  others: PullState['others'],
): Promise<readonly GivenCommand[]> {
  const given = others.flatMap((comment) => withCommand(comment))
  const allowed = new Map<string, boolean>()
  for (const { author } of given) {
    if (!allowed.has(author)) allowed.set(author, await mayWrite(octokit, place, author))
  }
  return given.filter(({ author }) => allowed.get(author) === true)
}

function withCommand({ id, author, body }: OtherComment): readonly GivenCommand[] {
  const command = parsePullCommand(body)
  return command === null ? [] : [{ comment: id, author, command }]
}

async function mayWrite(
  octokit: Octokit,
  { owner, repo }: { owner: string; repo: string },
  username: string,
): Promise<boolean> {
  try {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username })
    // `maintain` is told as `write` here (docs.github.com, "Get repository permissions for a user").
    return data.permission === 'admin' || data.permission === 'write'
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 404) return false
    throw error
  }
}

/** Rules that people have called invalid on a pull request. */
export function invalidRules(commands: readonly GivenCommand[]): ReadonlySet<string> {
  return new Set(commands.flatMap(({ command }) => (command.kind === 'invalid' ? [command.rule] : [])))
}

const usage = 'Commands: `/kbuild-review retest`, `/kbuild-review invalid RULE`, `/kbuild-review explain RULE`.'

/** The comment that answers a command; `page` gives the page of a rule, null where there is none. */
export function answerText(
  { comment, command }: GivenCommand,
  {
    head,
    title,
    page,
  }: { readonly head: string; readonly title: string; readonly page: (rule: string) => string | null },
): string {
  const marker = markerLine({ kind: 'answer', comment })
  return `${marker}\n${textOf(command, { head, title, page })}`.slice(0, maxCommentLength)
}

type Known = { readonly head: string; readonly title: string; readonly page: (rule: string) => string | null }

function textOf(command: PullCommand, { head, title, page }: Known): string {
  switch (command.kind) {
    case 'retest':
      return `Judged again at ${head}: ${title}.`
    case 'invalid':
      return page(command.rule) === null
        ? `There is no rule ${code(command.rule)}.`
        : `${code(command.rule)} is not told on this pull request any more.`
    case 'explain':
      return page(command.rule) ?? `There is no rule ${code(command.rule)}.`
    case 'unknown':
      return usage
  }
}
