import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { layOutTree } from '../../scripts/demo/lay-out.ts'
import { commandLine, homeIn } from '../support/command-line.ts'

const root = resolve(import.meta.dirname, '../..')

let work = ''
let tree = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-diff-'))
  tree = layOutTree(join(root, 'demo', 'tree'), join(work, 'tree'))
  commit({
    Makefile: 'SRCARCH := $(ARCH)\ninclude $(srctree)/arch/$(SRCARCH)/Makefile\nexport SRCARCH BITS\n',
    Kbuild: 'obj-y += drivers/ arch/$(SRCARCH)/\n',
    'arch/arm64/Makefile': 'BITS := 64\n',
    'arch/arm64/Kbuild': 'obj-y += entry.o\n',
    'arch/riscv/Makefile': 'BITS := 64\n',
    'arch/riscv/Kbuild': 'obj-y += head.o trap.o\n',
  })
  commit({
    'drivers/boards/Makefile': 'obj-$(CONFIG_BOARDS) += boards.o\nboards-y := core.o leds.o\n',
    'arch/arm64/Kbuild': 'obj-y += entry.o smp.o\n',
    'arch/riscv/Kbuild': 'obj-y += trap.o head.o\n',
  })
})
afterAll(() => {
  removeDirectory(work)
})

function commit(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  const identity = ['-c', 'user.name=demo', '-c', 'user.email=demo@kernel.example']
  execFileSync('git', ['-C', tree, 'add', '.'])
  execFileSync('git', ['-C', tree, ...identity, 'commit', '-q', '-m', 'boards: leds'])
}

function diff(...args: readonly string[]): string {
  const command = [...commandLine, 'diff', 'HEAD~1..HEAD']
  const { stdout, stderr, status } = spawnSync(process.execPath, [...command, '--tree', tree, ...args], {
    cwd: work,
    env: homeIn(work),
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

const leds = 'new: drivers/boards/leds.o, boards.ko or built-in, when CONFIG_BOARDS (drivers/boards/Makefile:2)'
const smp = 'new: arch/arm64/smp.o, built-in, always (arch/arm64/Kbuild:1)'

describe('kbuild-review diff for several architectures', () => {
  it('tells once what holds for all of them, and of which the rest does', () => {
    const lines = diff('--arch', 'arm64', '--arch', 'riscv').split('\n')
    expect(lines.filter((line) => line.startsWith('new:'))).toEqual([leds, `${smp} [arm64]`])
  })

  it('takes all that the tree has', () => {
    expect(diff('--arch', 'all', '--format', 'json')).toContain('"arch":"arm64 riscv')
  })

  it('tells of the order in which built-in objects are linked where that is asked for', () => {
    expect(diff('--arch', 'riscv')).not.toContain('order:')
    expect(diff('--arch', 'riscv', '--order')).toContain(
      'order: arch/riscv: trap.o is linked before head.o now; 1 of 2 built-in entries moved\n',
    )
  })
})
