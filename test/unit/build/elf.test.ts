import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modinfoOf, readElf, sizesOf, symbolNames, type ElfFile } from '../../../src/build/elf.ts'
import { readLivepatchModule } from '../../../src/build/livepatch-module.ts'
import { fc } from '../../support/random.ts'

const directory = resolve(import.meta.dirname, 'elf')
const bytesOf = (name: string): Uint8Array => readFileSync(join(directory, name))

function elfOf(name: string): ElfFile {
  const read = readElf(bytesOf(name))
  if (read.kind === 'bad') throw new Error(read.reason)
  return read.file
}

// elf/pump-patch.S, as the assemblers of four architectures made it.
const objects = [
  ['x86_64.o', 64, 'little', 62],
  ['i386.o', 32, 'little', 3],
  ['ppc32.o', 32, 'big', 20],
  ['s390.o', 64, 'big', 22],
] as const

describe.each(objects)('reading %s', (name, bits, endian, machine) => {
  it('knows its class, byte order and machine', () => {
    expect(elfOf(name)).toMatchObject({ bits, endian, machine })
  })

  it('measures it as size(1) does', () => {
    expect(sizesOf(elfOf(name))).toEqual({ text: 81, data: 12, bss: 64 })
  })

  it('reads .modinfo, with all values of a name', () => {
    expect(Object.fromEntries(modinfoOf(elfOf(name)))).toEqual({
      license: ['GPL'],
      livepatch: ['Y'],
      depends: ['valve'],
      alias: ['pump', 'motor'],
    })
  })

  it('reads the names of the symbols', () => {
    expect(symbolNames(elfOf(name))).toEqual(expect.arrayContaining(['pump_stop', 'pump_rate', 'pump_buffer']))
  })

  it('sees what makes it a livepatch', () => {
    expect(readLivepatchModule(bytesOf(name))).toEqual({
      isLivepatch: true,
      relocations: ['.klp.rela.valve.text', '.klp.rela.vmlinux.text'],
      symbols: ['.klp.sym.valve.valve_level,1', '.klp.sym.vmlinux.printk,0'],
      sizes: { text: 81, data: 12, bss: 64 },
    })
  })

  it('reads what is left of it when it is cut anywhere', () => {
    const whole = bytesOf(name)
    for (let length = 0; length < whole.length; length += 7) {
      expect(() => readLivepatchModule(whole.subarray(0, length))).not.toThrow()
    }
  })

  it('reads any damage to its end', () => {
    const whole = bytesOf(name)
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 40 })
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = Uint8Array.from(whole)
        for (const [at, value] of changes) bytes[at] = value
        expect(() => readLivepatchModule(bytes)).not.toThrow()
      }),
    )
  })
})

describe('reading what is no object', () => {
  it('says why', () => {
    expect(readElf(Buffer.from('!<arch>\npump.o/ and what follows it'))).toEqual({
      kind: 'bad',
      reason: 'it is no ELF file',
    })
    expect(readElf(bytesOf('x86_64.o').subarray(0, 400))).toEqual({
      kind: 'bad',
      reason: 'its section headers are cut',
    })
  })
})
