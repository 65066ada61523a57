import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { printReproduction, type Reproduction } from '../../../src/build/reproduce.ts'

const paths = { source: '/build/source', output: '/build/output' }
const example: Reproduction = {
  title: 'implicit declaration of function `pump_stop`',
  toolchain: 'x86_64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0',
  base: '4a39ac5b7d62ab4d3a7b2f8a9c0f1e2d3c4b5a69',
  patches: [
    { kind: 'message', id: '20240902120000.1-1-dana@boards.example' },
    { kind: 'text', text: 'drop the pump\n\nEND\n---\n' },
  ],
  paths,
  fragments: 'CONFIG_MODULES=y\nCONFIG_LOCALVERSION="-plant"\n',
  fragmentPath: '/build/output/.fragments',
  configure: [
    {
      command: [
        'make',
        'O=/build/output',
        'ARCH=s390',
        'CROSS_COMPILE=s390x-linux-gnu-',
        'KCONFIG_ALLCONFIG=/build/output/.fragments',
        'allnoconfig',
      ],
      directory: '/build/source',
    },
  ],
  areFragmentsAppended: false,
  commands: [
    {
      command: [
        'make',
        '-j2',
        'O=/build/output',
        'ARCH=s390',
        'CROSS_COMPILE=s390x-linux-gnu-',
        'LOCALVERSION=',
        'M=/build/source/drivers/plant',
        'modules',
      ],
      directory: '/build/source',
    },
  ],
}

describe('a reproduce script', () => {
  it('holds the patches, the settings and the commands, with the paths as variables', () => {
    const script = printReproduction(example)
    expect(script.slice(script.indexOf('git worktree')))
      .toBe(`git worktree add --detach "$source" 4a39ac5b7d62ab4d3a7b2f8a9c0f1e2d3c4b5a69
mkdir "$output"

curl -fsSL -o "$work"/1.patch https://lore.kernel.org/all/20240902120000.1-1-dana%40boards.example/raw
git -C "$source" -c user.name=reproduce -c user.email=reproduce@localhost am --3way <"$work"/1.patch
cat >"$work"/2.patch <<'END_'
drop the pump

END
---
END_
git -C "$source" apply --3way "$work"/2.patch
git -C "$source" -c user.name=reproduce -c user.email=reproduce@localhost commit -q --no-verify -m 'patch 2'

cat >"$output"/.fragments <<'END'
CONFIG_MODULES=y
CONFIG_LOCALVERSION="-plant"
END

(cd "$source" && make O="$output" ARCH=s390 CROSS_COMPILE=s390x-linux-gnu- KCONFIG_ALLCONFIG="$output"/.fragments allnoconfig)
(cd "$source" && make -j2 O="$output" ARCH=s390 CROSS_COMPILE=s390x-linux-gnu- LOCALVERSION= M="$source"/drivers/plant modules)
`)
  })

  const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0
  it.skipIf(!hasShellcheck)('has nothing that shellcheck minds (skipped where that is not installed)', () => {
    const checked = spawnSync('shellcheck', ['-s', 'sh', '-'], { input: printReproduction(example), encoding: 'utf8' })
    expect(checked.stdout).toBe('')
    expect(checked.status).toBe(0)
  })
})

describe('running a reproduce script', () => {
  const top = mkdtempSync(join(tmpdir(), "kr reproduce's-"))
  const plant = join(top, 'plant')
  const env = { PATH: process.env['PATH'] ?? '', HOME: top, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' }
  const git = (...args: readonly string[]): string => {
    const identity = ['-c', 'user.name=Dana', '-c', 'user.email=dana@boards.example']
    const result = spawnSync('git', [...identity, ...args], { cwd: plant, encoding: 'utf8', env })
    if (result.status !== 0) throw new Error(result.stderr)
    return result.stdout.trim()
  }
  let base = ''

  /** Runs the script of what is given over the example, in the repository. */
  function run(given: Partial<Reproduction>): {
    readonly status: number | null
    readonly text: string
    readonly made: string
  } {
    const work = mkdtempSync(join(top, 'work '))
    const script = printReproduction({ ...example, base, patches: [], configure: [], commands: [], ...given })
    const file = join(top, 'reproduce.sh')
    writeFileSync(file, script)
    const { status, stdout, stderr } = spawnSync('sh', [file, work], { cwd: plant, encoding: 'utf8', env })
    return { status, text: `${stdout}${stderr}`, made: join(work, readdirSync(work)[0] ?? '') }
  }
  const make = (...words: readonly string[]): Reproduction['commands'][number] => ({
    command: ['make', 'O=/build/output', ...words],
    directory: '/build/source',
  })

  beforeAll(() => {
    mkdirSync(plant)
    const makefile =
      'all: ; @cat "$(O)/.config"; echo "A is $(A)"\nconfig: ; @echo CONFIG_BASE=y >"$(O)/.config"\nplant:\n'
    writeFileSync(join(plant, 'Makefile'), makefile)
    git('init', '-q', '-b', 'main')
    git('add', '.')
    git('commit', '-q', '-m', 'plant: a makefile')
    base = git('rev-parse', 'HEAD')
    writeFileSync(join(plant, 'Makefile'), `${makefile}\t@echo no pump is here; exit 3\n`)
    git('commit', '-q', '-a', '-m', 'plant: break it')
    git('format-patch', '-q', '-1', '-o', join(top, "Dana's patches"))
    git('reset', '-q', '--hard', base)
  })
  afterAll(() => {
    removeDirectory(top)
  })

  it('ends as the command that shows the fault, with the patch', () => {
    const path = join(top, "Dana's patches", '0001-plant-break-it.patch')
    const text = readFileSync(path, 'utf8')
    const broken = run({ patches: [{ kind: 'text', text }], commands: [make('plant')] })
    expect(broken.text).toContain('no pump is here')
    expect(broken.status).toBe(2)
    expect(run({ commands: [make('plant')] }).status).toBe(0)
  })

  it('takes a commit of the clone, or its diff where the clone has no such commit', () => {
    const text = readFileSync(join(top, "Dana's patches", '0001-plant-break-it.patch'), 'utf8')
    const there = git('rev-parse', 'main@{1}')
    for (const id of [there, '0'.repeat(40)]) {
      const broken = run({ patches: [{ kind: 'commit', id, text }], commands: [make('plant')] })
      expect(broken.text).toContain('no pump is here')
    }
  })

  it('has what the toolchain reads of the environment', () => {
    const commands = [{ command: ['sh', '-c', 'echo "it is $COMPILER"'], directory: '/build/output' }]
    expect(run({ environment: { COMPILER: "gcc-13.2.0 '$(pwd)'" }, commands }).text).toContain(
      "it is gcc-13.2.0 '$(pwd)'",
    )
  })

  it('writes the files of ours that a command needs, as they are', () => {
    const text = 'echo "the kernel is $1 `date +%n`\\n"\nEND\nexit 3\n'
    const path = '/build/output/.boot/boot.sh'
    const commands = [{ command: ['sh', path, 'ready'], directory: '/build/output' }]
    const { text: said, made } = run({ files: { [path]: text }, commands })
    expect(readFileSync(join(made, 'output', '.boot', 'boot.sh'), 'utf8')).toBe(text)
    expect(said).toContain('the kernel is ready')
  })

  it('stops where a patch does not go on', () => {
    const result = run({ patches: [{ kind: 'text', text: 'no patch\n' }], commands: [make('all')] })
    expect(result.status).not.toBe(0)
    expect(result.text).not.toContain('A is')
  })

  it('adds the settings to what the first command makes, as they are written', () => {
    const fragments = 'CONFIG_A="$(touch oops)"\nEND\nCONFIG_B=`touch oops`\n'
    const result = run({ configure: [make('config')], areFragmentsAppended: true, fragments, commands: [make('all')] })
    expect(readFileSync(join(result.made, 'output', '.config'), 'utf8')).toBe(`CONFIG_BASE=y\n${fragments}`)
    expect(result.status).toBe(0)
  })

  it('leaves nothing of a title or a word to the shell', () => {
    const words = ["A='; touch oops; '", 'B=$(touch oops)`touch oops`', 'C=a\nb', 'D="', 'all']
    const result = run({
      title: 'a\ntouch oops\r\u2028touch oops',
      toolchain: '\ntouch oops',
      commands: [make('config'), make(...words)],
    })
    expect(result.status).toBe(0)
    expect([plant, join(result.made, 'source')].some((directory) => existsSync(join(directory, 'oops')))).toBe(false)
  })
})
