import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Real data that proofs, real tests and benches run on. */
export type Reference = {
  /** Holds `linux-kbuild` and `live-patching`, each a public-inbox v2 mirror. */
  readonly lore: string
  readonly tree612: string
  readonly tree61: string
  /** The folder the data was made from. */
  readonly shared: string
}

/** The names under which real tests find the data. */
export function referenceEnvironment(reference: Reference): Record<string, string> {
  return {
    KBUILD_REVIEW_LORE: reference.lore,
    KBUILD_REVIEW_TREE_6_12: reference.tree612,
    KBUILD_REVIEW_TREE_6_1: reference.tree61,
    KBUILD_REVIEW_SHARED: reference.shared,
  }
}

/**
 * Lays out the list archives and kernel trees of the shared folder (KBUILD_REVIEW_SHARED, else ../shared) in the user's cache, once.
 * Null where there is no such folder. Data that the environment already names is taken as it is.
 */
export function layOutReference(root: string, env: NodeJS.ProcessEnv, say: (text: string) => void): Reference | null {
  const shared = resolve(root, env['KBUILD_REVIEW_SHARED'] ?? '../shared')
  if (!existsSync(join(shared, 'tools'))) return null
  const cache = join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kbuild-review', 'reference')
  mkdirSync(cache, { recursive: true })
  const tool = (name: string, args: readonly string[]): void => {
    const result = spawnSync(join(shared, 'tools', name), args, { stdio: ['ignore', 2, 2], env })
    if (result.status !== 0) throw new Error(`${name} ${args.join(' ')} failed`)
  }
  const tree = (version: string): string => {
    const given = env[`KBUILD_REVIEW_TREE_${version.replace('.', '_')}`]
    if (given !== undefined) return given
    const directory = join(cache, `linux-${version}`)
    if (!existsSync(directory)) say(`laying out linux ${version} in ${directory} (about 1.5 minutes, once) ...`)
    tool('kernel-tree', [version, directory])
    return directory
  }
  const lore = env['KBUILD_REVIEW_LORE'] ?? join(cache, 'lore')
  if (env['KBUILD_REVIEW_LORE'] === undefined) {
    if (!existsSync(lore)) say(`unpacking the list archives in ${lore} ...`)
    tool('lore-archives', [lore])
  }
  return { lore, tree612: tree('6.12'), tree61: tree('6.1'), shared }
}
