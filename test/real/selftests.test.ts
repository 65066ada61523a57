import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseOnce } from '../../src/kbuild/parsed-files.ts'
import { evaluateSelftest, selftestsDirectory } from '../../src/kbuild/selftest-directory.ts'
import { selftestTargets } from '../../src/kbuild/selftest-targets.ts'
import { diskTree } from './disk-tree.ts'
import { answersOf, askMake, compareValues, ourDropped } from './run-oracle.ts'
import type { OracleShell } from './run-oracle.ts'
import { describeReal } from './support.ts'

/** The directories below tools/testing/selftests that have a Makefile, the top of them left out. */
function directoriesOf(top: string): readonly string[] {
  return readdirSync(join(top, selftestsDirectory), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('/Makefile'))
    .map((path) => `${selftestsDirectory}/${dirname(path)}`)
    .sort()
}

/** What both are told: enough for makefiles that stop where they do not know a machine or find no kernel. */
const settings = { ARCH: 'x86_64', VMLINUX_BTF: '/kernel/vmlinux' }
/** Steps for the largest, tools/testing/selftests/bpf. */
const maxSteps = 5_000_000

type Facts = {
  /** Values that were compared. */
  readonly compared: number
  readonly unknown: readonly string[]
  readonly differences: readonly unknown[]
  readonly stoppedByMake: readonly string[]
  readonly stoppedByUs: readonly string[]
}

async function compareAll(top: string, shell: OracleShell): Promise<Facts> {
  const tree = diskTree(top)
  const parsed = parseOnce(tree)
  const facts = { compared: 0, unknown: [] as string[], differences: [] as unknown[] }
  const [stoppedByMake, stoppedByUs]: [string[], string[]] = [[], []]
  for (const directory of directoriesOf(top)) {
    const commandLine = { OUTPUT: `/kernel/${directory}`, ...settings }
    const ours = evaluateSelftest(tree, directory, {
      parsed,
      commandLine,
      inherited: { MAKEFLAGS: 'rR --no-print-directory', MAKECMDGOALS: 'oracle-goal' },
      shell: answersOf(shell, directory),
      externalReason: () => null,
      maxSteps,
    })
    if (ours === null) throw new Error(`no makefile in ${directory}`)
    const run = { top, directory, makefile: 'Makefile', shell, commandLine, inherited: { MAKELEVEL: '1' } }
    const theirs = await askMake(run)
    // A missing file that a rule makes is made, as far as make can tell, by a shell that does not fail.
    const isMissing = ours.evaluation.includes.some(
      ({ path, found, optional }) => !found && !optional && (shell === 'silent' || ours.rules.target(path) === null),
    )
    if (ours.evaluation.stops.length > 0 || isMissing) stoppedByUs.push(directory)
    if (theirs.failure !== null) {
      stoppedByMake.push(directory)
      continue
    }
    const { compared, unknown, differences } = compareValues(ours.evaluation, theirs)
    facts.compared += compared
    facts.unknown.push(...unknown.map((each) => `${directory} ${each}`))
    facts.differences.push(...differences.map((each) => ({ directory, ...each })))
    const dropped = ourDropped(ours.conditions, ours.rules, (path) => tree.read(path))
    if (JSON.stringify(dropped) !== JSON.stringify(theirs.dropped)) {
      facts.differences.push({ directory, make: theirs.dropped, ours: dropped })
    }
  }
  return { ...facts, stoppedByMake, stoppedByUs }
}

for (const [version, variable, least] of [
  ['6.12', 'KBUILD_REVIEW_TREE_6_12', 4200],
  ['6.1', 'KBUILD_REVIEW_TREE_6_1', 2700],
] as const) {
  describeReal(`the selftests of Linux ${version}`, [variable], (top) => {
    describe.each(['silent', 'answering'] as const)('with a shell that is %s', (shell) => {
      it('have the variables and drop the recipes that GNU make gives and drops, and stop where it stops', async () => {
        const { compared, unknown, differences, stoppedByMake, stoppedByUs } = await compareAll(top, shell)
        expect(differences).toEqual([])
        expect(stoppedByUs).toEqual(stoppedByMake)
        expect(unknown.filter((each) => !each.endsWith(': a tool is asked'))).toEqual([])
        expect(compared).toBeGreaterThan(least)
      })
    })

    it('have known lists, whatever the machine, but for what commands print', () => {
      const tree = diskTree(top)
      const parsed = parseOnce(tree)
      const unknown = directoriesOf(top).flatMap(
        (directory) => evaluateSelftest(tree, directory, { parsed })?.unknown ?? [],
      )
      const reasons = new Set(unknown.map((each) => each.unknown.kind))
      expect([...reasons].filter((kind) => kind !== 'shell' && kind !== 'limit' && kind !== 'external')).toEqual([])
    })

    it('are directories that exist', () => {
      const known = selftestTargets(diskTree(top))
      expect(known?.targets.filter(({ there }) => there !== 'makefile')).toEqual([])
      expect(known?.targets.filter(({ isSkipped }) => isSkipped).map(({ text }) => text)).toContain('bpf')
      expect(known?.unknown).toEqual([])
    })
  })
}
