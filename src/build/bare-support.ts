import { findCgroups } from './cgroups.ts'
import { passableDirectory, unprivilegedUid, type ProbeOptions, type SandboxProbe } from './sandbox-probe.ts'
import type { SandboxSupport } from './sandbox-model.ts'
import { findTool } from './tools.ts'

const programs = ['prlimit', 'setpriv']

/** How builds run here without a sandbox: `--unsafe-no-sandbox`, and nothing else, asks for it. */
export async function probeBare({ uid, temporaryDirectory }: ProbeOptions): Promise<SandboxProbe> {
  const tools = await Promise.all(programs.map((program) => findTool(program)))
  const missing = tools.find(({ version }) => version === null)
  if (missing !== undefined)
    return { kind: 'missing', reason: `no \`${missing.name}\``, advice: 'apt-get install util-linux' }
  const cgroups = findCgroups()
  const support: SandboxSupport = {
    identity: uid === 0 ? { kind: 'root', uid: unprivilegedUid } : { kind: 'user' },
    cgroups,
    temporaryDirectory: uid === 0 ? passableDirectory(temporaryDirectory) : temporaryDirectory,
    isBare: true,
  }
  const limits = cgroups === null ? 'prlimit' : cgroups.kind
  return { kind: 'ready', support, detail: `NO SANDBOX (--unsafe-no-sandbox): ${bareWarning}; limits by ${limits}` }
}

/** What it means, for people. */
export const bareWarning = 'builds saw the files, processes and network of this machine'
