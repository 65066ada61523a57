import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commandLine } from '../support/command-line.ts'
import { createRepository, type FencedRepository } from '../support/git.ts'

const root = resolve(import.meta.dirname, '../..')
const guide = readFileSync(join(root, 'deploy/hooks/README.md'), 'utf8')
/** Some runs of git, each with a judge that loads all of the program (milliseconds). */
const timeout = 180_000
const mail = '0001-boards-generate-the-table.patch'

let repository: FencedRepository
let start = ''
beforeEach(() => {
  repository = createRepository()
  cpSync(join(root, 'demo', 'tree'), repository.path, { recursive: true })
  start = repository.commit('A small Kbuild tree', {})
  const bin = join(dirname(repository.path), 'bin')
  mkdirSync(bin)
  const words = [process.execPath, ...commandLine].map((word) => `'${word}'`).join(' ')
  const program = `#!/bin/sh\nexec ${words} "$@"\n`
  writeFileSync(join(bin, 'kbuild-review'), program)
  chmodSync(join(bin, 'kbuild-review'), 0o755)
  const makefile = readFileSync(join(root, 'demo/tree/drivers/boards/Makefile'), 'utf8')
  const forgotten = `${makefile}
quiet_cmd_boards = GEN     $@
      cmd_boards = sed 's/.*/"&",/' $< > $@

targets += table.h
$(obj)/table.h: $(src)/boards.txt
	$(call if_changed,boards)

$(obj)/core.o: $(obj)/table.h
`
  const commit = repository.commit('boards: generate the table', { 'drivers/boards/Makefile': forgotten })
  const patch = repository.formatPatch(commit)
  repository.git('reset', '--quiet', '--hard', start)
  writeFileSync(join(repository.path, mail), patch)
})
afterEach(() => {
  sh('kbuild-review hook uninstall')
  repository.remove()
}, timeout)

type Ended = { readonly status: number | null; readonly output: string }

function sh(command: string, cwd = repository.path): Ended {
  const home = dirname(repository.path)
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd,
    env: {
      ...repository.environment,
      PATH: [join(home, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
      XDG_CACHE_HOME: join(home, 'cache'),
      TMPDIR: home,
    },
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

/** The commands of the guide, in their order. */
const commands = [...guide.matchAll(/^ {4}(\S.*)$/gm)].map(([, command = '']) => command.replace(/ {2,}#.*$/, ''))
const head = (): string => repository.git('rev-parse', 'HEAD').trim()

describe('deploy/hooks/README.md', { timeout }, () => {
  it('tells commands that do what it says', () => {
    const [install = '', status = '', am = '', ...ends] = commands
    expect(ends).toEqual(['git am --continue', 'git am --skip', 'git am --abort'])
    expect(am).toBe(`git am ${mail}`)
    expect(sh(install).status).toBe(0)
    expect(sh(status).output).toMatch(/^pre-applypatch +ours$/m)
    for (const end of ends) {
      const stopped = sh(am)
      expect(stopped.output).toContain('[kc-if-changed-no-force]')
      expect(stopped.status).toBe(1)
      expect(head()).toBe(start)
      expect(sh(end).status).toBe(0)
      expect(existsSync(join(repository.path, '.git/rebase-apply'))).toBe(false)
      expect(head() === start).toBe(end !== 'git am --continue')
      repository.git('reset', '--quiet', '--hard', start)
    }
    expect(sh(`KBUILD_REVIEW_HOOK=off ${am}`).status).toBe(0)
  })

  it('is right that a rebase, with --apply or without, asks nobody', () => {
    sh('kbuild-review hook install')
    expect(sh(`KBUILD_REVIEW_HOOK=off git am ${mail}`).status).toBe(0)
    const topic = head()
    repository.git('checkout', '--quiet', '-b', 'other', start)
    const other = repository.commit('boards: a comment', { 'drivers/boards/boards.txt': 'alpha\n' })
    for (const way of ['--apply', '--merge']) {
      repository.git('checkout', '--quiet', '--detach', topic)
      const rebased = sh(`git rebase --quiet ${way} ${other}`)
      expect(rebased).toEqual({ status: 0, output: '' })
      expect(repository.git('rev-parse', 'HEAD^').trim()).toBe(other)
    }
  })

  it('is right that a bare repository takes the hook of a push', () => {
    const bare = join(dirname(repository.path), 'bare.git')
    repository.git('clone', '--quiet', '--bare', repository.path, bare)
    expect(sh(`kbuild-review hook install --for push --tree ${bare}`).output).toMatch(/^pre-push +ours$/m)
    expect(sh(`kbuild-review hook uninstall --tree ${bare}`).status).toBe(0)
  })
})
