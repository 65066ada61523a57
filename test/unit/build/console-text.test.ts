import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanConsole, readConsole } from '../../../src/build/console-text.ts'

const consoleOf = (name: string): string =>
  cleanConsole(readFileSync(resolve(import.meta.dirname, 'consoles', `${name}.log`), 'utf8'))

describe('a console', () => {
  it('tells the steps that were tried, in their order, and that all of them were', () => {
    const { results, isComplete, rest } = readConsole(consoleOf('s390-sample'))
    expect(results.map(({ outcome, name }) => `${outcome} ${name}`)).toEqual([
      'pass kernel: starts its first process',
      'pass livepatch-sample.ko: loads',
      'pass livepatch-sample.ko: ends its transition',
      'pass livepatch-sample.ko: changes what it patches',
      'pass livepatch-sample.ko: is disabled',
      'pass livepatch-sample.ko: leaves what it patched as it was',
      'pass livepatch-sample.ko: is removed',
      'pass kernel: neither warns nor dies',
    ])
    expect(isComplete).toBe(true)
    expect(rest).toEqual([])
  })

  it('reads the same where the kernel puts the time before each line', () => {
    const names = (name: string): readonly string[] => readConsole(consoleOf(name)).results.map((each) => each.name)
    expect(names('s390-times')).toEqual(names('s390-sample'))
  })

  it('keeps what the kernel said with the step during which it said it', () => {
    const { results } = readConsole(consoleOf('s390-not-loaded'))
    expect(results.find(({ outcome }) => outcome === 'fail')).toEqual({
      outcome: 'fail',
      name: 'livepatch-sample.ko: loads',
      remark: 'Invalid argument',
      lines: ["livepatch: symbol 'cmdline_is_shown_' not found in symbol table"],
    })
  })

  it('is not complete where the kernel panics', () => {
    const { results, isComplete, rest } = readConsole(consoleOf('s390-panic'))
    expect(results).toEqual([])
    expect(isComplete).toBe(false)
    expect(rest[0]).toMatch(/^Kernel panic - not syncing: No working init found\./)
  })

  it('is not complete where fewer steps came than the end says', () => {
    expect(readConsole('ok 1 - kernel: starts its first process\n1..2').isComplete).toBe(false)
  })

  it('drives no terminal', () => {
    const hostile = '\u001bc\u001b[2J\u001b[1;31mhello\u001b]0;title\u0007\u009b31m\r\n\u202ekbuild\b\b'
    const clean = cleanConsole(hostile)
    expect(clean).toBe(String.raw`hello\x1b]0;title\x07\x9b31m` + '\n' + String.raw`\u202ekbuild\x08\x08`)
  })

  it('takes a long line of escapes in a moment', () => {
    const started = performance.now()
    cleanConsole('\u001b['.repeat(2_000_000))
    cleanConsole(`\u001b[${';'.repeat(4_000_000)}`)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
