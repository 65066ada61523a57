import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { findCgroups } from './cgroups.ts'
import type { SandboxSupport } from './sandbox-model.ts'
import { openSandbox } from './sandbox.ts'
import { findTool } from './tools.ts'

/** What this machine can do, tried and not guessed; or what keeps it from running any sandbox, and what to do about it. */
export type SandboxProbe =
  | { readonly kind: 'ready'; readonly support: SandboxSupport; readonly detail: string }
  | { readonly kind: 'missing'; readonly reason: string; readonly advice: string }

export type ProbeOptions = {
  /** `process.getuid()`. */
  readonly uid: number
  /** Where directories for mounts are made; where root runs us and others cannot pass through it, /run or /tmp is taken. */
  readonly temporaryDirectory: string
}

/**
 * Whose builds are where root runs us: with root's own id, limits of processes do not count (fork(2), EAGAIN) and files of root stay writable.
 * Debian keeps 65000 to 65533 unassigned (Debian Policy 9.2.2); 65534 is nobody, whom others use too.
 */
export const unprivilegedUid = 65_533

const programs = [
  { program: 'bwrap', package: 'bubblewrap' },
  { program: 'unshare', package: 'util-linux' },
  { program: 'nsenter', package: 'util-linux' },
  { program: 'prlimit', package: 'util-linux' },
  { program: 'setpriv', package: 'util-linux' },
]

/** Opens a sandbox with limits of its smallest size, runs a command in it, and says what it is limited by. */
export async function probeSandbox({ uid, temporaryDirectory }: ProbeOptions): Promise<SandboxProbe> {
  const tools = await Promise.all(programs.map(({ program }) => findTool(program)))
  const missing = programs.find((_, index) => tools[index]?.version === null)
  if (missing !== undefined)
    return { kind: 'missing', reason: `no \`${missing.program}\``, advice: `apt-get install ${missing.package}` }
  const support: SandboxSupport = {
    identity: uid === 0 ? { kind: 'root', uid: unprivilegedUid } : { kind: 'user' },
    cgroups: findCgroups(),
    temporaryDirectory: uid === 0 ? passableDirectory(temporaryDirectory) : temporaryDirectory,
  }
  const reason = await tryOut(support)
  if (reason !== null) return { kind: 'missing', reason, advice: adviceFor(reason) }
  const limits = support.cgroups === null ? 'prlimit: no cgroup can be made here' : support.cgroups.kind
  return { kind: 'ready', support, detail: `${tools[0]?.version ?? 'bwrap'}; limits by ${limits}` }
}

/** The first of some directories that a build with another id can pass through; what is seen below it only we can name. */
export function passableDirectory(wanted: string): string {
  return [wanted, '/run', '/tmp'].find((path) => isPassable(resolve(path))) ?? wanted
}

function isPassable(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false })
  if (status === undefined || (status.mode & 0o001) === 0) return false
  return path === dirname(path) || isPassable(dirname(path))
}

const smallLimits = { seconds: 10, memory: 64 * 2 ** 20, processes: 64, disk: 2 ** 20, log: 10_000 }

async function tryOut(support: SandboxSupport): Promise<string | null> {
  const ground = { kind: 'layers', layers: ['/usr/share'] } as const
  const opened = await openSandbox({
    support,
    limits: smallLimits,
    ground,
    evidence: null,
    directories: [],
    environment: {},
  })
  if (opened.kind === 'failed') return opened.reason
  try {
    const end = await opened.sandbox.run({ command: ['true'], directory: '/build', timeoutMs: 10_000 })
    return end.status === 'ok' ? null : (end.reason ?? end.log.text.trim())
  } finally {
    await opened.sandbox.close()
  }
}

function adviceFor(reason: string): string {
  return /namespace|uid|map|permitted|permission/i.test(reason)
    ? 'allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, or an AppArmor profile for bwrap with `userns`), or run as root'
    : 'see the reason; a kernel since 5.11 lets users mount overlays'
}
