import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { openRunLog } from '../../../src/app/run-log.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kbuild-review-log-'))
})
afterEach(() => {
  removeDirectory(directory)
})

const idOf = (line: unknown): string | null =>
  typeof line === 'object' && line !== null && 'id' in line ? String(line.id) : null
const open = (run: object = { since: 1 }) => openRunLog({ path: join(directory, 'out.jsonl'), run, idOf })

describe('a run log', () => {
  it('knows after a restart which lines it has', () => {
    const first = open()
    first.append([{ id: 'a' }, { id: 'b' }])
    first.close()
    const second = open()
    expect([...second.done]).toEqual(['a', 'b'])
    second.close()
  })

  it('drops a last line that was cut off', () => {
    const first = open()
    first.append([{ id: 'a' }])
    first.close()
    appendFileSync(join(directory, 'out.jsonl'), '{"id":"b"')
    const second = open()
    second.append([{ id: 'b' }])
    second.close()
    expect(readFileSync(join(directory, 'out.jsonl'), 'utf8')).toBe('{"id":"a"}\n{"id":"b"}\n')
  })

  it('says so where only a part of a line fits on the disk', () => {
    const program = `
      import { openRunLog } from ${JSON.stringify(join(import.meta.dirname, '../../../src/app/run-log.ts'))}
      const log = openRunLog({ path: process.argv[1], run: {}, idOf: () => null })
      try { log.append([{ id: 'a', text: 'x'.repeat(100_000) }]) } catch (error) { console.log(error.code) }`
    // A limit of 4 blocks of 512 bytes stands for the full disk: write(2) takes a part, and at the next call nothing.
    const limited = 'trap "" XFSZ; ulimit -f 4; exec "$@"'
    const node = [process.execPath, '--input-type=module', '-e', program, join(directory, 'out.jsonl')]
    const { stdout } = spawnSync('sh', ['-c', limited, 'sh', ...node], { encoding: 'utf8' })
    expect(stdout).toBe('EFBIG\n')
  })

  it('refuses a file that was begun with other options', () => {
    open({ since: 1 }).close()
    expect(() => open({ since: 2 })).toThrow(/other options/)
  })

  it('refuses a file that a living process writes, and takes over from a dead one', () => {
    const first = open()
    expect(() => open()).toThrow(/process \d+ writes it/)
    first.close()
    writeFileSync(join(directory, 'out.jsonl.lock'), '999999999')
    open().close()
  })
})
