import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRepository, type FencedRepository } from '../support/git.ts'
import { commandLine } from '../support/command-line.ts'

const makefile = 'drivers/clk/Makefile'
const licence = '# SPDX-License-Identifier: GPL-2.0\n'

const kernel = {
  Makefile: `${licence}SRCARCH := x86\nexport SRCARCH\ninclude $(srctree)/scripts/Kbuild.include\n`,
  Kbuild: `${licence}obj-y += drivers/\n`,
  Kconfig: `${licence}config CLK\n\ttristate "Clocks"\n\thelp\n\t  Clocks of boards.\n`,
  'scripts/Kbuild.include': `${licence}comma := ,\n`,
  'drivers/Makefile': `${licence}obj-y += clk/\n`,
  [makefile]: `${licence}obj-$(CONFIG_CLK) += gate.o\nobj-y += mux.o\n`,
  'drivers/clk/gate.c': '// SPDX-License-Identifier: GPL-2.0\n',
  'drivers/clk/mux.c': '// SPDX-License-Identifier: GPL-2.0\n',
}

let repository: FencedRepository
beforeAll(() => {
  repository = createRepository()
  repository.commit('a small kernel', kernel)
})
afterAll(() => {
  repository.remove()
})

/** Checks a commit that changes files; the branch stays where it was. */
function check(files: Readonly<Record<string, string>>, ...args: string[]): { status: number | null; stdout: string } {
  const message = 'clk: a change of the build\n\nIt is asked for.\n\nSigned-off-by: Ada Author <ada@boards.example>'
  const commit = repository.commit(message, files)
  try {
    const range = `${commit}~1..${commit}`
    const { status, stdout } = spawnSync(
      process.execPath,
      [...commandLine, 'check', '--tree', repository.path, '--range', range, ...args],
      {
        env: { ...repository.environment, XDG_CACHE_HOME: join(repository.path, '..', 'cache') },
        encoding: 'utf8',
      },
    )
    return { status, stdout }
  } finally {
    repository.git('reset', '--quiet', '--hard', 'HEAD~1')
  }
}

describe('what a patch changes in the build', () => {
  const more = {
    [makefile]: `${licence}obj-$(CONFIG_CLK) += gate.o pll.o\nobj-y += mux.o\n`,
    'drivers/clk/pll.c': '// SPDX-License-Identifier: GPL-2.0\n',
  }
  const line = 'new: drivers/clk/pll.o, pll.ko or built-in, when CONFIG_CLK (drivers/clk/Makefile:2)'

  it('is told also where there are no findings', () => {
    const { status, stdout } = check(more)
    expect(stdout).toContain(`\nWhat this patch changes in the build (x86_64):\n  ${line}\n\nno findings\n`)
    expect(status).toBe(0)
  })

  it('is in the document', () => {
    const whole = { archs: ['x86_64'], changes: [{ archs: ['x86_64'], lines: [line] }] }
    const document: unknown = JSON.parse(check(more, '--format', 'json').stdout)
    expect(document).toMatchObject({ changes: { patches: [{ patch: 1, ...whole }], whole } })
  })

  it('is silent where comments, blanks and the order of lines change', () => {
    const same = `${licence}# clocks of boards\nobj-y\t+= \\\n\tmux.o\n\nobj-$(CONFIG_CLK) += gate.o # the gate\n`
    const { status, stdout } = check({ [makefile]: same })
    expect(stdout).toMatch(/\n\nno findings\n$/)
    expect(stdout).not.toContain('changes in the build')
    expect(stdout).not.toContain('not judged')
    expect(status).toBe(0)
  })

  it('is said not to be known of a makefile that would take for ever', () => {
    const lists = Array.from({ length: 200 }, (_, at) => `obj-$(CONFIG_CLK_${at}) += $(call f)\n`)
    const { stdout } = check({ [makefile]: `${licence}f = $(call f)$(call f)\n${lists.join('')}` })
    const why = '`drivers/clk/Makefile` takes too much work to evaluate'
    expect(stdout).toContain(`not judged: build changes of patch 1: ${why}\n`)
    expect(stdout).not.toContain('changes in the build')
  })
})
