import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { goalCommand } from '../../../src/build/goal-command.ts'
import { planGoals } from '../../../src/build/plan.ts'
import { parseProfile } from '../../../src/build/profile.ts'
import { probeSandbox } from '../../../src/build/sandbox-probe.ts'
import { openSandbox } from '../../../src/build/sandbox.ts'

const text = readFileSync(resolve(import.meta.dirname, '../../../profiles/livepatch.yaml'), 'utf8')
const parsed = parseProfile(text, 'livepatch.yaml')
if (parsed.kind === 'bad') throw new Error(parsed.problems.join('\n'))
const { profile } = parsed
const goal = profile.goals.find(({ id }) => id === 'klp-build')
const arch = profile.arches.find(({ name }) => name === 'x86_64')
if (goal === undefined || arch === undefined) throw new Error('the livepatch profile has no klp-build')
const toolchain = {
  name: 'gcc 12',
  id: 'a1',
  make: 'make',
  variables: { CROSS_COMPILE: 'x86_64-linux-gnu-' },
  environment: {},
  directories: [],
  tools: [],
}
const made = goalCommand(goal, { profile, arch, toolchain, jobs: 3 })

const work = mkdtempSync(join(tmpdir(), 'kbuild-review-klp-build-'))
const probe = await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory: tmpdir() })
afterAll(() => removeDirectory(work))

const module = 'tools/testing/selftests/livepatch/test_modules/test_klp_state.ko'
/** It says how it was called, takes the patch for one of the tree, and leaves objects as a build in the tree does. */
const fake = `#!/bin/sh
echo "in $(pwd) with $*"
echo "ARCH=$ARCH CROSS_COMPILE=$CROSS_COMPILE LOCALVERSION=[$LOCALVERSION] O=[$O]"
cat .config
for last; do :; done
patch --dry-run -p1 <"$last" || exit 1
touch main.o
[ -n "$KLP_FAILS" ] && exit 7
for word; do case $word in --output=*) echo livepatch >"\${word#--output=}" ;; esac; done
`
/** Cleans what was built, external modules among it. */
const makefile = 'mrproper:\n\trm -f .config main.o; find . -name "*.ko" -delete\n'
/** As far as the patch sees it, in words of our own. */
const cmdline = [
  '// SPDX-License-Identifier: GPL-2.0',
  ...['1', '2', '3', '4', '5'].map((number) => `#include "${number}.h"`),
  '',
  'static int cmdline_proc_show(struct seq_file *m, void *v)',
  '{',
  '\tseq_puts(m, saved_command_line);',
  "\tseq_putc(m, '\\n');",
  '\treturn 0;',
  '}',
  '',
].join('\n')

async function run(variables: Readonly<Record<string, string>>) {
  if (probe.kind === 'missing') throw new Error(probe.reason)
  const layer = mkdtempSync(join(work, 'layer-'))
  const files = {
    'source/Makefile': makefile,
    'source/fs/proc/cmdline.c': cmdline,
    'source/scripts/livepatch/klp-build': fake,
    [`source/${module}`]: 'a module\n',
    'output/.config': 'CONFIG_LIVEPATCH=y\n',
  }
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(layer, dirname(path)), { recursive: true })
    writeFileSync(join(layer, path), content, { mode: 0o755 })
  }
  const { identity } = probe.support
  if (identity.kind === 'root') execFileSync('chown', ['-R', `${identity.uid}:${identity.uid}`, layer])
  const opened = await openSandbox({
    support: probe.support,
    limits: profile.limits,
    ground: { kind: 'layers', layers: [layer] },
    evidence: null,
    directories: [],
    environment: variables,
  })
  if (opened.kind === 'failed') throw new Error(opened.reason)
  const { sandbox } = opened
  try {
    const end = await sandbox.run({ ...made, timeoutMs: 30_000 })
    const look = 'cat output/livepatch-klp-build.ko; ls source source/tools/testing/selftests/livepatch/test_modules'
    const left = await sandbox.run({ command: ['sh', '-c', look], directory: '/build', timeoutMs: 30_000 })
    return { end, left: left.log.text }
  } finally {
    await sandbox.close()
  }
}

describe('the goal klp-build', () => {
  const whyNot = (paths: readonly string[], symbols: readonly string[]) =>
    planGoals([goal], {
      hasPath: (path) => paths.includes(path),
      isConfigured: (symbol) => symbols.includes(symbol),
    })[0]?.inapplicable

  it('applies where the tree has it and can be built with it, and else says why not', () => {
    expect(whyNot([], [])).toBe('the tree has no `scripts/livepatch/klp-build`')
    expect(whyNot(['scripts/livepatch/klp-build'], [])).toBe(
      'the configuration that this tree makes has no CONFIG_KLP_BUILD',
    )
    expect(whyNot(['scripts/livepatch/klp-build'], ['KLP_BUILD'])).toBeNull()
  })

  it.skipIf(probe.kind === 'missing')(
    'is run in the source tree, with the compiler and a patch that applies',
    async () => {
      const { end, left } = await run({})
      expect(end.log.text).toContain(
        'in /build/source with --jobs=3 --output=/build/output/livepatch-klp-build.ko /tmp/livepatch.patch\n' +
          'ARCH=x86_64 CROSS_COMPILE=x86_64-linux-gnu- LOCALVERSION=[] O=[]\nCONFIG_LIVEPATCH=y\n' +
          'checking file fs/proc/cmdline.c\n',
      )
      expect(end.status).toBe('ok')
      expect(left).toMatch(/^livepatch\n/)
    },
  )

  it("keeps what it writes besides in TMPDIR, as without a sandbox /tmp is everybody's", () => {
    const [source, output, beside] = ['bare-source', 'bare-output', 'beside'].map((name) => join(work, name))
    for (const path of [source, output, beside]) mkdirSync(path ?? '')
    mkdirSync(join(source ?? '', 'scripts/livepatch'), { recursive: true })
    writeFileSync(join(source ?? '', 'Makefile'), makefile)
    writeFileSync(join(output ?? '', '.config'), '')
    writeFileSync(join(source ?? '', 'scripts/livepatch/klp-build'), '#!/bin/sh\necho "$@"; ls "$TMPDIR"\n', {
      mode: 0o755,
    })
    const words = ['-c', made.command[2] ?? '', 'sh', output ?? '', '1', 'a patch', '0']
    const env = { PATH: process.env['PATH'], TMPDIR: beside }
    const said = execFileSync('sh', words, { cwd: source, env, encoding: 'utf8' })
    expect(said).toContain(`${beside}/livepatch.patch\nkbuild-review-modules.tar\nlivepatch.patch\n`)
  })

  it.skipIf(probe.kind === 'missing')(
    'leaves the source tree as builds with O= need it, and external modules',
    async () => {
      const { end, left } = await run({ KLP_FAILS: '1' })
      expect(end).toMatchObject({ status: 'failed', exitCode: 7 })
      expect(left.split('\n')).not.toContain('main.o')
      expect(left.split('\n')).toContain('test_klp_state.ko')
    },
  )
})
