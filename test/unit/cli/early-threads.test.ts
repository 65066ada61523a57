import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { startEarly } from '../../../src/cli/early-threads.ts'

const kernel = mkdtempSync(join(tmpdir(), 'early-threads-'))
afterAll(() => removeDirectory(kernel))
for (const directory of ['init', 'drivers']) mkdirSync(join(kernel, directory))
for (const file of ['init/Kconfig', 'drivers/Makefile']) writeFileSync(join(kernel, file), '')

/** How many threads a command line has started. */
async function started(cwd: string, ...args: readonly string[]): Promise<number> {
  const { workers = [] } = startEarly(['lint', ...args], { cwd, env: process.env }) ?? {}
  await Promise.all(workers.map((worker) => worker.terminate()))
  return workers.length
}

it('starts the threads of a lint where a whole kernel is meant', async () => {
  expect(await started(kernel)).toBe(2)
  expect(await started(kernel, '.', '--format', 'json')).toBe(2)
  expect(await started('/', '--tree', kernel, '--preview')).toBe(2)
  expect(await started('/', `--tree=${kernel}`)).toBe(2)
})

it('starts none for a part of one, for a text that an editor holds, for help, and for what is no kernel', async () => {
  expect(await started(kernel, 'drivers')).toBe(0)
  expect(await started('/', '--tree', kernel, 'init/Kconfig')).toBe(0)
  expect(await started(kernel, '--stdin', '--path', 'drivers/Makefile')).toBe(0)
  expect(await started(kernel, '--help')).toBe(0)
  expect(await started(join(kernel, 'init'))).toBe(0)
})
