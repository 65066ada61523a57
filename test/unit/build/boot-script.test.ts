import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'

const root = resolve(import.meta.dirname, '../../..')
const guest = join(root, 'profiles', 'guest')
const consoles = join(import.meta.dirname, 'consoles')
const parent = mkdtempSync(join(tmpdir(), 'boot-script-'))
afterAll(() => removeDirectory(parent))

const answers = (program: string, ...args: string[]): string | null => {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}
const hasTools =
  answers('cpio', '--version') !== null && (answers('gcc', '-print-file-name=libc.a') ?? '').includes('/')

/** Runs the script with what stands for an emulator: it says what a real one said. */
function boot(name: string, options: readonly string[], emulator: readonly string[]) {
  const directory = join(parent, name)
  mkdirSync(directory)
  copyFileSync(join(guest, 'init.c'), join(directory, 'init.c'))
  const args = [join(guest, 'boot.sh'), '-d', directory, ...options, '--', ...emulator]
  const { status, stdout } = spawnSync('sh', args, { cwd: parent, encoding: 'utf8' })
  return { status, stdout, image: join(directory, 'initramfs.cpio') }
}

const saying = (log: string): readonly string[] => ['cat', join(consoles, `${log}.log`)]

describe.skipIf(!hasTools)('the script that boots (skipped without cpio, gcc and a static C library)', () => {
  it('ends as the steps did that were tried in the kernel', () => {
    expect(boot('passing', ['-c', 'gcc'], saying('s390-sample')).status).toBe(0)
    expect(boot('failing', ['-c', 'gcc'], saying('s390-not-loaded')).status).toBe(1)
    expect(boot('panicking', ['-c', 'gcc'], saying('s390-panic')).status).toBe(1)
  })

  it('makes a file system of the first process, the module, the tests and the programs that they call', () => {
    writeFileSync(join(parent, 'livepatch-pump.ko'), 'module')
    mkdirSync(join(parent, 'installed'))
    writeFileSync(join(parent, 'installed', 'kselftest-list.txt'), 'livepatch:test-pump.sh\n')
    const options = ['-c', 'gcc', '-m', 'livepatch-pump.ko', '-k', 'installed', '-t', 'bash', '-t', 'kill']
    const { status, image } = boot('whole', options, saying('s390-sample'))
    expect(status).toBe(0)
    const names = spawnSync('cpio', ['-t', '--quiet'], { input: readFileSync(image), encoding: 'utf8' }).stdout.split(
      '\n',
    )
    expect(names).toEqual(expect.arrayContaining(['init', 'boot/livepatch-pump.ko', 'kselftest/kselftest-list.txt']))
    expect(names).toEqual(expect.arrayContaining(['bin', 'usr/bin/bash', 'usr/bin/kill']))
    expect(names.some((name) => /^usr\/lib.*\/libc\.so\.6$/.test(name))).toBe(true)
  })

  it('ends with 125 and says so where something is missing that no kernel can help', () => {
    const lacking = [
      boot('compiler', ['-c', 'pump-linux-gnu-gcc'], saying('s390-sample')),
      boot('emulator', ['-c', 'gcc'], ['qemu-system-pump']),
      boot('module', ['-c', 'gcc', '-m', 'nowhere.ko'], saying('s390-sample')),
      boot('program', ['-c', 'gcc', '-t', 'pumpctl'], saying('s390-sample')),
    ]
    expect(lacking.map(({ status, stdout }) => [status, stdout.trim()])).toEqual([
      [125, 'boot: no `pump-linux-gnu-gcc` (Debian package gcc of the architecture)'],
      [125, 'boot: no `qemu-system-pump` (Debian package qemu-system of the architecture)'],
      [125, 'boot: nothing made nowhere.ko'],
      [125, 'boot: no `pumpctl`, which tests call'],
    ])
  })
})
