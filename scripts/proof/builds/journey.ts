import type { Outcome, ProofContext } from '../check.ts'
import type { KernelCommits } from './kernel-commits.ts'
import { keptCache, withKernel } from './kept.ts'
import { readBuilds, runBuild, type Told } from './run-build.ts'

/** A patch that breaks the build in a way of its own, and what must be told of it. */
type Failure = {
  readonly name: string
  readonly path: string
  readonly edit: (text: string) => string
  /** The line that is at fault, by its text after the patch. */
  readonly line: string
  readonly message: RegExp
  /** Further words that must be in the message, the evidence or a related place. */
  readonly evidence?: readonly string[]
}

const failures: readonly Failure[] = [
  {
    name: 'M= for KBUILD_EXTMOD=',
    path: 'tools/testing/selftests/livepatch/test_modules/Makefile',
    edit: (text) => text.replace('modules KBUILD_EXTMOD=', 'modules M='),
    line: '\t$(Q)$(MAKE) -C $(KDIR) modules M=$(TESTMODS_DIR)',
    message: /m2c/,
  },
  {
    name: 'a recipe under all: of lib.mk',
    path: 'tools/testing/selftests/lib.mk',
    edit: (text) =>
      text.replace(
        '\t$(if $(TEST_GEN_MODS_DIR),gen_mods_dir)\n',
        "\t$(if $(TEST_GEN_MODS_DIR),gen_mods_dir)\n\t@echo 'built'\n",
      ),
    line: "\t@echo 'built'",
    message: /overriding recipe for target .all./,
    evidence: ['selftests/futex', 'selftests/net/rds'],
  },
  {
    name: 'vmlinux as a prerequisite of modules',
    path: 'scripts/Makefile.modfinal',
    edit: (text) => text.replace('%.ko: %.o %.mod.o ', '%.ko: %.o %.mod.o vmlinux '),
    line: '%.ko: %.o %.mod.o vmlinux ',
    message: /vmlinux|No rule to make target|\.ko/i,
  },
]

/** The failures of "Livepatch selftests: the journey to Kbuild and back", and its neighbour: each is told, at the line that brings it. */
export function proveJourney(context: ProofContext): Promise<Outcome> {
  return withKernel(context, async (kernel) => {
    const told: string[] = []
    const wrong: string[] = []
    for (const failure of failures) {
      context.say(failure.name)
      const findings = await build(failure, kernel, context)
      const found = findings.find((finding) => isRight(finding, failure, kernel))
      if (found) told.push(`${failure.name}: ${found.path}:${found.line}: ${found.message}`)
      else wrong.push(`${failure.name}: ${findings.length === 0 ? 'nothing is told' : findings.map(show).join(' | ')}`)
    }
    return { ok: wrong.length === 0, figure: [...wrong, ...told].join('; ') }
  })
}

async function build({ path, edit }: Failure, kernel: KernelCommits, { root }: ProofContext): Promise<readonly Told[]> {
  const commit = kernel.change('HEAD', path, edit)
  const args = ['build', 'build', '--tree', kernel.path, '--arch', 'x86_64', '--range', `${commit}~1..${commit}`]
  const ran = await runBuild([...args, '--format', 'json'], { root, cache: keptCache(root) })
  return readBuilds(ran).builds[0]?.findings ?? []
}

function isRight(finding: Told, { path, edit, line, message, evidence = [] }: Failure, kernel: KernelCommits): boolean {
  const lines = edit(kernel.show('HEAD', path)).split('\n')
  const wanted = lines.findIndex((text) => text.startsWith(line)) + 1
  const all = JSON.stringify(finding)
  return (
    finding.path === path &&
    finding.line === wanted &&
    message.test(all) &&
    evidence.every((word) => all.includes(word))
  )
}

const show = ({ path, line, message, rule }: Told): string => `${path}:${line}: ${message} [${rule}]`
