import { contentsOf, readElf, symbolNames, type ElfFile } from '../../../src/build/elf.ts'

/** A relocation of a 64-bit object: where it is applied, how (R_* of the architecture), and what it refers to. */
type Relocation = { readonly offset: bigint; readonly type: number; readonly symbol: string }

/** SHT_RELA and SHF_RELA_LIVEPATCH (include/uapi/linux/elf.h). */
const rela = 4
const livepatchFlag = 0x0010_0000
/** Elf64_Rela: r_offset, r_info (symbol and type), r_addend. */
const entrySize = 24

function relocationsIn(file: ElfFile): ReadonlyMap<string, readonly Relocation[]> {
  const names = symbolNames(file)
  const little = file.endian === 'little'
  return new Map(
    file.sections
      .filter(({ type }) => type === rela)
      .map((section) => {
        const bytes = contentsOf(file, section)
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
        const entries = Array.from({ length: Math.floor(bytes.length / entrySize) }, (_, index) => {
          const info = view.getBigUint64(index * entrySize + 8, little)
          return {
            offset: view.getBigUint64(index * entrySize, little),
            type: Number(info & 0xffff_ffffn),
            symbol: names[Number(info >> 32n)] ?? '',
          }
        })
        return [section.name, entries]
      }),
  )
}

/** What klp-convert did with the relocations of one symbol: the section that has them now, or what is wrong. */
export type Converted =
  { readonly kind: 'converted'; readonly section: string } | { readonly kind: 'wrong'; readonly why: string }

/**
 * Compares a module before and after klp-convert: each relocation that referred to the symbol of `KLP_RELOC_SYMBOL(vmlinux, vmlinux, NAME)` in `.rela.S` must be one
 * of `.klp.rela.vmlinux.S`, of the same kind at the same place, to the symbol that livepatch looks up (Documentation/livepatch/module-elf-format.rst), and
 * nothing else may refer to it. Which section S is, the compiler says: code of x86 and s390 holds the relocation itself (R_X86_64_PC32,
 * R_390_GOTENT), modules of ppc64 are compiled with -mcmodel=large (arch/powerpc/Makefile), where code loads every address from the
 * TOC by R_PPC64_TOC16_*, and the relocation (R_PPC64_ADDR64) is that of the entry in `.toc`.
 */
export function compareConverted(before: Uint8Array, after: Uint8Array, name: string): Converted {
  const wrong = (why: string): Converted => ({ kind: 'wrong', why })
  const [old, now] = [readElf(before), readElf(after)]
  if (old.kind === 'bad' || now.kind === 'bad') return wrong('it is no ELF file')
  if (old.file.bits !== 64 || now.file.bits !== 64) return wrong('it is not of 64 bits')
  const asked = sectionsTo(old.file, `.klp.sym.rela.vmlinux.vmlinux.${name}.0`)
  const given = sectionsTo(now.file, `.klp.sym.vmlinux.${name},0`)
  const [[from, wanted] = ['', []], ...others] = asked
  if (wanted.length === 0 || others.length > 0)
    return wrong(`${asked.size} sections ask for ${name} before klp-convert`)
  const section = `.klp.rela.vmlinux${from.slice('.rela'.length)}`
  const got = given.get(section) ?? []
  if (given.size !== 1 || describe(got) !== describe(wanted))
    return wrong(
      `${from} asks for ${describe(wanted)}, but ${[...given.keys()].join(', ') || 'nothing'} has ${describe(got)}`,
    )
  const header = now.file.sections.find((each) => each.name === section)
  if (((header?.flags ?? 0) & livepatchFlag) === 0) return wrong(`${section} has no SHF_RELA_LIVEPATCH`)
  return { kind: 'converted', section }
}

/** The sections with relocations to a symbol, and these. */
function sectionsTo(file: ElfFile, symbol: string): ReadonlyMap<string, readonly Relocation[]> {
  const all = [...relocationsIn(file)].map(
    ([section, entries]) => [section, entries.filter((each) => each.symbol === symbol)] as const,
  )
  return new Map(all.filter(([, entries]) => entries.length > 0))
}

function describe(relocations: readonly Relocation[]): string {
  return relocations.map(({ offset, type }) => `type ${type} at 0x${offset.toString(16)}`).join(', ')
}
