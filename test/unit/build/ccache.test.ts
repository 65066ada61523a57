import { chmodSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { ccacheIn, withCcache } from '../../../src/build/ccache.ts'
import { makeOwned } from '../../../src/build/lay-out.ts'
import { probeSandbox } from '../../../src/build/sandbox-probe.ts'
import { openSandbox } from '../../../src/build/sandbox.ts'
import type { Toolchain } from '../../../src/build/toolchains.ts'

const gcc: Toolchain = {
  name: 's390x-linux-gnu-gcc 12.2.0',
  id: 'a1',
  make: 'make',
  variables: { CROSS_COMPILE: 's390x-linux-gnu-' },
  environment: {},
  directories: [],
  tools: [],
}

describe('compilers by way of ccache', () => {
  it('are the same ones, for the kernel and for its host programs', () => {
    const { variables, environment, id } = withCcache(gcc, '/var/cache/objects')
    expect(variables).toEqual({
      CROSS_COMPILE: 's390x-linux-gnu-',
      CC: 'ccache s390x-linux-gnu-gcc',
      HOSTCC: 'ccache gcc',
    })
    expect(environment).toMatchObject({ CCACHE_DIR: '/var/cache/objects' })
    expect(id).not.toBe(gcc.id)
  })

  it.each([
    ['1', 'ccache clang'],
    ['-14', 'ccache clang-14'],
    ['/opt/llvm/bin/', 'ccache /opt/llvm/bin/clang'],
  ])('are clang with LLVM=%s', (llvm, compiler) => {
    const { variables } = withCcache({ ...gcc, variables: { LLVM: llvm } }, '/var/cache/objects')
    expect([variables['CC'], variables['HOSTCC']]).toEqual([compiler, compiler])
  })

  it('are left to a wrapper of make', () => {
    expect(withCcache({ ...gcc, variables: {} }, '/var/cache/objects').variables).toEqual({})
  })
})

const probe = await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory: tmpdir() })

describe.skipIf(probe.kind === 'missing')('the files of ccache', () => {
  const parent = mkdtempSync(join(tmpdir(), 'kbuild-review-ccache-'))
  const directory = join(parent, 'objects')
  beforeAll(() => {
    chmodSync(parent, 0o711)
    mkdirSync(directory)
  })
  afterAll(() => removeDirectory(parent))

  const write = async (access: 'writable' | 'readable', name: string) => {
    if (probe.kind === 'missing') throw new Error(probe.reason)
    makeOwned(directory, probe.support)
    const opened = await openSandbox({
      support: probe.support,
      limits: { seconds: 20, memory: 96 * 2 ** 20, processes: 64, disk: 2 ** 20, log: 10_000 },
      ground: { kind: 'layers', layers: [] },
      evidence: null,
      directories: [],
      ...ccacheIn(withCcache(gcc, directory), access),
    })
    if (opened.kind === 'failed') throw new Error(opened.reason)
    try {
      const command = ['sh', '-c', 'touch "$CCACHE_DIR/$1"', 'sh', name]
      return await opened.sandbox.run({ command, directory: '/build', timeoutMs: 20_000 })
    } finally {
      await opened.sandbox.close()
    }
  }

  it('are written by builds of bases, and only read by those of patches', async () => {
    expect((await write('writable', 'of-a-base')).status).toBe('ok')
    const refused = await write('readable', 'of-a-patch')
    expect([refused.status, refused.log.text.includes('Read-only file system')]).toEqual(['failed', true])
    expect(readdirSync(directory)).toEqual(['of-a-base'])
  })
})
