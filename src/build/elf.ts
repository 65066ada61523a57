/** A section of an ELF file, as its header says. */
export type ElfSection = {
  readonly name: string
  /** SHT_*, see `elf(5)`. */
  readonly type: number
  /** SHF_* bits, as far as they fit in 32. */
  readonly flags: number
  /** Where its contents lie in the file; of SHT_NOBITS there are none. */
  readonly offset: number
  readonly size: number
  readonly link: number
  readonly entrySize: number
}

export type ElfFile = {
  readonly bits: 32 | 64
  readonly endian: 'little' | 'big'
  /** EM_*, see elf.h. */
  readonly machine: number
  readonly sections: readonly ElfSection[]
  readonly bytes: Uint8Array
}

/** Of a file that is none, or that lies about itself, why. */
export type ElfResult =
  { readonly kind: 'elf'; readonly file: ElfFile } | { readonly kind: 'bad'; readonly reason: string }

/** More sections than any object of a kernel has (-ffunction-sections gives tens of thousands). */
const maxSections = 200_000
/** No name of a kernel's symbol or section comes near (KSYM_NAME_LEN is 512, include/linux/kallsyms.h). */
const maxName = 1024
const nobits = 8
const symtab = 2

/** SHF_ALLOC and SHF_EXECINSTR. */
const alloc = 2
const executable = 4

/** Where fields lie in the headers of both classes (System V ABI, "ELF Header", "Sections"; elf.h Elf32_Ehdr, Elf64_Ehdr). */
const layouts = {
  32: {
    header: 52,
    sectionOffset: 32,
    sectionSize: 46,
    section: 40,
    flags: 8,
    offset: 16,
    size: 20,
    link: 24,
    entry: 36,
    symbol: 16,
  },
  64: {
    header: 64,
    sectionOffset: 40,
    sectionSize: 58,
    section: 64,
    flags: 8,
    offset: 24,
    size: 32,
    link: 40,
    entry: 56,
    symbol: 24,
  },
} as const

/** Reads the sections of an ELF file, of either class and byte order. Nothing outside of the bytes is read, whatever the headers say. */
export function readElf(bytes: Uint8Array): ElfResult {
  const bad = (reason: string): ElfResult => ({ kind: 'bad', reason })
  if (bytes.length < 20 || bytes[0] !== 0x7f || String.fromCharCode(...bytes.subarray(1, 4)) !== 'ELF')
    return bad('it is no ELF file')
  const [bits, endian] = [bytes[4] === 1 ? 32 : 64, bytes[5] === 1 ? 'little' : 'big'] as const
  if ((bytes[4] !== 1 && bytes[4] !== 2) || (bytes[5] !== 1 && bytes[5] !== 2))
    return bad('its class or byte order is unknown')
  const layout = layouts[bits]
  if (bytes.length < layout.header) return bad('its header is cut')
  const view = createView(bytes, bits, endian)
  const start = view.word(layout.sectionOffset)
  const size = view.half(layout.sectionSize)
  if (start === 0) return { kind: 'elf', file: { bits, endian, machine: view.half(18), sections: [], bytes } }
  if (size !== layout.section || start + size > bytes.length) return bad('its section headers are cut')
  // With more sections than fit in the header, the first section tells how many (System V ABI, e_shnum, e_shstrndx).
  const raw = (at: number): ReturnType<typeof readSection> => readSection(view, start + at * size, bits)
  const first = raw(0)
  const count = view.half(layout.sectionSize + 2) || first.size
  const names = view.half(layout.sectionSize + 4) === 0xffff ? first.link : view.half(layout.sectionSize + 4)
  if (count > maxSections || start + count * size > bytes.length)
    return bad('it says that it has more sections than it can')
  const all = Array.from({ length: count }, (_, at) => raw(at))
  const table = all[names]
  if (table === undefined) return bad('its section names are missing')
  const sections = all.map(({ nameAt, ...section }) => ({ ...section, name: textAt(bytes, table, nameAt) }))
  return { kind: 'elf', file: { bits, endian, machine: view.half(18), sections, bytes } }
}

type View = { half(at: number): number; int(at: number): number; word(at: number): number }

/** Reads numbers; past the end they are 0. A 64-bit one that no file can reach is `Number.MAX_SAFE_INTEGER`. */
function createView(bytes: Uint8Array, bits: 32 | 64, endian: 'little' | 'big'): View {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = endian === 'little'
  const isIn = (at: number, size: number): boolean => at >= 0 && at + size <= bytes.length
  const int = (at: number): number => (isIn(at, 4) ? view.getUint32(at, little) : 0)
  const long = (at: number): number => {
    const value = isIn(at, 8) ? view.getBigUint64(at, little) : 0n
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value)
  }
  return { half: (at) => (isIn(at, 2) ? view.getUint16(at, little) : 0), int, word: bits === 32 ? int : long }
}

function readSection(view: View, at: number, bits: 32 | 64): Omit<ElfSection, 'name'> & { readonly nameAt: number } {
  const layout = layouts[bits]
  return {
    nameAt: view.int(at),
    type: view.int(at + 4),
    flags: view.word(at + layout.flags) % 2 ** 32,
    offset: view.word(at + layout.offset),
    size: view.word(at + layout.size),
    link: view.int(at + layout.link),
    entrySize: view.word(at + layout.entry),
  }
}

/** A text of a string table, up to its end, the end of the table or of the file. */
function textAt(bytes: Uint8Array, table: Pick<ElfSection, 'offset' | 'size'>, at: number): string {
  const start = Math.min(table.offset + at, bytes.length)
  const limit = Math.min(bytes.length, table.offset + table.size, start + maxName)
  const end = bytes.subarray(start, limit).indexOf(0)
  return Buffer.from(bytes.subarray(start, end === -1 ? limit : start + end)).toString('latin1')
}

/** The bytes of a section; empty where it has none in the file. */
export function contentsOf({ bytes }: ElfFile, { type, offset, size }: ElfSection): Uint8Array {
  return type === nobits
    ? new Uint8Array()
    : bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + size, bytes.length))
}

/** The names of all symbols, as the symbol table has them; empty where there is none. */
export function symbolNames(file: ElfFile): readonly string[] {
  const table = file.sections.find(({ type }) => type === symtab)
  const names = table && file.sections[table.link]
  if (table === undefined || names === undefined) return []
  const view = createView(file.bytes, file.bits, file.endian)
  const { symbol } = layouts[file.bits]
  const count = Math.floor(contentsOf(file, table).length / symbol)
  return Array.from({ length: count }, (_, at) => textAt(file.bytes, names, view.int(table.offset + at * symbol)))
}

/** Bytes that a module takes in memory, by kind, as size(1) counts them. */
export type ElfSizes = { readonly text: number; readonly data: number; readonly bss: number }

/** The sizes of what is loaded. */
export function sizesOf({ sections }: ElfFile): ElfSizes {
  const loaded = sections.filter(({ flags }) => (flags & alloc) !== 0)
  const sum = (of: (section: ElfSection) => boolean): number =>
    loaded.filter(of).reduce((total, { size }) => total + size, 0)
  const isText = ({ flags, type }: ElfSection): boolean =>
    type !== nobits && ((flags & executable) !== 0 || (flags & 1) === 0)
  return {
    text: sum(isText),
    data: sum((section) => section.type !== nobits && !isText(section)),
    bss: sum(({ type }) => type === nobits),
  }
}

/** The values of .modinfo by name, in the order of the file: `name=value`, each ended by a zero (include/linux/moduleparam.h). */
export function modinfoOf(file: ElfFile): ReadonlyMap<string, readonly string[]> {
  const section = file.sections.find(({ name }) => name === '.modinfo')
  const text =
    section === undefined ? '' : Buffer.from(contentsOf(file, section).subarray(0, maxModinfo)).toString('latin1')
  const values = new Map<string, string[]>()
  for (const entry of text.split('\0')) {
    const equals = entry.indexOf('=')
    if (equals === -1) continue
    const name = entry.slice(0, equals)
    const known = values.get(name)
    if (known) known.push(entry.slice(equals + 1))
    else values.set(name, [entry.slice(equals + 1)])
  }
  return values
}

/** Device tables give long lists of aliases, but no module comes near. */
const maxModinfo = 1 << 20
