import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { runAction, type StepEnded } from '../../../test/support/action-runner.ts'
import { driversMakefile, smallKernel } from '../../../test/support/github/small-kernel.ts'
import { createRepository } from '../../../test/support/git.ts'
import type { Outcome, ProofContext } from '../check.ts'
import { runCommand } from '../run-command.ts'

/**
 * The Action in a container with nothing but the system's programs and an empty home: a clone of the project without packages, as a
 * runner has it, that brings Node and its packages itself.
 */
export async function proveAction({ root, say }: ProofContext): Promise<Outcome> {
  const work = mkdtempSync(join(tmpdir(), 'kbuild-review-action-'))
  const server = createRepository()
  try {
    const project = join(work, 'project')
    await runCommand('git', ['clone', '--quiet', root, project], { cwd: work })
    server.commit('base', smallKernel)
    server.git('checkout', '--quiet', '-b', 'topic')
    server.commit('boards: a comment', { 'drivers/codec.txt': 'none\n' })
    const steps = (name: string): StepEnded => {
      say(`the steps: ${name}`)
      const job = join(work, name)
      mkdirSync(job)
      return runAction({ server, work: job, project, writable: true, path: [] }, { depth: 1 })
    }
    const clean = steps('a good pull request')
    server.commit('boards: build the fuses', { 'drivers/Makefile': driversMakefile('fuses') })
    const faulty = steps('one with a fault')
    const annotations =
      faulty.stdout.match(/^::error file=drivers\/Makefile,line=3,.*title=ko-missing-source::/gm) ?? []
    const brought = clean.stderr.includes('npm ci')
    const ok = clean.status === 0 && brought && faulty.status === 1 && annotations.length === 1
    const ends = `a good pull request ends with ${clean.status ?? 'a signal'}, one with a fault with ${faulty.status ?? 'a signal'} and ${annotations.length} annotation on its line`
    return {
      ok,
      figure: `in a container with an empty home and a clone without packages, a checkout of one commit: ${ends}${ok ? '' : `: ${(clean.stderr + faulty.stderr).slice(-1500)}`}`,
    }
  } finally {
    server.remove()
    removeDirectory(work)
  }
}
