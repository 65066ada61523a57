import { lstatSync, readlinkSync } from 'node:fs'
import type { SharedDirectory } from './sandbox-model.ts'

/** A directory that the holder of a sandbox mounts at `at`, as builds have an id that may not reach `path`. */
export type MountedDirectory = { readonly at: string; readonly path: string }

/** How a command sees the machine. Paths are of the mount namespace in which bubblewrap is started. */
export type SandboxView = {
  /** Seen as /build, and may be written. */
  readonly build: string
  /** Seen as /tmp and /dev/shm; the same limited space as /build. */
  readonly temporary: string
  /** Seen as /evidence, and may be written; null where the command has none. */
  readonly evidence: string | null
  /** Directories and files outside of /usr that are seen at their own place, and cannot be written: where they are mounted, and that place. */
  readonly directories: readonly MountedDirectory[]
  /** One more, which may be written or not; null for none. */
  readonly shared: (MountedDirectory & Pick<SharedDirectory, 'access'>) | null
  /** Beside what every command has. */
  readonly environment: Readonly<Record<string, string>>
  /** Where the command starts. */
  readonly directory: string
  /** The descriptor that bubblewrap says on whether the command began; the command does not get it. */
  readonly statusDescriptor: number
  /** The descriptor that bubblewrap reads a filter of system calls from; null for none. */
  readonly filterDescriptor: number | null
}

/** All that a command gets of the environment. There is no home, no name and no word of the one who runs us. */
export const commandEnvironment: Readonly<Record<string, string>> = {
  HOME: '/tmp',
  LC_ALL: 'C',
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
  SHELL: '/bin/sh',
  TMPDIR: '/tmp',
  TZ: 'UTC',
  USER: 'kbuild',
}

/** Where Linux has programs and libraries beside /usr: links into it, or directories. */
const systemPaths = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'] as const

/**
 * The arguments of bubblewrap up to the command (bwrap(1)). Nothing of the machine is seen but /usr, /etc/alternatives (compilers of Debian
 * are links through it), the toolchain and the build; there is no network; the command has no privileges, gets none by setuid programs
 * (bubblewrap sets no_new_privs), makes no namespaces, cannot push input to a terminal (CVE-2017-5226), and ends with whoever started it.
 */
export function bubblewrapArguments(view: SandboxView): readonly string[] {
  const seen = { ...commandEnvironment, ...view.environment }
  return [
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--die-with-parent', '--new-session'],
    ...['--cap-drop', 'ALL', '--uid', '1000', '--gid', '1000', '--hostname', 'kbuild'],
    ...['--clearenv', ...Object.entries(seen).flatMap(([name, value]) => ['--setenv', name, value])],
    ...['--ro-bind', '/usr', '/usr', '--ro-bind-try', '/etc/alternatives', '/etc/alternatives'],
    ...systemPaths.flatMap(systemPath),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--bind', view.temporary, '/tmp', '--bind', view.temporary, '/dev/shm', '--bind', view.build, '/build'],
    // They may lie below a directory that is another one in here.
    ...view.directories.flatMap(({ at, path }) => ['--ro-bind', at, path]),
    ...sharedPath(view.shared),
    ...(view.evidence === null ? [] : ['--bind', view.evidence, '/evidence']),
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', view.directory],
    ...(view.filterDescriptor === null ? [] : ['--seccomp', String(view.filterDescriptor)]),
    ...['--json-status-fd', String(view.statusDescriptor), '--'],
  ]
}

function sharedPath(shared: SandboxView['shared']): readonly string[] {
  if (shared === null) return []
  return [shared.access === 'writable' ? '--bind' : '--ro-bind', shared.at, shared.path]
}

function systemPath(path: string): readonly string[] {
  const status = lstatSync(path, { throwIfNoEntry: false })
  if (status === undefined) return []
  return status.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path]
}
