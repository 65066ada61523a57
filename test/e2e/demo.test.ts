import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'

const root = resolve(import.meta.dirname, '../..')

describe('npm run demo', () => {
  it('goes from mails to replies, and leaves nothing behind', () => {
    const temporary = mkdtempSync(join(tmpdir(), 'kbuild-review-demo-test-'))
    try {
      const ran = spawnSync(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', join(root, 'scripts/demo.ts')],
        {
          cwd: temporary,
          env: { PATH: process.env['PATH'], HOME: temporary, TMPDIR: temporary },
          encoding: 'utf8',
        },
      )
      expect(ran).toMatchObject({ status: 0, stderr: '' })
      const told = [
        'taken to be superseded by v2',
        'Acked-by: Ida Holm',
        'base-commit of the mails',
        '3/3 clean',
        '[kc-if-changed-no-force]',
        '[oot-top-makefile-reentry]',
        'What this patch changes in the build (x86_64):\n  list: drivers/boards always-y: + boards.symbols\n',
      ]
      expect(told.filter((text) => !ran.stdout.includes(text))).toEqual([])
      expect(ran.stdout.match(/^In-Reply-To: </gm)).toHaveLength(3)
      expect(readdirSync(temporary)).toEqual([])
    } finally {
      removeDirectory(temporary)
    }
  })
})
