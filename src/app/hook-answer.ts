import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { renderFindings, summarise } from '../outlets/terminal.ts'
import type { Finding, Skipped } from '../review/finding.ts'
import { printable } from '../review/printable.ts'
import { readAmSession, rememberTold, wasTold, type AmSession } from './am-session.ts'
import { judgeAmPatch, type AmVerdict, type HookJudging } from './judge-am.ts'
import { judgeCommit } from './judge-commit.ts'
import { judgePush } from './judge-push.ts'

/** What a hook asks, as bin/kbuild-review-hook.mjs sends it. */
export type HookRequest = {
  readonly hook: string
  /** The arguments that git gave the hook. */
  readonly args: readonly string[]
  readonly cwd: string
  readonly gitDirectory: string
  readonly indexFile: string | null
  /** What git gave on standard input. */
  readonly input: string
  readonly colour: boolean
}

/** How the hook ends, and what it tells the user before. */
export type HookAnswer = { readonly status: 0 | 1; readonly text: string }

/** What hooks are answered with; `stops` says whether findings keep git from going on. */
export type HookPolicy = HookJudging & { readonly stops: (findings: readonly Finding[]) => boolean }

const goOn: HookAnswer = { status: 0, text: '' }

/** Answers a hook. Only findings stop git; a patch that could not be judged is named, and let through. */
export async function answerHook(request: HookRequest, policy: HookPolicy): Promise<HookAnswer> {
  const session = readAmSession(request.gitDirectory)
  switch (request.hook) {
    case 'applypatch-msg':
    case 'post-applypatch':
      return session === null ? goOn : workAhead(request, session, policy)
    case 'pre-applypatch':
      return session === null ? goOn : answerAm(request, session, policy)
    case 'commit-msg':
      return answerCommit(request, policy)
    case 'pre-push':
      return answerPush(request, policy)
    default:
      return { status: 0, text: note(`there is no hook \`${request.hook}\``) }
  }
}

/** Judges what git is about to apply, so that the verdict is there when git asks. */
async function workAhead(request: HookRequest, session: AmSession, policy: HookPolicy): Promise<HookAnswer> {
  const number = request.hook === 'post-applypatch' ? session.current + 1 : session.current
  if (number <= session.last) await judgeAmPatch({ session, number, worktree: request, state: 'ahead' }, policy)
  return goOn
}

async function answerAm(request: HookRequest, session: AmSession, policy: HookPolicy): Promise<HookAnswer> {
  const result = await judgeAmPatch({ session, number: session.current, worktree: request, state: 'staged' }, policy)
  if (result.kind === 'not-judged') return { status: 0, text: note(`not judged: ${result.reason}`) }
  const { verdict } = result
  const text = verdict.notRun.map(({ what, why }) => note(`not judged: ${what}: ${why}`)).join('')
  if (!policy.stops(verdict.findings)) return { status: 0, text }
  const told = toldAs(session, verdict)
  const count = summarise(worthTelling(verdict))
  if (wasTold(session, told))
    return { status: 0, text: text + note(`committed with ${count}, as you have seen: ${verdict.title}`) }
  rememberTold(session, told)
  return { status: 1, text: text + stopText(verdict, count, request.colour) }
}

/** A stop is told once: the same patch with the same findings is the user's decision the second time. */
function toldAs({ current }: AmSession, { after, findings }: AmVerdict): string {
  const keys = findings.map(({ key }) => key).sort()
  return createHash('sha256')
    .update([current, after, ...keys].join('\n'))
    .digest('hex')
}

/** Remarks are news, and no reason to look up from the work. */
function worthTelling({ findings }: { readonly findings: readonly Finding[] }): readonly Finding[] {
  return findings.filter(({ severity }) => severity !== 'info')
}

function stopText(verdict: AmVerdict, count: string, colour: boolean): string {
  return [
    note(`${count} in "${verdict.title}"`),
    '\n',
    renderFindings(worthTelling(verdict), { colour }),
    '\n',
    note('the patch is applied to the index and the working tree, and not committed. To go on:'),
    '  git am --continue   commit it all the same, or what you have mended and added with `git add`\n',
    '  git am --skip       leave it out\n',
    '  git am --abort      go back to where git am began\n',
  ].join('')
}

async function answerCommit(request: HookRequest, policy: HookPolicy): Promise<HookAnswer> {
  const [path = ''] = request.args
  const verdict = await judgeCommit({ messagePath: resolve(request.cwd, path), worktree: request }, policy)
  const end = 'nothing was committed, your message is kept; `git commit --no-verify` commits all the same'
  return refusal(verdict, { what: 'what is committed', end, request, policy })
}

async function answerPush(request: HookRequest, policy: HookPolicy): Promise<HookAnswer> {
  const [remote = ''] = request.args
  const verdict = await judgePush({ input: request.input, remote, worktree: request }, policy)
  const end = 'nothing was pushed; `git push --no-verify` pushes all the same'
  return refusal(verdict, { what: 'what is pushed', end, request, policy })
}

type Refusing = {
  readonly what: string
  readonly end: string
  readonly request: HookRequest
  readonly policy: HookPolicy
}

/** Says no where findings stop git, each time: git keeps nothing here by which it could be known that somebody was told. */
function refusal(
  verdict: { readonly findings: readonly Finding[]; readonly notRun: readonly Skipped[] },
  { what, end, request, policy }: Refusing,
): HookAnswer {
  const text = verdict.notRun.map(({ what: which, why }) => note(`not judged: ${which}: ${why}`)).join('')
  if (!policy.stops(verdict.findings)) return { status: 0, text }
  const told = worthTelling(verdict)
  const head = note(`${summarise(told)} in ${what}`)
  return { status: 1, text: `${text}${head}\n${renderFindings(told, request)}\n${note(end)}` }
}

function note(text: string): string {
  return `kbuild-review: ${printable(text)}\n`
}
