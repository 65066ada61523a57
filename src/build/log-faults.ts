/** What tells in a log that the machine is at fault and not what was built: texts of the C library (strerror), of gcc's driver and of ld. */
const texts: readonly string[] = [
  'No space left on device',
  'Disk quota exceeded',
  'Read-only file system',
  'Input/output error',
  'Cannot allocate memory',
  'virtual memory exhausted',
  'memory exhausted',
  'out of memory allocating',
  'Too many open files',
  'Resource temporarily unavailable',
  'File size limit exceeded',
  'Killed signal terminated program',
  'Terminated signal terminated program',
  'error while loading shared libraries',
  'ModuleNotFoundError: No module named ',
  // scripts/livepatch/klp-build, do_init() and validate_config().
  'recountdiff not found',
  'objtool not built with KLP support',
]

/** The words of a fault of the environment in a line; null where there are none. */
export function findFault(line: string): string | null {
  const text = texts.find((each) => line.includes(each))
  if (text !== undefined) return line.slice(line.indexOf(text)).slice(0, 200)
  if (noMemory.test(line)) return line.slice(0, 200)
  if (/^(?:\S{0,200}: )?fatal error: Killed/.test(line)) return 'Killed'
  return /^(?:\S{0,200}: )?fatal error: cannot execute [‘'`"]/.test(line)
    ? line.slice(line.indexOf('cannot execute'))
    : null
}

/** perl (util.c, croak_no_mem()), python's own exception, and LLVM (ErrorHandling.cpp, report_bad_alloc_error()) where memory ends. */
const noMemory = /^(?:Out of memory(?:!$| in perl:)|MemoryError(?:$|: )|LLVM ERROR: out of memory)/

/** Ends of a recipe that come from outside of it: a limit or somebody who stops the build (strsignal(3)). */
export function isKilled(how: string): boolean {
  return (
    how === 'Killed' ||
    how === 'Terminated' ||
    how === 'Hangup' ||
    how === 'Interrupt' ||
    how === 'CPU time limit exceeded' ||
    how === 'File size limit exceeded'
  )
}

/**
 * The same where the shell of a recipe lived on and gave what ended its child: 128 and the number of the signal (POSIX,
 * Shell Command Language 2.8.2; bash(1), "EXIT STATUS"): SIGHUP, SIGINT, SIGKILL, SIGTERM, SIGXCPU, SIGXFSZ. Those of a fault of the program itself are not among them.
 */
export function isChildKilled(how: string): boolean {
  return /^Error (?:129|130|137|143|152|153)$/.test(how)
}

/**
 * Headers of libraries that a build needs on its own machine: libelf, openssl, ncurses, libdw, zlib, libcap, gmp (Documentation/process/changes.rst,
 * "Current Minimal Requirements"), and those of the C library, which only programs for the machine itself include.
 */
const hostHeader =
  /^(?:libelf|gelf|elf|dwarf|ncurses|curses|menu|panel|form|zlib|zstd|lzma|bfd|dis-asm|gcc-plugin|gmp|mpc|mpfr|numa|unwind|stdio|stdlib|string|unistd|fcntl|getopt|errno|pthread)\.h$|^(?:openssl|elfutils|sys|bits|gnu|Qt\w*|gtk|libelf|ncurses)\//

/** Whether a header that is missing is one that the machine should have. */
export function isHostHeader(header: string): boolean {
  return hostHeader.test(header)
}

/** Whether what is compiled is, by its place, a program for the machine itself. */
export function isHostUnit(unit: string | null): boolean {
  return unit !== null && /^(?:scripts|tools|certs|usr|arch\/[^/]+\/(?:tools|boot\/tools))\//.test(unit)
}
