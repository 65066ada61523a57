import { realpathSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { basename, dirname, resolve } from 'node:path'

/** What a build must see outside of /usr, each at its own place; or a place that would show too much of this machine. */
export type SeenPaths =
  { readonly kind: 'seen'; readonly paths: readonly string[] } | { readonly kind: 'private'; readonly path: string }

/**
 * For a prefix of programs, or a directory of them that ends in `/`: the directory above `bin/`, with the libraries and headers of the compiler. Where
 * that is a home, or has more in it than a compiler, only the directory of the programs.
 */
export function seenOfPrefix(prefix: string): SeenPaths {
  if (!prefix.includes('/')) return { kind: 'seen', paths: [] }
  const programs = resolve(prefix.endsWith('/') ? prefix : dirname(prefix))
  const above = dirname(programs)
  return seenOf([basename(programs) === 'bin' && !isPrivate(above) ? above : programs])
}

/** Files are seen alone, without what lies beside them. */
export function seenOf(paths: readonly string[]): SeenPaths {
  const outside = paths.filter((path) => !`${path}/`.startsWith('/usr/'))
  const shown = outside.find(isPrivate)
  return shown === undefined ? { kind: 'seen', paths: outside } : { kind: 'private', path: shown }
}

/**
 * Whether a directory has what is nobody's business: `/` and what lies in it (/etc, /tmp, /home, /opt), homes and all above them, and hidden directories of
 * homes (.ssh, .config, .local). Where a link leads to counts as well.
 */
function isPrivate(path: string): boolean {
  const homes = [homedir(), userInfo().homedir].map((home) => resolve(home))
  return [path, realPath(path)].some(
    (each) =>
      dirname(each) === '/' ||
      /^\/home\/[^/]+(?:\/\.[^/]*)?$/.test(each) ||
      each === '/var/tmp' ||
      homes.some((home) => `${home}/`.startsWith(`${each}/`) || isHiddenIn(home, each)),
  )
}

function isHiddenIn(home: string, path: string): boolean {
  return dirname(path) === home && basename(path).startsWith('.')
}

/** Where a path leads to; the path itself where nothing is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
