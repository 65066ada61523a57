import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { isAlive, isProcessGone, nameThisProcess, processName } from '../../../src/processes/life.ts'

describe('the name of a process', () => {
  it('is one that is found in longer names, and of one that lives', () => {
    expect(nameThisProcess()).toMatch(new RegExp(`^${processName}$`))
    expect(isProcessGone(nameThisProcess())).toBe(false)
  })

  it('is of one that is gone where the process of its id began at another time', () => {
    const [pid = '', start = '', namespace = ''] = nameThisProcess().split('-')
    expect(isProcessGone(`${pid}-${Number(start) + 1}-${namespace}`)).toBe(start !== '0')
    expect(isProcessGone(`${pid}-0-${namespace}`)).toBe(false)
  })

  it('is never known to be of one that is gone where ids count in another namespace', () => {
    expect(isProcessGone('1073741824-5-1')).toBe(false)
  })
})

describe('a process', () => {
  it('lives until it has ended', async () => {
    const child = spawn('sleep', ['60'])
    const pid = child.pid ?? 0
    expect(isAlive(pid)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(isAlive(pid)).toBe(false)
    const [, , namespace = ''] = nameThisProcess().split('-')
    expect(isProcessGone(`${pid}-1-${namespace}`)).toBe(true)
  })

  it('is none where there is no such id', () => {
    expect([0, -1, 1.5, Number.NaN].map(isAlive)).toEqual([false, false, false, false])
  })
})
