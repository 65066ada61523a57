/** Errors of the system (errno(3)) and of our own that say nothing of the work during which they come, and pass by. */
const passing: ReadonlySet<unknown> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EIO',
  'ENOMEM',
  'EMFILE',
  'ENFILE',
  'EAGAIN',
  'no-archive',
  'unavailable',
])

/** What git and SQLite say where a disk is full, or the memory at its end. */
const said =
  /no space left on device|disk quota exceeded|database or disk is full|cannot allocate memory|out of memory/i

/** Causes of causes that are looked at. */
const mostCauses = 5

/**
 * Whether the environment is at fault for an error: a disk that is full, an archive that is away. What was to be done is to be done when that is
 * over, however long it takes. A thread that wanted more memory than it may have is no such error.
 */
export function isOfEnvironment(error: unknown): boolean {
  let cause = error
  for (let depth = 0; depth < mostCauses && cause instanceof Error; depth += 1, cause = cause.cause) {
    const code = 'code' in cause ? cause.code : null
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') return false
    if (passing.has(code) || said.test(cause.message)) return true
  }
  return false
}
