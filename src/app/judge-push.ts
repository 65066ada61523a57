import { gitOutput } from '../git/run.ts'
import { readRange } from '../git/range.ts'
import { judgeApplied } from './judge-series.ts'
import type { Finding, Skipped } from '../review/finding.ts'
import type { HookJudging } from './judge-am.ts'
import { worktreeRun, type Worktree } from './staged-tree.ts'

/** What a push brings: findings of the commits that the remote does not have, and what was not judged. */
export type PushVerdict = { readonly findings: readonly Finding[]; readonly notRun: readonly Skipped[] }

/** A line that git gives a pre-push hook (githooks(5)): what is pushed where, and what is there now. */
type Update = { readonly localRef: string; readonly local: string; readonly remote: string }

/** Judges what a push would bring to a remote, `input` being what git gives the hook. Deleted refs and tags of no commit bring nothing. */
export async function judgePush(
  { input, remote, worktree }: { readonly input: string; readonly remote: string; readonly worktree: Worktree },
  judging: HookJudging,
): Promise<PushVerdict> {
  const findings: Finding[] = []
  const notRun: Skipped[] = []
  for (const update of readUpdates(input)) {
    const oldest = await oldestNew(update, remote, worktree, judging)
    if (oldest === null) continue
    const range = await readRange(judging.repository, `${oldest}^..${update.local}`)
    if (range.kind === 'none') {
      notRun.push({ what: update.localRef, why: range.reason })
      continue
    }
    const review = judgeApplied(range.series, range.applied, judging)
    findings.push(...review.findings)
    notRun.push(...review.notRun)
  }
  return { findings, notRun }
}

function readUpdates(input: string): readonly Update[] {
  return input.split('\n').flatMap((line) => {
    const [localRef = '', local = '', , remote = ''] = line.split(' ')
    return localRef === '' || isNull(local) ? [] : [{ localRef, local, remote }]
  })
}

/** All zeros stand for a ref that is not there (githooks(5)). */
function isNull(id: string): boolean {
  return /^0*$/.test(id)
}

/** The oldest commit of a push that neither the pushed ref nor any branch known of the remote has; null where there is none. */
async function oldestNew(
  { local, remote: there }: Update,
  remote: string,
  worktree: Worktree,
  { repository }: HookJudging,
): Promise<string | null> {
  const known = isNull(there) || repository.reader.read([there], 0)[0] === null ? [] : [there]
  const args = ['rev-list', '--topo-order', '--no-merges', local, '--not', ...known, `--remotes=${globbed(remote)}`]
  const listed = await gitOutput(args, worktreeRun(repository, worktree))
  return listed.trim().split('\n').at(-1) || null
}

/** A remote's name as the pattern of --remotes; a URL has no branches that are known. */
function globbed(remote: string): string {
  return /^[\w.-]+$/.test(remote) ? remote : 'no-such-remote'
}
