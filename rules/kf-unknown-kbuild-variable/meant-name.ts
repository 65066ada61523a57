/** What a variable's name may have been meant to be, each a way to go wrong that was met on the list or in a kernel. */
const slips: readonly (readonly [pattern: RegExp, meant: string])[] = [
  [/^HOSTLDFLAGS_(.+)$/, 'HOSTLDLIBS_$1'],
  [/^(.+)-(?:obj|object|objects)$/, '$1-objs'],
  [/^(.+)\.dtbs$/, '$1-dtbs'],
  [/^(?:CFLAGS|cflags|cc-flags|ccflag)-y$/, 'ccflags-y'],
  [/^(?:AFLAGS|aflags|asflag)-y$/, 'asflags-y'],
  [/^(?:LDFLAGS|ldflag)-y$/, 'ldflags-y'],
  [/^(asflags|ccflags|cppflags|ldflags|rustflags)$/, '$1-y'],
  [/^cflags$/, 'ccflags-y'],
  [/^CFLAGS-(.+)$/, 'CFLAGS_$1.o'],
  [/^(.+)-[ym]$/, '$1'],
  [/^([A-Z]+FLAGS(?:_REMOVE)?_.+|[A-Z]+_(?:SANITIZE|INSTRUMENT|PROFILE)_.+)$/, '$1.o'],
  [/^(.+)\.c$/, '$1.o'],
]

/** The name that was meant, if it is one that is read; null where none of those is. */
export function meantName(name: string, isRead: (name: string) => boolean): string | null {
  for (const [pattern, replacement] of slips) {
    const meant = pattern.test(name) ? name.replace(pattern, replacement) : name
    if (meant !== name && isRead(meant)) return meant
  }
  return null
}
