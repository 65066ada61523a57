import { chownSync, chmodSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { removeDirectory } from '../processes/remove-directory.ts'
import { lock } from './own-lock.ts'
import type { SandboxOptions } from './sandbox-model.ts'

/**
 * Where builds run that have no sandbox: a directory with `build/`, `evidence/` and `tmp/`, which holds copies of all layers. Objects hold absolute
 * paths, so all builds of one name get the same directory, one after the other.
 */
export type BarePlace = {
  /** Stands for the top of a sandbox; absolute. */
  readonly root: string
  /** A file that is older than all that builds write. */
  readonly mark: string
  /** Copies evidence, and what was written to a ground that is kept, to where they belong. */
  settle(): Promise<void>
  remove(): void
}

export type OpenedPlace =
  { readonly kind: 'place'; readonly place: BarePlace } | { readonly kind: 'failed'; readonly reason: string }

/** Takes the place that the options name, when nobody else has it, and fills it. */
export async function openBarePlace(options: SandboxOptions): Promise<OpenedPlace> {
  const { support, place: name = 'source', ground } = options
  const top = join(support.temporaryDirectory, `kbuild-review-unsafe-${process.getuid?.() ?? 0}`)
  const foreign = makeTop(top)
  if (foreign !== null) return { kind: 'failed', reason: foreign }
  const unlock = await lock(join(top, `${name}.lock`), Date.now)
  const root = join(top, name)
  const remove = (): void => {
    removeDirectory(root)
    unlock()
  }
  try {
    removeDirectory(root)
    for (const each of ['', 'build', 'evidence', 'tmp']) makeBuilders(join(root, each), options)
    // The lowest first, so that upper ones lie over it.
    const layers = ground.kind === 'layers' ? ground.layers.toReversed() : []
    for (const layer of layers) await copyContents(layer, join(root, 'build'))
    // Layers bring their own owners along.
    for (const each of ['build', 'build/source', 'build/output']) makeBuilders(join(root, each), options)
    writeFileSync(join(root, 'mark'), '')
  } catch (error) {
    remove()
    return { kind: 'failed', reason: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'cannot copy' }
  }
  const settle = async (): Promise<void> => {
    if (options.evidence !== null) await copyContents(join(root, 'evidence'), options.evidence)
    if (ground.kind === 'directory') await copyContents(join(root, 'build'), ground.path)
  }
  return { kind: 'place', place: { root, mark: join(root, 'mark'), settle, remove } }
}

/** The directory of all places, which nobody else may have made in a directory that everybody writes; null where it is ours. */
function makeTop(top: string): string | null {
  mkdirSync(top, { recursive: true, mode: 0o711 })
  const status = lstatSync(top)
  const isOurs = status.isDirectory() && status.uid === process.getuid?.() && (status.mode & 0o022) === 0
  return isOurs ? null : `\`${top}\` belongs to somebody else`
}

/** A directory that builds may write. */
function makeBuilders(path: string, { support: { identity } }: SandboxOptions): void {
  mkdirSync(path, { recursive: true })
  chmodSync(path, 0o755)
  if (identity.kind === 'root') chownSync(path, identity.uid, identity.uid)
}

/** With owners and times; where the file system can, without taking space for it (cp(1), --reflink). */
async function copyContents(from: string, to: string): Promise<void> {
  await execa('cp', ['-a', '--reflink=auto', '--no-target-directory', '--', from, to])
}
