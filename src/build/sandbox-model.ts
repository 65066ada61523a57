import type { Readable } from 'node:stream'
import type { Cgroup, CgroupPlace } from './cgroups.ts'
import type { GoalLog, GoalStatus } from './goal-run.ts'
import type { BuildLimits } from './profile-schema.ts'

/** Whose a build is on this machine: with root's rights we give them away, without them we have a user namespace of our own. */
export type Identity = { readonly kind: 'root'; readonly uid: number } | { readonly kind: 'user' }

/** What keeps a build from taking memory and processes without end; `prlimit` counts memory by process, and processes by user. */
export type LimitKind = 'cgroup2' | 'cgroup1' | 'prlimit'

/** How this machine runs sandboxes. */
export type SandboxSupport = {
  readonly identity: Identity
  readonly cgroups: CgroupPlace | null
  readonly temporaryDirectory: string
  /** No sandbox at all: commands see the machine, over copies of what they build. Left out but where somebody asked for it in so many words. */
  readonly isBare?: true
}

/** What /build is made of. */
export type Ground =
  /** Directories below an overlay, upper ones first; they are not written. What is written over them goes with the sandbox unless it is kept. */
  | { readonly kind: 'layers'; readonly layers: readonly string[] }
  /** A directory that is written itself; without a limit. */
  | { readonly kind: 'directory'; readonly path: string }

export type SandboxOptions = {
  readonly support: SandboxSupport
  readonly limits: BuildLimits
  readonly ground: Ground
  /** Seen by commands that ask for it as /evidence; null for none. */
  readonly evidence: string | null
  /** Directories and files outside of /usr that builds must see: toolchains. */
  readonly directories: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** One more directory outside of /usr, at its own place, which builds may also write; left out where there is none. */
  readonly shared?: SharedDirectory
  /** Where there is no sandbox, those of one name get the same directory, one after the other; a plain name. */
  readonly place?: string
}

/** The directories outside of /usr that builds see, in the order in which they are mounted: the shared one is the last. */
export function seenDirectories({
  directories,
  shared,
}: Pick<SandboxOptions, 'directories' | 'shared'>): readonly string[] {
  return [...directories, ...(shared === undefined ? [] : [shared.directory])]
}

export type SharedDirectory = { readonly directory: string; readonly access: 'writable' | 'readable' }

export type SandboxCommand = {
  readonly command: readonly string[]
  /** Where it starts: absolute, inside. */
  readonly directory: string
  readonly timeoutMs: number
  readonly stdin?: Readable
  /** Whether it may write /evidence. */
  readonly evidence?: 'writable'
  readonly signal?: AbortSignal
}

/** How a command in a sandbox ended: as the fields of a `GoalRun` are. */
export type CommandEnd = {
  readonly status: GoalStatus
  readonly exitCode: number | null
  readonly seconds: number
  readonly log: GoalLog
  readonly reason: string | null
}

/** What a command runs in; made by `openSandbox`. */
export type Inside = SandboxOptions & {
  readonly stage: string
  readonly group: Cgroup | null
  readonly holderPid: number
}

/**
 * One place to build in: commands run one after the other, each alone in a process id namespace, over the same files. Close it: all that was started
 * in it ends then, and what it wrote is gone. The same happens when this process is killed.
 */
export type Sandbox = {
  readonly limitedBy: LimitKind
  /** Before every path that commands see; empty but where there is no sandbox (`--unsafe-no-sandbox`). */
  readonly root: string
  run(command: SandboxCommand): Promise<CommandEnd>
  /** Copies what was written over the layers, as a layer, into a directory that is there; null where that succeeded, else why not. */
  keep(directory: string): Promise<string | null>
  close(): Promise<void>
}

export type OpenedSandbox =
  { readonly kind: 'sandbox'; readonly sandbox: Sandbox } | { readonly kind: 'failed'; readonly reason: string }
