import { modinfoOf, readElf, sizesOf, symbolNames, type ElfSizes } from './elf.ts'

/** What makes a module a livepatch (Documentation/livepatch/module-elf-format.rst). */
export type LivepatchModule = {
  /** `MODULE_INFO(livepatch, "Y")`. */
  readonly isLivepatch: boolean
  /** `.klp.rela.vmlinux.text`: sections with relocations that the livepatch core applies, sorted. */
  readonly relocations: readonly string[]
  /** `.klp.sym.vmlinux.printk,0`: symbols that it finds, sorted. */
  readonly symbols: readonly string[]
  readonly sizes: ElfSizes
}

/** Reads a module; null where it is no ELF file. */
export function readLivepatchModule(bytes: Uint8Array): LivepatchModule | null {
  const read = readElf(bytes)
  if (read.kind === 'bad') return null
  const named = (names: readonly string[], start: string): string[] =>
    [...new Set(names.filter((name) => name.startsWith(start)))].sort()
  return {
    isLivepatch: modinfoOf(read.file).has('livepatch'),
    relocations: named(
      read.file.sections.map(({ name }) => name),
      '.klp.rela.',
    ),
    symbols: named(symbolNames(read.file), '.klp.sym.'),
    sizes: sizesOf(read.file),
  }
}
