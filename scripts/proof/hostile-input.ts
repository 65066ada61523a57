import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import type { Outcome, ProofContext } from './check.ts'
import { runCommand } from './run-command.ts'

const wanted = 20_000

const report = z.object({
  judged: z.number(),
  slowestMs: z.number(),
  slow: z.array(z.string()),
  crashes: z.array(z.string()),
})

/** 20,000 mutated mails through `check`, in processes that would die of a crash: none does, none hangs, nothing is written elsewhere. */
export async function proveHostileInput({ root, reference, say }: ProofContext): Promise<Outcome> {
  const work = mkdtempSync(join(tmpdir(), 'kbuild-review-hostile-'))
  try {
    const home = join(work, 'home')
    const temporary = join(work, 'tmp')
    for (const directory of [home, temporary]) mkdirSync(directory)
    const tree = layOutTree(root, work)
    const outside = listing(work, temporary)
    const shares = availableParallelism()
    say(`${wanted} mutated mails in ${shares} processes`)
    const reports = await Promise.all(
      Array.from({ length: shares }, async (_, share) => {
        const out = join(temporary, `report-${share}.json`)
        const settings = {
          tree,
          lore: reference.lore,
          demo: join(root, 'demo', 'mails'),
          from: Math.floor((wanted * share) / shares),
          to: Math.floor((wanted * (share + 1)) / shares),
          out,
        }
        const env = {
          PATH: process.env['PATH'],
          HOME: home,
          TMPDIR: temporary,
          XDG_CACHE_HOME: join(temporary, 'cache'),
        }
        const ran = await runCommand(
          process.execPath,
          [
            '--disable-warning=ExperimentalWarning',
            join(root, 'scripts/proof/hostile-worker.ts'),
            JSON.stringify(settings),
          ],
          { cwd: home, env },
        )
        if (ran.status !== 0)
          throw new Error(`the process died with ${ran.status ?? 'a signal'}: ${ran.stderr.slice(-2000)}`)
        return report.parse(JSON.parse(readFileSync(out, 'utf8')))
      }),
    )
    const judged = reports.reduce((sum, each) => sum + each.judged, 0)
    const slow = reports.flatMap((each) => each.slow)
    const crashes = reports.flatMap((each) => each.crashes)
    const written = newLines(outside, listing(work, temporary))
    return {
      ok: judged >= wanted && slow.length === 0 && crashes.length === 0 && written.length === 0,
      figure: `${judged} mutated mails, ${crashes.length} crashes${first(crashes)}, slowest ${Math.max(...reports.map((each) => each.slowestMs))} ms, ${slow.length} over 5 s${first(slow)}, ${written.length} files written outside the temporary directory${first(written)}`,
    }
  } finally {
    removeDirectory(work)
  }
}

function first(all: readonly string[]): string {
  return all.length === 0 ? '' : ` (${all[0] ?? ''})`
}

/** A repository of the demo's tree. */
function layOutTree(root: string, work: string): string {
  const tree = join(work, 'tree')
  execFileSync('cp', ['-r', join(root, 'demo', 'tree'), tree])
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', tree, '-c', 'user.name=demo', '-c', 'user.email=demo@kernel.example', ...args], {
      stdio: 'ignore',
    })
  }
  git('init', '-b', 'main')
  git('add', '-A')
  git('commit', '-m', 'A small Kbuild tree')
  return tree
}

function newLines(before: string, after: string): string[] {
  const known = new Set(before.split('\n'))
  return after.split('\n').filter((line) => !known.has(line))
}

/**
 * Names, sizes and times of all that lies around the temporary directory, and what an escaping patch would have made. Of objects
 * without the time: git renews that of one which it would write again, so that no gc takes it.
 */
function listing(work: string, temporary: string): string {
  const find = (...args: string[]): string => execFileSync('find', args, { encoding: 'utf8', maxBuffer: 1 << 28 })
  const objects = join(work, 'tree', '.git', 'objects')
  const around = find(
    work,
    '(',
    '-path',
    temporary,
    '-o',
    '-path',
    objects,
    ')',
    '-prune',
    '-o',
    '-printf',
    '%p %s %T@\\n',
  )
  const held = find(objects, '-type', 'f', '-printf', '%p %s\\n')
  const escaped = find(
    ...['/tmp', '/etc/cron.d'].filter((path) => existsSync(path)),
    '-maxdepth',
    '1',
    '-name',
    '*escaped*',
  )
  return `${around}${held}${escaped}`
}
