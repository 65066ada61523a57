import type { ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { removeDirectory } from '../processes/remove-directory.ts'
import { openBareSandbox } from './bare-sandbox.ts'
import { makeCgroup, type Cgroup } from './cgroups.ts'
import { isLeftBehind, newOwnName } from './own-names.ts'
import type { BuildLimits } from './profile-schema.ts'
import { ended, startHolder, startProgram, type Started } from './sandbox-processes.ts'
import { runCommand } from './sandbox-command.ts'
import { seenDirectories, type Inside, type OpenedSandbox, type SandboxOptions } from './sandbox-model.ts'

/** Opens a sandbox; `failed` with a reason where the system refuses mounts or namespaces. */
export async function openSandbox(options: SandboxOptions): Promise<OpenedSandbox> {
  const { support, limits } = options
  if (support.isBare === true) return openBareSandbox(options)
  const stage = makeStage(support.temporaryDirectory)
  const group = support.cgroups === null ? null : makeCgroup(support.cgroups, groupLimits(limits))
  const holder = await startHolder(holderArguments(options, stage, group), support.identity)
  if (holder.kind === 'failed') {
    group?.remove()
    removeStage(stage)
    return holder
  }
  const inside = { ...options, stage, group, holderPid: holder.pid }
  const state: { closing: Promise<void> | null } = { closing: null }
  return {
    kind: 'sandbox',
    sandbox: {
      root: '',
      limitedBy: group === null ? 'prlimit' : (support.cgroups?.kind ?? 'prlimit'),
      run: (command) => runCommand(command, inside),
      keep: (directory) => keepLayer(directory, inside),
      close: () => (state.closing ??= closeHolder(holder, group, stage)),
    },
  }
}

/** What is written is held in memory, so it is counted there too. */
function groupLimits(limits: BuildLimits): { readonly memoryBytes: number; readonly processes: number } {
  return { memoryBytes: limits.memory + limits.disk, processes: limits.processes }
}

/** A directory for mounts, which only the namespace of the sandbox sees: for everybody else it stays empty. */
function makeStage(parent: string): string {
  mkdirSync(parent, { recursive: true })
  for (const name of readdirSync(parent)) if (isLeftBehind(name)) removeStage(join(parent, name))
  const stage = join(parent, newOwnName())
  mkdirSync(stage, { mode: 0o711 })
  chmodSync(stage, 0o711)
  for (const name of ['space', 'build']) mkdirSync(join(stage, name), { mode: 0o711 })
  return stage
}

/** Removes directories that are empty, as those of a stage are, and nothing else. */
function removeStage(stage: string): void {
  for (const path of [join(stage, 'space'), join(stage, 'build'), stage]) {
    try {
      if (existsSync(path)) rmdirSync(path)
    } catch {
      // Somebody's mount or file: not ours to remove.
    }
  }
}

/** Files take memory of the kernel even where they are empty. O= of a small configuration has 5,000 of 25 kB each, of allmodconfig 200,000. */
const bytesPerFile = 4096
const minFiles = 65_536

function holderArguments(
  { support, limits, ground, evidence, directories, shared }: SandboxOptions,
  stage: string,
  group: Cgroup | null,
): readonly string[] {
  const { identity } = support
  const layers = ground.kind === 'layers' ? ground.layers : []
  return [
    stage,
    identity.kind === 'root' ? `${identity.uid}:${identity.uid}` : '',
    String(limits.disk),
    String(Math.max(minFiles, Math.floor(limits.disk / bytesPerFile))),
    // Without root's rights, overlay keeps its marks in attributes that a user may set (Documentation/filesystems/overlayfs.rst, "User xattr").
    identity.kind === 'root' ? '' : 'userxattr,',
    ground.kind === 'directory' ? ground.path : '',
    evidence ?? '',
    ...layers,
    '--',
    ...seenDirectories({ directories, ...(shared && { shared }) }),
    '--',
    ...(group?.directories ?? []),
  ]
}

/** How long the end of a sandbox may take before it is killed (milliseconds). */
const closeTimeoutMs = 5000

async function closeHolder({ child, closed }: Started, group: Cgroup | null, stage: string): Promise<void> {
  child.stdin?.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), closeTimeoutMs)
  await closed
  clearTimeout(timer)
  group?.remove()
  removeStage(stage)
}

/** No layer takes longer to copy (milliseconds). */
const keepTimeoutMs = 10 * 60_000

/** By a program outside of the sandbox: it sees both, and nothing of the sandbox runs any more. Marks of deletion are copied as they are. */
async function keepLayer(directory: string, { stage, holderPid, support }: Inside): Promise<string | null> {
  const copy = ['cp', '-a', '--no-target-directory', '--', `${stage}/space/upper`, directory]
  const child = startProgram(copy, { holderPid, identity: support.identity })
  const timer = setTimeout(() => child.kill('SIGKILL'), keepTimeoutMs)
  const [printed, code] = await Promise.all([readAll(child), ended(child)])
  clearTimeout(timer)
  if (code === 0) return null
  removeDirectory(directory)
  return `cannot keep what was built: ${printed.trim().split('\n').slice(-1)[0] ?? 'cp failed'}`
}

async function readAll(child: ChildProcess): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout ?? []) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8').slice(0, 10_000)
}
