import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { maxEvidenceLines, printEvidence, type Evidence } from '../../../src/build/evidence.ts'
import type { LivepatchModule } from '../../../src/build/livepatch-module.ts'
import { readEvidence } from '../../../src/build/read-evidence.ts'
import { readSymvers } from '../../../src/build/symvers.ts'

const top = mkdtempSync(join(tmpdir(), 'kr-evidence-'))
afterAll(() => {
  removeDirectory(top)
})

const paths = { source: '/build/source', output: '/build/output' }
const object = resolve(import.meta.dirname, 'elf/x86_64.o')

/** Lays files out below a directory of its own, and says where. */
function layOut(name: string, files: Readonly<Record<string, string>>): string {
  const directory = join(top, name)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  return directory
}

const symvers = (...lines: readonly string[]): string => lines.map((line) => `${line.replaceAll(' ', '\t')}\n`).join('')
const nothing: Evidence = { commands: new Map(), symbols: null, modules: new Map(), isCut: false }

describe('evidence of two builds', () => {
  it('is read off what they left, and printed', () => {
    const before = layOut('before', {
      'output/drivers/.pump.o.cmd':
        'savedcmd_drivers/pump.o := gcc -O2 -o drivers/pump.o /build/source/drivers/pump.c\n',
      'source/plant/.tank.o.cmd': 'savedcmd_/build/source/plant/tank.o := gcc -O2 /build/source/plant/tank.c\n',
      'output/Module.symvers': symvers(
        '0x1234 pump_stop drivers/pump EXPORT_SYMBOL_GPL ',
        '0x5678 pump_start drivers/pump EXPORT_SYMBOL ',
      ),
    })
    const after = layOut('after', {
      'output/drivers/.pump.o.cmd':
        'savedcmd_drivers/pump.o := gcc -O2 -fno-leak -o drivers/pump.o /build/source/drivers/pump.c\n',
      'source/plant/.tank.o.cmd':
        'savedcmd_/build/source/plant/tank.o := gcc -O2 -fno-leak /build/source/plant/tank.c\n',
      'output/Module.symvers': symvers(
        '0x1235 pump_stop drivers/pump EXPORT_SYMBOL_GPL ',
        '0x5678 pump_start drivers/pump EXPORT_SYMBOL_GPL ',
        '0x9 tank_fill plant/tank EXPORT_SYMBOL ',
      ),
      'source/plant/note.txt': 'no evidence',
    })
    copyFileSync(object, join(after, 'source/plant/pump-patch.ko'))
    expect(printEvidence(readEvidence(before, paths), readEvidence(after, paths))).toEqual([
      '2 objects (drivers/pump.o, plant/tank.o): adds `-fno-leak`',
      'Module.symvers: 1 new symbol: tank_fill (plant/tank, EXPORT_SYMBOL)',
      'Module.symvers: 1 symbol otherwise: pump_start (EXPORT_SYMBOL -> EXPORT_SYMBOL_GPL)',
      'Module.symvers: 1 symbol with another CRC: pump_stop',
      'plant/pump-patch.ko: livepatch=Y, .klp.rela.valve.text, .klp.rela.vmlinux.text, 2 symbols: .klp.sym.valve.valve_level,1, .klp.sym.vmlinux.printk,0',
    ])
  })

  it('is nothing where nothing has changed', () => {
    const evidence = readEvidence(join(top, 'before'), paths)
    expect(printEvidence(evidence, evidence)).toEqual([])
  })

  it('is nothing where there is no directory', () => {
    expect(readEvidence(join(top, 'missing'), paths)).toEqual(nothing)
  })

  it('does not follow links, and takes what is no module for none', () => {
    const secret = layOut('secret', { 'key.cmd': 'savedcmd_key := secret\n', 'd/.x.o.cmd': 'savedcmd_x.o := secret\n' })
    const directory = layOut('hostile', {
      'output/broken.ko': '\u007fELF\u0002\u0001 and no more',
      'output/.bad.cmd': 'bad',
    })
    symlinkSync(join(secret, 'key.cmd'), join(directory, 'output', '.key.cmd'))
    symlinkSync(join(secret, 'd'), join(directory, 'output', 'linked'))
    symlinkSync('.', join(directory, 'output', 'round'))
    symlinkSync(object, join(directory, 'output', 'linked.ko'))
    expect(readEvidence(directory, paths)).toEqual(nothing)
  })

  it('says which modules change their size, the largest change first', () => {
    const module = { isLivepatch: false, relocations: [], symbols: [] }
    const sized = (text: number, bss: number): Evidence['modules'] =>
      new Map([
        ['a/pump.ko', { ...module, sizes: { text, data: 8, bss } }],
        ['a/valve.ko', { ...module, sizes: { text: 100, data: 8, bss: bss * 2 } }],
      ])
    expect(printEvidence({ ...nothing, modules: sized(100, 64) }, { ...nothing, modules: sized(120, 32) })).toEqual([
      'a/valve.ko: -64 bytes (bss 128 -> 64)',
      'a/pump.ko: -12 bytes (text 100 -> 120, bss 64 -> 32)',
    ])
  })

  it('tells livepatches without relocations of their own in one line', () => {
    const plain = { isLivepatch: true, relocations: [], symbols: [], sizes: { text: 1, data: 1, bss: 1 } }
    const paths = ['pump', 'tank', 'valve', 'gauge'].map((name) => `samples/${name}.ko`)
    const modules: Evidence['modules'] = new Map<string, LivepatchModule>([
      ...paths.map((path) => [path, plain] as const),
      ['samples/motor.ko', { ...plain, isLivepatch: false }],
      ['samples/extern.ko', { ...plain, relocations: ['.klp.rela.vmlinux.text'] }],
    ])
    expect(printEvidence({ ...nothing, modules }, { ...nothing, modules })).toEqual([
      'samples/extern.ko: livepatch=Y, .klp.rela.vmlinux.text',
      '4 modules with livepatch=Y and no .klp. sections: samples/gauge.ko, samples/pump.ko, samples/tank.ko, ...',
    ])
  })

  it('is never longer than it may be, and counts what it leaves out', () => {
    const objects = Array.from({ length: 40 }, (_, at) => `drivers/tank${at}.o`)
    const many = (flag: (at: number) => string, bss: number, type: string): Evidence => ({
      commands: new Map(objects.map((each, at) => [each, `gcc ${flag(at)}`])),
      symbols: readSymvers(
        objects.map((each, at) => `0x${at}\t${each}\t${type}\t${type}\t\n`).join('') + `0x1\t${type}\ta\tb\t\n`,
      ),
      modules: new Map(
        objects.map((each) => [
          each,
          { isLivepatch: true, relocations: [], symbols: [], sizes: { text: 1, data: 1, bss } },
        ]),
      ),
      isCut: true,
    })
    const lines = printEvidence(
      many(() => '-O2', 1, 'a'),
      many((at) => `-O${at}3`, 2, 'b'),
    )
    expect(lines).toHaveLength(maxEvidenceLines)
    expect(lines[5]).toBe('35 further changes of commands')
    expect(lines.at(-1)).toMatch(/^\d+ further lines$/)
  })
})
