import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { startOwnModule } from '../../../src/processes/own-module.ts'

const run = promisify(execFile)
const ownModule = new URL('../../../src/processes/own-module.ts', import.meta.url).href

const directory = mkdtempSync(join(tmpdir(), 'own-module-'))
afterAll(() => removeDirectory(directory))

/** A module of one line. */
function moduleOf(name: string, code: string): URL {
  const path = join(directory, `${name}.mjs`)
  writeFileSync(path, code)
  return pathToFileURL(path)
}
const small = { oldMb: 64, youngMb: 6, env: {} }

describe('a process of our own', () => {
  it('answers in values, and finds of the environment what it is given', async () => {
    const { process, end } = startOwnModule(
      moduleOf(
        'answers',
        'process.on("message", (map) => process.send(new Map([...map, ["env", process.env.BOARD]])))',
      ),
      { ...small, env: { BOARD: 'imx8' } },
    )
    const answer = new Promise((resolve) => process.once('message', resolve))
    process.send(new Map([['asked', 1]]))
    expect(await answer).toEqual(
      new Map<string, unknown>([
        ['asked', 1],
        ['env', 'imx8'],
      ]),
    )
    await end()
    expect(process.killed).toBe(true)
  })

  it('says what it ended by', async () => {
    const codes = ['process.exit(3)', 'throw new Error("no such board")', 'process.abort()']
    const ends = codes.map((code, at) => startOwnModule(moduleOf(`ends-${at}`, code), small).ended)
    const [exited, threw, aborted] = (await Promise.all(ends)).map(({ message }) => message)
    expect(exited).toBe('ended with 3')
    expect(threw).toContain('no such board')
    expect(aborted).toContain('SIGABRT')
  })

  it('says with the code of the system why it could not be started', async () => {
    const { execPath } = process
    process.execPath = join(directory, 'no-such-program')
    const { ended } = startOwnModule(moduleOf('never', ''), small)
    process.execPath = execPath
    expect(await ended).toMatchObject({ code: 'ENOENT' })
  })

  it('is ended by the one who started it, whom nothing else keeps alive', async () => {
    const script = `
      const { startOwnModule } = await import('${ownModule}')
      const { end } = startOwnModule(new URL('${moduleOf('waits', 'setInterval(() => 0, 1000)').href}'), ${JSON.stringify(small)})
      await end()
      console.log('ended')`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
    expect(stdout).toBe('ended\n')
  })

  it('ends with the one who started it', async () => {
    const module = moduleOf('tells', 'process.on("message", () => 0); process.send(process.pid)')
    const script = `
      const { startOwnModule } = await import('${ownModule}')
      const { process: own } = startOwnModule(new URL('${module.href}'), ${JSON.stringify(small)})
      own.once('message', (pid) => { console.log(pid); process.kill(process.pid, 'SIGKILL') })
      setTimeout(() => 0, 60_000)`
    const failed = await run(process.execPath, ['--input-type=module', '-e', script]).catch((error: unknown) => error)
    const pid = Number((failed as { stdout: string }).stdout)
    expect(pid).toBeGreaterThan(1)
    await expect.poll(() => isThere(pid), { timeout: 10_000 }).toBe(false)
  })
})

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
