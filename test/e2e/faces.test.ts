import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { layOutTree } from '../../scripts/demo/lay-out.ts'
import { commandLine, homeIn } from '../support/command-line.ts'

const root = resolve(import.meta.dirname, '../..')
const mails = join(root, 'demo', 'mails')

/** Some runs of the command line, each of which loads all of the program (milliseconds). */
const timeout = 120_000

let work = ''
let tree = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-faces-'))
  tree = layOutTree(join(root, 'demo', 'tree'), join(work, 'tree'))
})
afterAll(() => {
  removeDirectory(work)
})

/** Runs the command line in the tree, as `b4 review` and editors do. */
function run(args: readonly string[], input: string | Buffer = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...commandLine, ...args], {
    cwd: tree,
    input,
    env: homeIn(work),
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

function git(...args: string[]): void {
  const identity = ['-c', 'user.name=A Maintainer', '-c', 'user.email=maintainer@boards.example']
  const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: tree, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

describe('check --format b4', () => {
  it('answers a mail of a series with one result, and a cover letter with none', { timeout }, () => {
    const patch = run(['check', '--format', 'b4', '-'], readFileSync(join(mails, '02-v2-0001-generate-the-table.eml')))
    expect(JSON.parse(patch.stdout)).toMatchObject([
      { tool: 'kbuild-review', status: 'fail', summary: expect.stringMatching(/^1 error/) as string },
    ])
    const cover = run(['check', '--format', 'b4', '-'], readFileSync(join(mails, '05-v2-0000-cover-letter.eml')))
    expect(JSON.parse(cover.stdout)).toEqual([])
  })
})

describe('check --format rdjson', () => {
  it('prints one document for all patches', { timeout }, () => {
    const { stdout, status } = run(['check', '--format', 'rdjson', mails])
    const codes = (JSON.parse(stdout) as { diagnostics: { code: { value: string } }[] }).diagnostics // our own output
    expect(codes.map(({ code }) => code.value)).toContain('kc-if-changed-no-force')
    expect(status).toBe(1)
  })
})

describe('check --patchwork', () => {
  it('posts nothing that is not configured', { timeout }, () => {
    const mail = join(mails, '02-v2-0001-generate-the-table.eml')
    const unconfigured = run(['check', '--patchwork', mail])
    expect(unconfigured.stderr).toContain('--patchwork needs `patchwork.url`')
    expect(unconfigured.status).toBe(2)
    const config = join(work, 'config.yaml')
    writeFileSync(config, `patchwork:\n  url: http://127.0.0.1:1\n  token-file: ${join(work, 'no-token')}\n`)
    const tokenless = run(['check', '--patchwork', '--config', config, mail])
    expect(tokenless.stderr).toContain('patchwork.token-file: cannot read')
    expect(tokenless.status).toBe(2)
  })
})

describe('lint --stdin', () => {
  const path = 'drivers/boards/Makefile'
  const edited = `${readFileSync(join(root, 'demo/tree', path), 'utf8')}
quiet_cmd_boards = GEN     $@
      cmd_boards = sed 's/.*/"&",/' $< > $@

targets += table.h
$(obj)/table.h: $(src)/boards.txt
	$(call if_changed,boards)
`

  it('judges what an editor holds as if the tree had it, by a path in the tree or on the disk', { timeout }, () => {
    const relative = run(['lint', '--stdin', '--path', path, '--format', 'checkpatch'], edited)
    expect(relative.stdout).toMatch(/^drivers\/boards\/Makefile:10: ERROR:KC_IF_CHANGED_NO_FORCE: /m)
    expect(relative.status).toBe(1)
    expect(run(['lint', '--stdin', '--path', join(tree, path), '--format', 'checkpatch'], edited)).toEqual(relative)
    const asItIs = run(['lint', '--stdin', '--path', path], readFileSync(join(tree, path)))
    expect(asItIs.stdout).toBe(run(['lint', path]).stdout)
  })

  it('is answered from memory as it is without, in time and again, and in any worktree', { timeout }, () => {
    const resident = (cwd: string, input: string) => {
      const options = ['lint', '--stdin', '--path', path, '--format', 'checkpatch', '--resident']
      const args = ['--disable-warning=ExperimentalWarning', join(root, 'bin/kbuild-review.mjs'), ...options]
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        cwd,
        input,
        env: homeIn(work),
        encoding: 'utf8',
      })
      return { status, stdout, stderr }
    }
    try {
      const cold = run(['lint', '--stdin', '--path', path, '--format', 'checkpatch'], edited)
      expect(resident(join(tree, 'drivers'), edited)).toEqual(cold)
      const clean = resident(tree, readFileSync(join(tree, path), 'utf8'))
      expect(clean).toMatchObject({ status: 0, stdout: '' })
      expect(run(['hook', 'status']).stdout).toMatch(/^judge +in memory$/m)
      const other = join(work, 'other')
      git('worktree', 'add', '--quiet', other)
      writeFileSync(join(other, path), edited)
      git('-C', other, 'commit', '--quiet', '--all', '--message=boards: generate the table')
      const unedited = run(['lint', '--revision', 'other', path, '--format', 'checkpatch'])
      expect(resident(other, edited)).toEqual(unedited)
      expect(resident(tree, edited)).toEqual(cold)
    } finally {
      run(['hook', 'uninstall'])
    }
  })

  it('takes a file that the tree does not have yet', { timeout }, () => {
    const { stdout, status } = run(['lint', '--stdin', '--path', 'drivers/new/Makefile'], 'obj-y += absent.o\n')
    expect(stdout).toBe('no findings in 1 files\n')
    expect(status).toBe(0)
  })

  it('refuses what is no build file, and half of the two options', { timeout }, () => {
    expect(run(['lint', '--stdin', '--path', 'drivers/boards/core.c']).status).toBe(2)
    expect(run(['lint', '--stdin', '--path', '/elsewhere/Makefile']).status).toBe(2)
    expect(run(['lint', '--stdin']).status).toBe(2)
    expect(run(['lint', '--path', path]).status).toBe(2)
    expect(run(['lint', '--resident', path]).status).toBe(2)
  })
})
