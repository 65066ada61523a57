import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRepository, type FencedRepository } from '../support/git.ts'
import { commandLine } from '../support/command-line.ts'

const root = resolve(import.meta.dirname, '../..')
/** Some runs of git, each with a judge that loads all of the program (milliseconds). */
const hookMs = 180_000

let repository: FencedRepository
let mails = ''
beforeEach(() => {
  repository = createRepository()
  mails = join(dirname(repository.path), 'mails')
  mkdirSync(mails)
  cpSync(join(root, 'demo', 'tree'), repository.path, { recursive: true })
  repository.commit('A small Kbuild tree', {})
})
afterEach(() => {
  review('hook', 'uninstall')
  repository.remove()
}, hookMs)

type Ended = { readonly status: number | null; readonly output: string }

function run(program: string, args: readonly string[], env: Record<string, string> = {}, cwd = repository.path): Ended {
  const cache = join(dirname(repository.path), 'cache')
  const result = spawnSync(program, args, {
    cwd,
    env: { ...repository.environment, XDG_CACHE_HOME: cache, TMPDIR: dirname(repository.path), ...env },
    encoding: 'utf8',
  })
  return { status: result.status, output: result.stdout + result.stderr }
}

function review(...args: string[]): Ended {
  return run(process.execPath, [...commandLine, ...args])
}

const git = (...args: string[]): Ended => run('git', args)

/** The mail of a commit that is taken back again. */
function mailOf(name: string, files: Readonly<Record<string, string>>, ...options: string[]): string {
  const commit = repository.commit(name, files)
  const path = join(mails, `${name.replaceAll(/\W+/g, '-')}.eml`)
  writeFileSync(path, repository.formatPatch(commit, ...options))
  return path
}

const makefile = 'drivers/boards/Makefile'
const rule = '$(obj)/table.h: $(src)/boards.txt'
const withRule = (line: string): string =>
  `${readFileSync(join(root, 'demo/tree', makefile), 'utf8')}
quiet_cmd_boards = GEN     $@
      cmd_boards = sed 's/.*/"&",/' $< > $@

targets += table.h
${line}
	$(call if_changed,boards)

$(obj)/core.o: $(obj)/table.h
`

/** A patch that forgets FORCE. */
function badMail(...options: string[]): string {
  const ignore = '# SPDX-License-Identifier: GPL-2.0\n/table.h\n'
  const files = { [makefile]: withRule(rule), 'drivers/boards/.gitignore': ignore }
  return mailOf('boards: generate the table', files, ...options)
}

function start(): void {
  repository.git('reset', '--quiet', '--hard', repository.git('rev-list', '--max-parents=0', 'HEAD').trim())
}

function title(): string {
  return repository.git('log', '-1', '--format=%s').trim()
}

describe('kbuild-review hook', { timeout: hookMs }, () => {
  it('stops git am at a patch with findings, with the patch staged, and goes on when told to', () => {
    const mail = badMail()
    start()
    expect(review('hook', 'install').output).toMatch(/^pre-applypatch +ours$/m)
    const stopped = git('am', mail)
    expect(stopped.status).toBe(1)
    expect(stopped.output).toContain('[kc-if-changed-no-force]')
    expect(stopped.output).toContain('git am --continue')
    expect(title()).toBe('A small Kbuild tree')
    expect(git('diff', '--cached', '--name-only').output).toContain(makefile)
    expect(git('am', '--continue')).toMatchObject({ status: 0 })
    expect(title()).toBe('boards: generate the table')
    expect(existsSync(join(repository.path, '.git/rebase-apply'))).toBe(false)
  })

  it('judges what was mended and added before --continue', () => {
    const mail = badMail()
    start()
    review('hook', 'install')
    expect(git('am', mail).status).toBe(1)
    writeFileSync(join(repository.path, makefile), withRule(`${rule}\n\n# half a mend`))
    git('add', makefile)
    expect(git('am', '--continue')).toMatchObject({ status: 1 })
    writeFileSync(join(repository.path, makefile), withRule(`${rule} FORCE`))
    git('add', makefile)
    const mended = git('am', '--continue')
    expect(mended.output).not.toContain('kbuild-review')
    expect(mended.status).toBe(0)
  })

  it('leaves --skip and --abort to git, and lets good patches pass without a word', () => {
    const good = mailOf('boards: say what the symbol is for', { 'drivers/boards/boards.txt': 'alpha\nbeta\n' })
    const bad = badMail()
    start()
    review('hook', 'install')
    const passed = git('am', good)
    expect(passed).toMatchObject({ status: 0 })
    expect(passed.output).not.toContain('kbuild-review')
    expect(git('am', bad).status).toBe(1)
    expect(git('am', '--skip')).toMatchObject({ status: 0 })
    expect(git('am', bad).status).toBe(1)
    expect(git('am', '--abort')).toMatchObject({ status: 0 })
    expect(title()).toBe('boards: say what the symbol is for')
    expect(git('status', '--porcelain').output).toBe('')
  })

  it('is not stopped by what a later patch of the same series mends', () => {
    const first = badMail('--subject-prefix=PATCH 1/2')
    const second = mailOf(
      'boards: rebuild the table',
      { [makefile]: withRule(`${rule} FORCE`) },
      '--subject-prefix=PATCH 2/2',
    )
    start()
    review('hook', 'install')
    const alone = git('am', first)
    expect(alone.status).toBe(1)
    git('am', '--abort')
    const both = git('am', first, second)
    expect(both.output).not.toContain('[kc-if-changed-no-force]')
    expect(both.status).toBe(0)
  })

  it('runs a hook that was there first, ends as that does, and puts it back', () => {
    const mail = badMail()
    start()
    const path = join(repository.path, '.git/hooks/pre-applypatch')
    const own = '#!/bin/sh\necho "own hook ran"\n[ ! -f .git/refuse ]\n'
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, own)
    chmodSync(path, 0o755)
    expect(review('hook', 'install').output).toMatch(/^pre-applypatch +chained$/m)
    expect(review('hook', 'install').output).toMatch(/^pre-applypatch +chained$/m)
    const both = git('am', mail)
    expect(both.output).toMatch(/own hook ran[^]*kc-if-changed-no-force/)
    git('am', '--abort')
    writeFileSync(join(repository.path, '.git/refuse'), '')
    const refused = git('am', mail)
    expect(refused.status).toBe(1)
    expect(refused.output).not.toContain('kc-if-changed-no-force')
    expect(review('hook', 'uninstall').status).toBe(0)
    expect(readFileSync(path, 'utf8')).toBe(own)
  })

  it('honours core.hooksPath, and leaves hooks that others share alone unless asked', () => {
    const mail = badMail()
    start()
    git('config', 'core.hooksPath', '.githooks')
    expect(review('hook', 'install').status).toBe(0)
    expect(existsSync(join(repository.path, '.githooks/pre-applypatch'))).toBe(true)
    expect(git('am', mail).status).toBe(1)
    const shared = join(dirname(repository.path), 'shared-hooks')
    git('config', 'core.hooksPath', shared)
    expect(review('hook', 'install')).toMatchObject({ status: 2 })
    expect(review('hook', 'install', '--shared').status).toBe(0)
    expect(review('hook', 'status').output).toMatch(/shared-hooks[^]*^pre-applypatch +ours$/m)
    expect(review('hook', 'uninstall').status).toBe(0)
  })

  it('stops git am in another worktree of the repository, and KBUILD_REVIEW_HOOK=off lets it go on', () => {
    const mail = badMail()
    start()
    review('hook', 'install')
    const other = join(dirname(repository.path), 'other')
    git('worktree', 'add', '--quiet', other)
    expect(run('git', ['am', mail], {}, other)).toMatchObject({ status: 1 })
    expect(run('git', ['am', '--abort'], {}, other).status).toBe(0)
    expect(run('git', ['am', mail], { KBUILD_REVIEW_HOOK: 'off' }, other)).toMatchObject({ status: 0 })
  })

  it('keeps no process where it is asked not to, and one where it is not', () => {
    const mail = badMail()
    start()
    review('hook', 'install', '--once')
    expect(git('am', mail).output).toContain('[kc-if-changed-no-force]')
    expect(review('hook', 'status').output).toMatch(/^judge +not running$/m)
    git('am', '--abort')
    review('hook', 'install')
    git('am', mail)
    expect(review('hook', 'status').output).toMatch(/^judge +in memory$/m)
    review('hook', 'uninstall')
    expect(existsSync(join(repository.path, '.git/kbuild-review.ipc'))).toBe(false)
  })

  it('lets git go on where the program is gone, and says so', () => {
    const mail = badMail()
    start()
    review('hook', 'install')
    const path = join(repository.path, '.git/hooks/pre-applypatch')
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(root, '/nowhere'))
    const passed = git('am', mail)
    expect(passed.output).toContain('not judged: the program is gone')
    expect(passed.status).toBe(0)
  })

  it('refuses a push of commits with findings, and nothing that the remote has', () => {
    const remote = join(dirname(repository.path), 'remote.git')
    git('init', '--quiet', '--bare', remote)
    git('remote', 'add', 'origin', remote)
    git('push', '--quiet', 'origin', 'main')
    review('hook', 'install', '--for', 'push')
    badMail()
    const refused = git('push', 'origin', 'HEAD:topic')
    expect(refused.output).toContain('[kc-if-changed-no-force]')
    expect(refused.status).toBe(1)
    expect(git('push', '--no-verify', 'origin', 'HEAD:topic').status).toBe(0)
    repository.git('fetch', '--quiet', 'origin')
    repository.commit('boards: one more', { 'drivers/boards/boards.txt': 'alpha\n' })
    expect(git('push', 'origin', 'HEAD:topic')).toMatchObject({ status: 0 })
    expect(git('push', 'origin', ':topic')).toMatchObject({ status: 0 })
  })

  it('refuses a commit with findings, amended or not', () => {
    badMail()
    start()
    review('hook', 'install', '--for', 'commit')
    const write = (line: string): void => writeFileSync(join(repository.path, makefile), withRule(line))
    write(rule)
    writeFileSync(join(repository.path, 'drivers/boards/.gitignore'), '/table.h\n')
    git('add', '.')
    const refused = git('commit', '--message=boards: generate the table')
    expect(refused.output).toContain('[kc-if-changed-no-force]')
    expect(refused.output).toContain('git commit --no-verify')
    expect([refused.status, title()]).toEqual([1, 'A small Kbuild tree'])
    expect(git('commit', '--no-verify', '--message=boards: generate the table').status).toBe(0)
    const amended = git('commit', '--amend', '--message=boards: generate the table', '-m', 'It is long.')
    expect(amended.output).toContain('[kc-if-changed-no-force]')
    write(`${rule} FORCE`)
    expect(git('commit', '--all', '--amend', '--message=boards: generate the table')).toMatchObject({ status: 0 })
    write(rule)
    expect(git('commit', '--all', '--message=boards: forget it again').status).toBe(1)
  })
})
