import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRunLog } from '../../../src/app/run-log.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kbuild-review-log-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
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
