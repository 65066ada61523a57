import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bench } from './run.ts'

/** Seconds after which a lint is given up. */
const patience = 600

/**
 * The lint of all of 6.12 with nothing kept from earlier, in a process of its own. It has no peer: make itself (`W=1`) reads only what one
 * configuration builds, scripts/checkkconfigsymbols.py looks for one kind of mistake, and scripts/checkpatch.pl -f at one file.
 */
export const bench: Bench = async (reference, say) => {
  const cache = mkdtempSync(join(tmpdir(), 'kbuild-review-bench-'))
  say('all build files of 6.12')
  try {
    const script = join(import.meta.dirname, 'lint', 'probe.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [script, reference.tree612, cache], {
      timeout: patience * 1000,
      maxBuffer: 1 << 20,
    })
    return [stdout.trim()]
  } finally {
    rmSync(cache, { recursive: true, force: true })
  }
}
