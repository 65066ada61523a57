/** What a variable's flags are for: `extent` of what they reach, of the languages of these sources. */
export type Reach = {
  readonly languages: ReadonlySet<Language>
  readonly extent: Extent
}
export type Language = 'C' | 'assembler' | 'linker script' | 'Rust' | 'host C' | 'link'
/** From the narrowest to the widest. `kernel` is what is built in, `module` what is not. */
export type Extent = 'file' | 'directory' | 'subtree' | 'kernel' | 'module' | 'all'

type Row = readonly [pattern: RegExp, languages: readonly Language[], extent: Extent]

/** scripts/Makefile.lib, `_c_flags`, `_a_flags`, `_cpp_flags`, `_rust_flags`, `ld_flags`; scripts/Makefile.host; Makefile, KBUILD_*. */
const rows: readonly Row[] = [
  [/^KBUILD_CFLAGS$/, ['C'], 'all'],
  [/^KBUILD_CFLAGS_KERNEL$/, ['C'], 'kernel'],
  [/^KBUILD_CFLAGS_MODULE$/, ['C'], 'module'],
  [/^KBUILD_AFLAGS$/, ['assembler'], 'all'],
  [/^KBUILD_AFLAGS_KERNEL$/, ['assembler'], 'kernel'],
  [/^KBUILD_AFLAGS_MODULE$/, ['assembler'], 'module'],
  [/^KBUILD_RUSTFLAGS$/, ['Rust'], 'all'],
  [/^(?:KBUILD_CPPFLAGS|LINUXINCLUDE|NOSTDINC_FLAGS)$/, ['C', 'assembler', 'linker script'], 'all'],
  [/^KBUILD_HOSTCFLAGS$/, ['host C'], 'all'],
  [/^KBUILD_LDFLAGS$/, ['link'], 'all'],
  [/^KBUILD_LDFLAGS_MODULE$/, ['link'], 'module'],
  [/^ccflags-y$/, ['C'], 'directory'],
  [/^asflags-y$/, ['assembler'], 'directory'],
  [/^rustflags-y$/, ['Rust'], 'directory'],
  [/^cppflags-y$/, ['linker script'], 'directory'],
  [/^ldflags-y$/, ['link'], 'directory'],
  [/^subdir-ccflags-y$/, ['C'], 'subtree'],
  [/^subdir-asflags-y$/, ['assembler'], 'subtree'],
  [/^CFLAGS_(?!REMOVE_).+\.o$/, ['C'], 'file'],
  [/^AFLAGS_(?!REMOVE_).+\.o$/, ['assembler'], 'file'],
  [/^HOSTCFLAGS_.+\.o$/, ['host C'], 'file'],
]

/** What the flags of a variable reach; null for a variable that is not known. */
export function reachOf(variable: string): Reach | null {
  const [, languages, extent] = rows.find(([pattern]) => pattern.test(variable)) ?? []
  return languages === undefined || extent === undefined ? null : { languages: new Set(languages), extent }
}

const names: Readonly<Record<Language, string>> = {
  C: 'C files',
  assembler: 'assembler files',
  'linker script': 'linker scripts',
  Rust: 'Rust files',
  'host C': 'C files of host programs',
  link: 'links',
}

/** What the wider of two extents has beyond the narrower one. */
const rests: Readonly<Record<Extent, (files: string) => string>> = {
  file: (files) => `${files} of one name`,
  directory: (files) => `other ${files} of the directory`,
  subtree: (files) => `${files} below the directory`,
  kernel: (files) => `${files} that are built in`,
  module: (files) => `${files} of modules`,
  all: (files) => `all other ${files}`,
}

/** What gets a flag that moves from one reach to the other, and what gets it no longer, as people say it. */
export function movement(from: Reach, to: Reach): { readonly gains: string | null; readonly loses: string | null } {
  const added = [...to.languages].filter((language) => !from.languages.has(language))
  const gone = [...from.languages].filter((language) => !to.languages.has(language))
  const stays = [...to.languages].filter((language) => from.languages.has(language))
  const widens = stays.length > 0 && from.extent !== to.extent && !isWithin(to.extent, from.extent)
  const narrows = stays.length > 0 && from.extent !== to.extent && !isWithin(from.extent, to.extent)
  return {
    gains: phrase([
      ...added.map((each) => names[each]),
      ...(widens ? stays.map((each) => rests[to.extent](names[each])) : []),
    ]),
    loses: phrase([
      ...gone.map((each) => names[each]),
      ...(narrows ? stays.map((each) => rests[from.extent](names[each])) : []),
    ]),
  }
}

function phrase(parts: readonly string[]): string | null {
  return parts.length === 0 ? null : parts.join(', ')
}

/** Whether all of one extent is part of another. */
function isWithin(inner: Extent, outer: Extent): boolean {
  const order: readonly Extent[] = ['file', 'directory', 'subtree', 'all']
  if (outer === 'all') return true
  if (inner === 'kernel' || inner === 'module' || outer === 'kernel' || outer === 'module') return inner === outer
  return order.indexOf(inner) <= order.indexOf(outer)
}
