/**
 * A message without what differs from run to run, or moves with the lines: addresses, offsets, numbers that stand alone, temporary
 * files, and the suffixes that gcc gives to clones of functions and that macros count (`__UNIQUE_ID_`, include/linux/compiler.h).
 * Numbers within names stay: `pump2` is not `pump3`.
 */
export function maskMessage(message: string): string {
  return maskName(message.replaceAll(/\/tmp\/\w{1,40}/g, '/tmp/#'))
    .replaceAll(/\b0x[0-9a-f]{1,16}\b/gi, '#')
    .replaceAll(/\b[0-9a-f]{8,16}\b/gi, (word) => (/\d/.test(word) ? '#' : word))
    .replaceAll(/(?<![\w.-])-?\d+(?![\w])/g, '#')
    .replaceAll(/[‘’]/g, "'")
}

/** The name of a symbol without what compiler and macros count in it. All other numbers are part of it. */
export function maskName(name: string): string {
  return name
    .replaceAll(/(__UNIQUE_ID_[A-Za-z_]{0,100})\d+/g, '$1#')
    .replaceAll(/\.(constprop|isra|part|cold|llvm)\.\d+/g, '.$1.#')
}
