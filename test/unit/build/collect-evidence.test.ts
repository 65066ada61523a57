import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { collectEvidence } from '../../../src/build/arch-build.ts'
import { parseProfile } from '../../../src/build/profile.ts'
import { probeSandbox } from '../../../src/build/sandbox-probe.ts'
import { openSandbox } from '../../../src/build/sandbox.ts'

const parsed = parseProfile(readFileSync(resolve(import.meta.dirname, '../../../profiles/livepatch.yaml'), 'utf8'), '')
if (parsed.kind === 'bad') throw new Error(parsed.problems.join('\n'))
const limits = { seconds: 20, memory: 96 * 2 ** 20, processes: 64, disk: 2 ** 20, log: 100_000 }
const profile = { ...parsed.profile, limits }
const parent = mkdtempSync(join(tmpdir(), 'evidence-'))
chmodSync(parent, 0o755)
const probe = await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory: tmpdir() })

afterAll(() => removeDirectory(parent))

type Collected = { readonly reason: string | null; readonly directory: string }

/** What is kept of the output that a script leaves. */
async function collect(script: string): Promise<Collected> {
  if (probe.kind === 'missing') throw new Error(probe.reason)
  const { support } = probe
  const directory = mkdtempSync(join(parent, 'kept-'))
  if (support.identity.kind === 'root') chownSync(directory, support.identity.uid, support.identity.uid)
  const layer = join(parent, 'layer')
  mkdirSync(join(layer, 'source'), { recursive: true })
  const ground = { kind: 'layers', layers: [layer] } as const
  // More than the limit of the evidence, so that the limit of the sandbox is not what is looked at.
  const wide = { ...limits, disk: 8 * limits.disk }
  const options = { support, limits: wide, ground, evidence: directory, directories: [], environment: {} }
  const opened = await openSandbox(options)
  if (opened.kind === 'failed') throw new Error(opened.reason)
  const { sandbox } = opened
  try {
    const command = ['sh', '-ec', script]
    const made = await sandbox.run({ command, directory: '/build/output', timeoutMs: 10_000 })
    expect(made.status, made.log.text).toBe('ok')
    return { reason: await collectEvidence({ profile }, sandbox), directory }
  } finally {
    await sandbox.close()
  }
}

describe.skipIf(probe.kind === 'missing')('what is kept of a build as evidence', () => {
  it('is its configuration, commands, symbols and modules, to be read and no more', async () => {
    const { reason, directory } = await collect(
      'mkdir drivers; echo CONFIG_PLANT=m >.config; echo pump >drivers/plant.ko; chmod 6755 drivers/plant.ko; echo pump >drivers/plant.o',
    )
    expect(reason).toBeNull()
    expect(readFileSync(join(directory, 'output', '.config'), 'utf8')).toBe('CONFIG_PLANT=m\n')
    expect(readdirSync(join(directory, 'output', 'drivers'))).toEqual(['plant.ko'])
    expect((statSync(join(directory, 'output', 'drivers', 'plant.ko')).mode & 0o7777).toString(8)).toBe('644')
  })

  it('is no file that has several names, as each of them would be written out', async () => {
    const { directory } = await collect('echo pump >a.ko; for i in 1 2 3 4; do ln a.ko b$i.ko; done; echo valve >c.ko')
    expect(readdirSync(join(directory, 'output'))).toEqual(['c.ko'])
  })

  it('is nothing where it takes more than the build may write', async () => {
    const { reason, directory } = await collect('for i in 1 2 3; do head -c 400K /dev/zero >pump$i.ko; done')
    expect(reason).toBe('the evidence takes more than 1048576 bytes')
    expect(existsSync(join(directory, 'output'))).toBe(false)
  })
})
