import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { openScratch } from '../../../src/git/scratch.ts'

let parent: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'scratch-'))
})

afterEach(() => removeDirectory(parent))

/** The name that our process gives, with parts exchanged. */
function nameWith(parts: { readonly pid?: string; readonly start?: string; readonly space?: string }): string {
  const scratch = openScratch(parent)
  const [, , pid = '', start = '', space = '', random = ''] = scratch.path.slice(parent.length + 1).split('-')
  scratch.close()
  return `kbuild-review-${parts.pid ?? pid}-${parts.start ?? start}-${parts.space ?? space}-${random}`
}

/** A process id that is no longer in use. */
function deadPid(): string {
  return String(spawnSync('true').pid)
}

describe('openScratch', () => {
  it('makes a directory that only we can enter, and removes it with all that is in it', () => {
    const scratch = openScratch(join(parent, 'not/there/yet'))
    mkdirSync(join(scratch.path, 'objects'))
    writeFileSync(join(scratch.path, 'objects', 'x'), 'x')
    scratch.close()
    expect(existsSync(scratch.path)).toBe(false)
    expect(() => scratch.close()).not.toThrow()
  })

  it('sweeps what a killed process left, also where its id is in use again', () => {
    const names = [nameWith({ pid: deadPid() }), nameWith({ start: '1' })]
    for (const name of names) {
      mkdirSync(join(parent, name))
      writeFileSync(join(parent, name, 'index'), '')
    }
    const scratch = openScratch(parent)
    expect(readdirSync(parent)).toEqual([scratch.path.slice(parent.length + 1)])
  })

  it('leaves alone what lives, what another container made, and what is not ours by name or kind', () => {
    const names = [nameWith({}), nameWith({ pid: deadPid(), space: '1' }), 'kbuild-review-1', 'other']
    for (const name of names) mkdirSync(join(parent, name))
    const link = nameWith({ pid: deadPid() })
    symlinkSync(join(parent, 'other'), join(parent, link))
    writeFileSync(join(parent, 'other', 'kept'), '')
    const scratch = openScratch(parent)
    expect(readdirSync(parent).sort()).toEqual([...names, link, scratch.path.slice(parent.length + 1)].sort())
    expect(existsSync(join(parent, 'other', 'kept'))).toBe(true)
  })

  it('gives two of one process two directories', () => {
    expect(openScratch(parent).path).not.toBe(openScratch(parent).path)
  })
})
