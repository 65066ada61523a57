import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import type { Tree } from '../../src/text/tree.ts'
import type { RuleCase } from './cases.ts'
import { layOut } from './steps.ts'
import { readTreeLiteral, treeOf } from './tree.ts'

/** The tree of a case after its patches, by `git apply` in a directory of its own outside any repository. */
export function applyWithGit({ directory }: RuleCase): Tree {
  const top = mkdtempSync(join(tmpdir(), 'kr-apply-'))
  try {
    layOut(top, treeOf(readTreeLiteral(join(directory, 'tree'))))
    const patches = readdirSync(directory).filter((name) => name.endsWith('.patch'))
    const paths = patches.sort().map((name) => join(directory, name))
    const env = {
      PATH: process.env['PATH'] ?? '',
      GIT_CEILING_DIRECTORIES: tmpdir(),
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
    }
    const result = spawnSync('git', ['apply', '--whitespace=nowarn', ...paths], { cwd: top, encoding: 'utf8', env })
    if (result.status !== 0) throw new Error(`git apply failed: ${result.stderr}`)
    return treeOf(readTreeLiteral(top))
  } finally {
    removeDirectory(top)
  }
}
