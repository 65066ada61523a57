import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { cloneKernel, type KernelCommits } from './kernel-commits.ts'
import type { ProofContext } from '../check.ts'

/** The cache that the checks share, all but the one that begins with nothing. */
export function keptCache(root: string): string {
  const cache = join(root, '.kbuild-review', 'proof', 'builds-cache')
  mkdirSync(cache, { recursive: true })
  return cache
}

/** Does something with a clone of Linux 6.12, which is gone afterwards. */
export async function withKernel<T>(
  { reference }: ProofContext,
  work: (kernel: KernelCommits) => Promise<T>,
): Promise<T> {
  const parent = mkdtempSync(join(tmpdir(), 'kbuild-review-proof-'))
  try {
    return await work(cloneKernel(reference.tree612, parent))
  } finally {
    removeDirectory(parent)
  }
}
