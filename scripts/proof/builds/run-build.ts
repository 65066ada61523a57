import { join } from 'node:path'
import { cpus, loadavg } from 'node:os'
import { runCommand, type Ran } from '../run-command.ts'

/** How a run of the command line went, and what all that it started used of the processors. */
export type Measured = Ran & {
  /** User and system, of all processes that it waited for, in seconds. */
  readonly cpuSeconds: number
  /** Runnable processes for each processor when it began; more than 1 of others makes wall time say little. */
  readonly load: number
}

/** What the JSON of `build` holds, as far as it is looked at. */
export type BuildsDocument = {
  readonly builds: readonly {
    readonly findings: readonly Told[]
    readonly notRun: readonly { readonly what: string; readonly why: string }[]
    readonly before: readonly Run[]
    readonly after: readonly { readonly patch: number; readonly runs: readonly Run[] }[]
  }[]
}

export type Run = {
  readonly arch: string
  readonly goals: readonly {
    readonly goal: string
    readonly status: string
    readonly command: readonly string[]
    readonly directory: string
    readonly seconds: number
    readonly reason: string | null
    readonly reproduce: string | null
    readonly log: { readonly tail: string }
  }[]
  readonly notRun: readonly { readonly goal: string; readonly kind: string; readonly reason: string }[]
  readonly evidence: readonly string[]
}

export type Told = {
  readonly rule: string
  readonly severity: string
  readonly message: string
  readonly path: string
  readonly line: number
  readonly patch: number | null
  readonly evidence?: readonly string[]
}

type Options = {
  readonly root: string
  readonly cache: string
  readonly killAfterMs?: number
  readonly env?: NodeJS.ProcessEnv
}

/** Prints at the end what the children of the shell used: `times` of POSIX, its second line. */
const script = '"$@"; status=$?; times >&2; exit $status'

/** Runs `kbuild-review` with a cache of its own, and measures it. */
export async function runBuild(args: readonly string[], { root, cache, killAfterMs, env }: Options): Promise<Measured> {
  const bin = join(root, 'bin', 'kbuild-review.mjs')
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', bin, ...args]
  const load = (loadavg()[0] ?? 0) / cpus().length
  const ran = await runCommand('sh', ['-c', script, 'sh', ...command], {
    cwd: root,
    env: { ...(env ?? process.env), XDG_CACHE_HOME: cache },
    ...(killAfterMs !== undefined && { killAfterMs }),
  })
  const [user = 0, system = 0] = [...(ran.stderr.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  )
  return { ...ran, cpuSeconds: user + system, load }
}

/** The document that it printed; throws, with the end of what it complained, where it is none. */
export function readBuilds({ stdout, stderr, status }: Ran): BuildsDocument {
  if (stdout === '') throw new Error(`the build ended with ${status ?? 'a signal'}: ${stderr.trim().slice(-600)}`)
  // Our own output; what is missing in it falls short in whoever looks for it.
  return JSON.parse(stdout) as BuildsDocument
}

/** What a busy machine's processors would need alone: seconds of wall time on two free ones, of which make keeps 95 % busy. */
export function onTwoFree(cpuSeconds: number): number {
  return cpuSeconds / 1.9
}

/**
 * Whether a run took no longer than it may. Where others keep the processors busy, wall time measures them: then the processor seconds count,
 * and the figure says so.
 */
export function judgeTime(
  { ms, cpuSeconds, load }: Measured,
  limitSeconds: number,
): { readonly ok: boolean; readonly figure: string } {
  const wall = ms / 1000
  const isBusy = load > 0.5
  const free = onTwoFree(cpuSeconds)
  const figure = `${wall.toFixed(0)} s, ${cpuSeconds.toFixed(0)} CPU s, at most ${limitSeconds} s`
  if (wall <= limitSeconds || !isBusy) return { ok: wall <= limitSeconds, figure }
  return {
    ok: free <= limitSeconds,
    figure: `${figure}; load ${load.toFixed(1)} a processor, so ${free.toFixed(0)} s by CPU on two free ones`,
  }
}
