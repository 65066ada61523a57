import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { openSnapshots } from '../../../src/store/snapshots.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'snapshots-'))
})
afterEach(() => {
  removeDirectory(root)
})

let now = Date.UTC(2026, 0, 1)
/** A clock that ticks a second at each look. */
const clock = (): number => (now += 1000)

const open = (maxBytes?: number) => openSnapshots(join(root, 'models'), { clock, ...(maxBytes && { maxBytes }) })
const key = (id: string, group = 'models of x86_64') => ({ group, id })
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (found: Uint8Array | null): string | null => found && new TextDecoder().decode(found)
const files = (): string[] => readdirSync(join(root, 'models')).sort()
const onlyFile = (): string => join(root, 'models', files()[0] ?? '')

describe('snapshots', () => {
  it('give back what was kept, by group and id', () => {
    const snapshots = open()
    expect(snapshots.read(key('aa'))).toBeNull()
    snapshots.write(key('aa'), bytes('serial'))
    snapshots.write(key('aa', 'models of arm64'), bytes('clk'))
    expect(textOf(open().read(key('aa')))).toBe('serial')
    expect(textOf(open().read(key('aa', 'models of arm64')))).toBe('clk')
    expect(open().read(key('ab'))).toBeNull()
  })

  it('keep the last of what was written under one key, and nothing beside it', () => {
    const snapshots = open()
    snapshots.write(key('aa'), bytes('serial'))
    snapshots.write(key('aa'), bytes('clk'))
    expect(textOf(snapshots.read(key('aa')))).toBe('clk')
    expect(files()).toHaveLength(1)
  })

  it('know which of a group were used last', () => {
    const snapshots = open()
    for (const id of ['aa', 'bb', 'cc']) {
      snapshots.write(key(id), bytes(id))
      snapshots.read(key(id))
    }
    snapshots.write(key('dd', 'models of arm64'), bytes('dd'))
    snapshots.read(key('aa'))
    expect(snapshots.recent(key('').group)).toEqual(['aa', 'cc', 'bb'])
    expect(open().recent('models of mips')).toEqual([])
  })

  it('are as good as gone when any byte of a file is another, or missing', () => {
    open().write(key('aa'), bytes('serial'))
    const whole = readFileSync(onlyFile())
    for (let at = 0; at < whole.length; at++) {
      const broken = Buffer.from(whole)
      broken[at] = (broken[at] ?? 0) ^ 1
      writeFileSync(onlyFile(), broken)
      expect(open().read(key('aa'))).toBeNull()
      writeFileSync(onlyFile(), whole.subarray(0, at))
      expect(open().read(key('aa'))).toBeNull()
    }
    writeFileSync(onlyFile(), Buffer.concat([whole, Buffer.from(' ')]))
    expect(open().read(key('aa'))).toBeNull()
    writeFileSync(onlyFile(), whole)
    expect(textOf(open().read(key('aa')))).toBe('serial')
  })

  it('are read from no file that others may write, no link, no directory and no pipe', () => {
    open().write(key('aa'), bytes('serial'))
    chmodSync(onlyFile(), 0o666)
    expect(open().read(key('aa'))).toBeNull()
    chmodSync(onlyFile(), 0o600)
    const elsewhere = join(root, 'elsewhere')
    renameSync(onlyFile(), elsewhere)
    symlinkSync(elsewhere, join(root, 'models', 'link'))
    const name = onlyFile()
    rmSync(name)
    open().write(key('aa'), bytes('serial'))
    const path = onlyFile()
    rmSync(path)
    symlinkSync(elsewhere, path)
    expect(open().read(key('aa'))).toBeNull()
    rmSync(path)
    mkdirSync(path)
    expect(open().read(key('aa'))).toBeNull()
  })

  it('are named by ids of git alone', () => {
    const snapshots = open()
    snapshots.write(key('../../escaped'), bytes('serial'))
    expect(readdirSync(root)).toEqual([])
    expect(snapshots.read(key('../../escaped'))).toBeNull()
  })

  it('go beyond the size that is allowed, those not used for longest first', () => {
    const snapshots = open(1000)
    for (const id of ['aa', 'bb', 'cc']) {
      snapshots.write(key(id), new Uint8Array(250))
      snapshots.read(key(id))
    }
    snapshots.read(key('aa'))
    const stranger = join(root, 'models', 'notes.txt')
    writeFileSync(stranger, 'kept')
    utimesSync(stranger, 0, 0)
    snapshots.write(key('dd'), new Uint8Array(250))
    expect(snapshots.recent(key('').group).toSorted()).toEqual(['aa', 'cc', 'dd'])
    expect(readFileSync(stranger, 'utf8')).toBe('kept')
  })

  it('clear away what a killed process left behind, and leave what another is writing', () => {
    open().write(key('aa'), bytes('serial'))
    const leftOver = `${onlyFile()}.0123456789abcdef.tmp`
    copyFileSync(onlyFile(), leftOver)
    const young = `${onlyFile()}.fedcba9876543210.tmp`
    copyFileSync(onlyFile(), young)
    utimesSync(leftOver, (now - 2 * 60 * 60 * 1000) / 1000, (now - 2 * 60 * 60 * 1000) / 1000)
    utimesSync(young, now / 1000, now / 1000)
    open().write(key('bb'), bytes('clk'))
    expect(files().filter((name) => name.endsWith('.tmp'))).toEqual([young.slice(join(root, 'models').length + 1)])
    expect(open().recent(key('').group).toSorted()).toEqual(['aa', 'bb'])
  })

  it('do without a directory where none can be made', () => {
    writeFileSync(join(root, 'models'), 'a file is in the way')
    const snapshots = open()
    snapshots.write(key('aa'), bytes('serial'))
    expect(snapshots.read(key('aa'))).toBeNull()
    expect(snapshots.recent(key('').group)).toEqual([])
  })

  it('leave nothing behind where a file cannot be written whole, as on a full disk', () => {
    const directory = join(root, 'models')
    const script = join(import.meta.dirname, 'write-snapshots.ts')
    // Files of this shell and its children end at 100 blocks of 1 kB; a snapshot has a megabyte.
    const limited = ['-c', 'ulimit -f 100 && exec "$@"', 'limited', process.execPath, script, directory, 'once']
    expect(spawnSync('bash', limited, { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: 'ready\n' })
    expect(files()).toEqual([])
  })

  it('belong to their user alone', () => {
    open().write(key('aa'), bytes('serial'))
    expect(statSync(join(root, 'models')).mode & 0o777).toBe(0o700)
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600)
  })

  it('are whole whenever they are read while other processes write them, and are killed', async () => {
    const directory = join(root, 'models')
    const writers = [0, 1].map(() =>
      spawn(process.execPath, [join(import.meta.dirname, 'write-snapshots.ts'), directory]),
    )
    await Promise.all(writers.map((writer) => once(writer.stdout, 'data')))
    const seen = new Set<string>()
    const snapshots = openSnapshots(directory, { clock: Date.now })
    const isSound = (found: Uint8Array): boolean => found.length === 1 << 20 && found.every((byte) => byte === found[0])
    for (let round = 0; round < 20; round++) {
      const found = snapshots.read(key('aa'))
      seen.add(found === null ? 'nothing' : isSound(found) ? 'whole' : 'broken')
    }
    for (const writer of writers) {
      writer.kill('SIGKILL')
      await once(writer, 'close')
    }
    expect([...seen]).toEqual(['whole'])
    expect(isSound(snapshots.read(key('aa')) ?? new Uint8Array())).toBe(true)
  })
})
