import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { CommandEnd, SandboxSupport } from '../../../src/build/sandbox-model.ts'
import { probeSandbox } from '../../../src/build/sandbox-probe.ts'
import type { Sandbox } from '../../../src/build/sandbox-model.ts'
import { openSandbox } from '../../../src/build/sandbox.ts'
import { systemCallFilter } from '../../../src/build/system-calls.ts'

const hostile = join(import.meta.dirname, 'hostile')
const parent = mkdtempSync(join(tmpdir(), 'sandboxes-'))
const probe = await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory: tmpdir() })
const limits = { seconds: 20, memory: 96 * 2 ** 20, processes: 64, disk: 32 * 2 ** 20, log: 100_000 }

/** A machine without control groups is the harder one: all must hold there too, but for memory of many processes together. */
const supports: readonly (readonly [string, SandboxSupport])[] =
  probe.kind === 'missing'
    ? []
    : [
        ...(probe.support.cgroups === null ? [] : [[probe.support.cgroups.kind, probe.support] as const]),
        ['prlimit', { ...probe.support, cgroups: null }],
      ]

let server: Server
let port = 0
let bus: Server
const socket = `kbuild-review-${process.pid}`
let connections = 0
const secret = join(parent, 'secret', 'id_ed25519')
const victim = join(parent, 'victim')

beforeAll(async () => {
  mkdirSync(join(parent, 'secret'))
  mkdirSync(victim)
  writeFileSync(secret, 'a private key\n')
  writeFileSync(join(victim, 'file'), 'untouched\n')
  process.env['SECRET_OF_THE_RUNNER'] = 'hunter2'
  server = createServer(() => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  bus = createServer(() => (connections += 1))
  await new Promise<void>((resolve) => bus.listen(`\0${socket}`, resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})

afterAll(() => {
  server.close()
  bus.close()
  removeDirectory(parent)
})

async function open(
  support: SandboxSupport,
  layers: readonly string[] = [],
  directories: readonly string[] = [],
): Promise<Sandbox> {
  const opened = await openSandbox({
    support,
    limits,
    ground: { kind: 'layers', layers },
    evidence: null,
    directories,
    environment: { COMPILER: 'gcc-13.2.0' },
  })
  if (opened.kind === 'failed') throw new Error(opened.reason)
  return opened.sandbox
}

/** A layer whose source/ has one of the hostile makefiles. */
function layerOf(name: string): string {
  const layer = mkdtempSync(join(parent, 'layer-'))
  mkdirSync(join(layer, 'source'))
  chmodSync(join(layer, 'source'), 0o777)
  writeFileSync(join(layer, 'source', 'Makefile'), readFileSync(join(hostile, name, 'Makefile')))
  return layer
}

/** Runs `make` in a hostile tree, whose owner is whoever builds, and closes the sandbox. */
async function attack(name: string, support: SandboxSupport, timeoutMs = 20_000): Promise<CommandEnd> {
  const sandbox = await open(support, [layerOf(name)])
  const set = [`PORT=${port}`, `SECRET=${secret}`, `VICTIM=${victim}`, `HOST_PID=${process.pid}`, `SOCKET=${socket}`]
  try {
    return await sandbox.run({ command: ['make', '--silent', ...set], directory: '/build/source', timeoutMs })
  } finally {
    await sandbox.close()
  }
}

/** Command lines of living processes that hold a word, of all of the machine. */
function processesWith(word: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
      } catch {
        return ''
      }
    })
    .filter((line) => line.includes(word))
}

const runDirectories = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`kbuild-review-sandbox-${process.pid}-`))

describe.skipIf(probe.kind === 'ready')('a machine without bubblewrap or user namespaces', () => {
  it('is told what is missing', () => expect(probe.kind === 'missing' && probe.reason).toMatch(/./))
})

describe.each(supports)('a sandbox with limits by %s', (kind, support) => {
  it('says so', async () => {
    const sandbox = await open(support)
    expect(sandbox.limitedBy).toBe(kind)
    await sandbox.close()
  })

  it('shows a toolchain at its own place, though others cannot pass to it, and not to be written', async () => {
    const home = mkdtempSync(join(parent, 'home-'))
    chmodSync(home, 0o700)
    const toolchain = join(home, 'gcc-13.2.0')
    mkdirSync(toolchain)
    writeFileSync(join(toolchain, 'version'), '13.2.0\n')
    writeFileSync(join(home, 'diary'), 'nobody reads it\n')
    const sandbox = await open(support, [], [toolchain])
    const script = `cat ${toolchain}/version; ls ${home}; echo hacked >${toolchain}/version`
    const end = await sandbox.run({ command: ['sh', '-c', script], directory: '/build', timeoutMs: 10_000 })
    await sandbox.close()
    expect(end.status).toBe('failed')
    expect(end.log.text).toMatch(/^13\.2\.0\ngcc-13\.2\.0\nsh: [^\n]+Read-only file system\n$/)
    expect(readFileSync(join(toolchain, 'version'), 'utf8')).toBe('13.2.0\n')
  })

  it('shows a file alone, without what lies beside it', async () => {
    const home = mkdtempSync(join(parent, 'home-'))
    writeFileSync(join(home, 'make.cross'), '#!/bin/sh\necho make.cross\n', { mode: 0o755 })
    writeFileSync(join(home, 'diary'), 'nobody reads it\n')
    const sandbox = await open(support, [], [join(home, 'make.cross')])
    const script = `${home}/make.cross; ls ${home}`
    const end = await sandbox.run({ command: ['sh', '-c', script], directory: '/build', timeoutMs: 10_000 })
    await sandbox.close()
    expect(end.log.text).toBe('make.cross\nmake.cross\n')
  })

  it('runs a command over layers that stay as they are, and keeps what was written as a layer', async () => {
    const layer = layerOf('orphan')
    const kept = mkdtempSync(join(parent, 'kept-'))
    const sandbox = await open(support, [layer])
    const run = (script: string) =>
      sandbox.run({ command: ['sh', '-c', script], directory: '/build', timeoutMs: 10_000 })
    expect(await run('echo object > output/main.o; pwd')).toMatchObject({
      status: 'ok',
      exitCode: 0,
      log: { text: '/build\n' },
    })
    expect(await run('cat output/main.o; exit 3')).toMatchObject({
      status: 'failed',
      exitCode: 3,
      log: { text: 'object\n' },
    })
    expect(await sandbox.keep(kept)).toBeNull()
    await sandbox.close()
    const second = await open(support, [kept, layer])
    const again = await second.run({ command: ['ls', 'output', 'source'], directory: '/build', timeoutMs: 10_000 })
    await second.close()
    expect(again.log.text).toBe('output:\nmain.o\n\nsource:\nMakefile\n')
    expect(readdirSync(layer)).toEqual(['source'])
  })

  it('gives a command nothing of the environment but what is said', async () => {
    const sandbox = await open(support)
    const { log } = await sandbox.run({ command: ['env'], directory: '/build', timeoutMs: 10_000 })
    await sandbox.close()
    expect(
      log.text
        .trim()
        .split('\n')
        .sort()
        .map((line) => line.split('=')[0]),
    ).toEqual(['COMPILER', 'HOME', 'LC_ALL', 'PATH', 'PWD', 'SHELL', 'TMPDIR', 'TZ', 'USER'])
  })

  it.each([
    'network',
    'read-keys',
    'write-outside',
    'privileges',
    'kernel-settings',
    'terminal',
    'proc',
    'sparse',
    'deep',
    'parse-time',
    'abstract-socket',
    'slow-writer',
  ])('lets %s get nowhere', async (name) => {
    const end = await attack(name, support)
    expect(end.log.text).not.toMatch(/^escaped|a private key|hunter2/m)
    expect(end, end.log.text).toMatchObject({ status: 'ok' })
    expect(connections).toBe(0)
    expect(readFileSync(join(victim, 'file'), 'utf8')).toBe('untouched\n')
  })

  it.skipIf(systemCallFilter(process.arch) === null)('refuses system calls that no build needs', async () => {
    const end = await attack('keyring', support)
    expect(end, end.log.text).toMatchObject({ status: 'ok' })
  })

  it.each(['recursion', 'stopped'])('ends %s', async (name) => {
    const end = await attack(name, support, 1500)
    expect(['timeout', 'killed', 'failed']).toContain(end.status)
    expect(processesWith('98765')).toEqual([])
  })

  it('keeps links as links', async () => {
    const sandbox = await open(support, [layerOf('links')])
    const command = ['make', `VICTIM=${victim}`, `SECRET=${secret}`]
    await sandbox.run({ command, directory: '/build/source', timeoutMs: 10_000 })
    const kept = mkdtempSync(join(parent, 'kept-'))
    expect(await sandbox.keep(kept)).toBeNull()
    await sandbox.close()
    expect(readlinkSync(join(kept, 'output', 'root'))).toBe('/')
    expect(readlinkSync(join(kept, 'output', '.config'))).toBe(secret)
    expect(readdirSync(victim)).toEqual(['file'])
  })

  it('ends what a command leaves behind', async () => {
    expect(await attack('orphan', support)).toMatchObject({ status: 'ok' })
    expect(processesWith('98765')).toEqual([])
  })

  it('ends a command that does not end', async () => {
    const end = await attack('endless-loop', support, 1000)
    expect(end).toMatchObject({ status: 'timeout', exitCode: null, reason: 'took longer than 1 s' })
    expect(end.seconds).toBeLessThan(5)
  })

  it.each([
    ['disk', /^wrote more than 33554432 bytes$/],
    ['files', /^wrote more than 33554432 bytes$/],
    ['huge-log', /^printed more than 400000 bytes$/],
  ])('ends %s where its limit is', async (name, reason) => {
    const end = await attack(name, support)
    expect(end.status).toBe('killed')
    expect(end.reason).toMatch(reason)
  })

  it('keeps the beginning of what is printed, and says how much it dropped', async () => {
    const { log, status } = await attack('long-line', support)
    expect(status).toBe('failed')
    expect(Buffer.byteLength(log.text)).toBe(limits.log)
    expect(log.droppedBytes).toBeGreaterThan(99_000)
  })

  it('believes no forged status', async () => {
    const { status, exitCode, log } = await attack('forged-status', support)
    expect({ status, exitCode }, log.text).toEqual({ status: 'failed', exitCode: 2 })
  })

  it('believes no forged word of its own', async () => {
    const end = await attack('forged-start', support)
    expect(end.log.text).toBe('bwrap: execvp make: No such file or directory\n')
    expect(end).toMatchObject({ status: 'failed', exitCode: 137, reason: null })
  })

  it('survives a command that kills all it can reach', async () => {
    expect(await attack('signals', support)).toMatchObject({ exitCode: 137 })
  })

  it('ends a command when it is interrupted', async () => {
    const sandbox = await open(support)
    const interruption = new AbortController()
    setTimeout(() => interruption.abort(), 200)
    const command = { command: ['sleep', '87654'], directory: '/build', timeoutMs: 20_000, signal: interruption.signal }
    expect(await sandbox.run(command)).toMatchObject({ status: 'killed', reason: 'interrupted' })
    await sandbox.close()
    expect(processesWith('87654')).toEqual([])
  })

  it('takes a program that is not there for a fault of the environment', async () => {
    const sandbox = await open(support)
    const missing = await sandbox.run({ command: ['s390x-none-gcc'], directory: '/build', timeoutMs: 10_000 })
    await sandbox.close()
    expect(missing.status).toBe('environment')
    expect(missing.reason).toContain('s390x-none-gcc')
  })

  it('contains a fork bomb', async () => {
    const end = await attack('fork-bomb', support, 1500)
    expect(['timeout', 'killed', 'failed']).toContain(end.status)
    expect(processesWith('bomb()')).toEqual([])
  })

  it('contains what takes memory without end', async () => {
    const end = await attack('memory', support)
    expect(end, end.log.text).toMatchObject(
      kind === 'prlimit'
        ? { status: 'failed' }
        : { status: 'killed', reason: 'needed more than 100663296 bytes of memory' },
    )
  })

  it('leaves no directory, mount or group behind', () => {
    expect(runDirectories()).toEqual([])
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain('kbuild-review-')
    if (support.cgroups?.kind === 'cgroup1') {
      const groups = [support.cgroups.memory, support.cgroups.pids].flatMap((path) => readdirSync(path))
      expect(groups.filter((name) => name.startsWith(`kbuild-review-sandbox-${process.pid}-`))).toEqual([])
    }
  })
})

describe.skipIf(probe.kind === 'missing')('a sandbox that cannot be had', () => {
  it('says why', async () => {
    if (probe.kind === 'missing') return
    const options = { support: probe.support, limits, evidence: null, directories: [], environment: {} }
    const opened = await openSandbox({ ...options, ground: { kind: 'layers', layers: [join(parent, 'missing')] } })
    expect(opened.kind === 'failed' && opened.reason).toContain('missing')
    expect(runDirectories()).toEqual([])
    expect(existsSync(join(parent, 'missing'))).toBe(false)
  })
})
