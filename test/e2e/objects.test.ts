import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { layOutTree } from '../../scripts/demo/lay-out.ts'
import { commandLine, homeIn } from '../support/command-line.ts'

const root = resolve(import.meta.dirname, '../..')

let work = ''
let tree = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-objects-'))
  tree = layOutTree(join(root, 'demo', 'tree'), join(work, 'tree'))
  writeFileSync(join(work, 'boards.config'), 'CONFIG_BOARDS=m\nCONFIG_BOARDS_DEBUG=y\n')
})
afterAll(() => {
  removeDirectory(work)
})

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, [...commandLine, ...args], { cwd: work, env: homeIn(work), encoding: 'utf8' })
}

describe('kbuild-review objects', () => {
  it('prints a line an object with its condition, where it lands and the line that says so', () => {
    const { status, stdout } = run('objects', 'drivers', '--tree', tree)
    expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
      'drivers/boards/core.o  CONFIG_BOARDS  boards.ko or built-in  drivers/boards/Makefile:3',
      expect.stringMatching(/^drivers\/boards\/debug\.o {2}.*CONFIG_BOARDS_DEBUG.* {2}drivers\/boards\/Makefile:4$/),
      '',
    ])
    expect(status).toBe(0)
  })

  it('lists the directories of one configuration as JSON lines', () => {
    const { stdout } = run('objects', '--tree', tree, '--kconfig', 'boards.config', '--format', 'json')
    const records = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line))
    expect(records).toHaveLength(4)
    expect(records).toContainEqual({
      dir: 'drivers/boards',
      'real-obj-y': [],
      'real-obj-m': ['drivers/boards/core.o', 'drivers/boards/debug.o'],
      'multi-obj-ym': ['boards.o'],
      'obj-m': ['drivers/boards/boards.o'],
      'lib-y': [],
      'always-y': [],
      'extra-y': [],
      'subdir-ym': [],
      hostprogs: [],
      unknown: [],
    })
  })

  it('takes a source for its object', () => {
    const { stdout } = run('objects', 'drivers/boards/core.c', '--tree', tree)
    expect(stdout).toMatch(/^drivers\/boards\/core\.o /)
  })

  it('says when nothing is built at a path', () => {
    const { status, stdout, stderr } = run('objects', 'Documentation', '--tree', tree)
    expect([status, stdout]).toEqual([0, ''])
    expect(stderr).toContain('nothing at or below Documentation is built for x86_64')
  })

  it('says which lists it does not know in full', () => {
    const makefile = join(tree, 'init/Makefile')
    writeFileSync(makefile, 'obj-y := main.o $(shell cat more-objects)\n')
    const identity = ['-c', 'user.name=demo', '-c', 'user.email=demo@kernel.example']
    execFileSync('git', ['-C', tree, ...identity, 'commit', '-q', '-a', '-m', 'init: more objects'])
    const { stdout, stderr } = run('objects', 'init', '--tree', tree)
    expect(stdout).toContain('init/main.o')
    expect(stderr).toContain('init/Makefile: not all is known of obj-y: `$(shell cat more-objects)`: a command is run')
  })

  it('refuses a configuration that is not there', () => {
    const { status, stderr } = run('objects', '--tree', tree, '--kconfig', 'missing.config')
    expect(status).toBe(2)
    expect(stderr).toContain('missing.config')
  })
})

describe('kbuild-review diff', () => {
  it('says what a commit changes in the build', () => {
    writeFileSync(
      join(tree, 'drivers/boards/Makefile'),
      'obj-$(CONFIG_BOARDS) += boards.o\nboards-y := core.o\nboards-$(CONFIG_BOARDS_LEDS) += leds.o\n',
    )
    const identity = ['-c', 'user.name=demo', '-c', 'user.email=demo@kernel.example']
    execFileSync('git', ['-C', tree, ...identity, 'commit', '-q', '-a', '-m', 'boards: leds instead of debug'])
    const { status, stdout } = run('diff', 'HEAD~1..HEAD', '--tree', tree)
    expect(stdout.split('\n').map((line) => line.replace(/, .*/, ''))).toEqual([
      'gone: drivers/boards/debug.o',
      'new: drivers/boards/leds.o',
      '',
    ])
    expect(stdout).toContain('nothing builds drivers/boards/debug.c any more')
    expect(status).toBe(0)
  })

  it('says that nothing changes', () => {
    expect(run('diff', 'HEAD..HEAD', '--tree', tree).stdout).toBe('no change of what is built for x86_64\n')
  })

  it('refuses what is no range, and revisions that are not there', () => {
    expect(run('diff', 'HEAD', '--tree', tree).status).toBe(2)
    expect(run('diff', 'HEAD..elsewhere', '--tree', tree).stderr).toContain('no revision `elsewhere`')
  })
})
