import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Terminal } from './terminal.ts'

/** Where indexes of archives and facts of trees are kept between runs: XDG_CACHE_HOME, else ~/.cache. */
export function cacheDirectory(env: Terminal['env']): string {
  return join(env['XDG_CACHE_HOME'] ?? join(env['HOME'] ?? homedir(), '.cache'), 'kbuild-review')
}
