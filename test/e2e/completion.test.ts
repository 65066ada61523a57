import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { commandLine } from '../support/command-line.ts'

const timeout = 120_000

function review(...args: string[]): string {
  return spawnSync(process.execPath, [...commandLine, ...args], { encoding: 'utf8' }).stdout
}

function found(program: string): boolean {
  return spawnSync(program, ['--version']).error === undefined
}

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-completion-'))
})
afterAll(() => {
  removeDirectory(work)
})

describe('completion bash', { timeout }, () => {
  let script = ''
  beforeAll(() => {
    script = join(work, 'completion.bash')
    writeFileSync(script, review('completion', 'bash'))
  }, timeout)

  /** What bash would offer for the last word of a command line. */
  const offered = (...words: string[]): readonly string[] => {
    const line = ['kbuild-review', ...words].map((word) => `'${word}'`).join(' ')
    const ask = `source ${script}; COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _kbuild_review; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', ask], { cwd: work, encoding: 'utf8' })
    expect(stderr).toBe('')
    return stdout.split('\n').slice(0, -1)
  }

  it('offers commands, commands below commands, and their options', () => {
    expect(offered('che')).toEqual(['check'])
    expect(offered('hook', '')).toEqual(expect.arrayContaining(['install', 'uninstall', 'status']))
    expect(offered('hook', '')).not.toContain('serve')
    expect(offered('hook', 'install', '--on')).toEqual(['--once'])
    expect(offered('check', '--require')).toEqual(['--require-base'])
  })

  it('offers the values of options, however they are written, and rules and files where they are wanted', () => {
    expect(offered('check', '--format', 's')).toEqual(['sarif'])
    expect(offered('check', '--format', '=', 's')).toEqual(['sarif'])
    expect(offered('explain', 'kc-if-changed-no')).toContain('kc-if-changed-no-force')
    expect(offered('check', 'compl')).toEqual(['completion.bash'])
    expect(offered('check', '--config', 'compl')).toEqual(['completion.bash'])
  })
})

describe.skipIf(!found('zsh'))('completion zsh (skipped where there is no zsh)', { timeout }, () => {
  it('is a script that zsh reads', () => {
    const script = join(work, '_kbuild-review')
    writeFileSync(script, review('completion', 'zsh'))
    const { status, stderr } = spawnSync('zsh', ['-f', '-n', script], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})

describe.skipIf(!found('fish'))('completion fish (skipped where there is no fish)', { timeout }, () => {
  it('offers commands below commands, and the values of options', () => {
    const script = join(work, 'completion.fish')
    writeFileSync(script, review('completion', 'fish'))
    const offered = (line: string): string =>
      spawnSync('fish', ['--no-config', '-c', `source ${script}; complete -C '${line}'`], {
        cwd: work,
        encoding: 'utf8',
      }).stdout
    expect(offered('kbuild-review hook ')).toMatch(/^install\t/m)
    expect(offered('kbuild-review check --format s')).toMatch(/^sarif$/m)
  })
})

describe.skipIf(!found('groff'))('man (skipped where there is no groff)', { timeout }, () => {
  it('is a page that groff has nothing against, with every command and its options', () => {
    const page = review('man')
    const checked = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-c', '-rLL=200n'], {
      input: page,
      encoding: 'utf8',
    })
    expect({ status: checked.status, stderr: checked.stderr }).toEqual({ status: 0, stderr: '' })
    const text = checked.stdout.replaceAll(/.\u0008/g, '')
    for (const wanted of ['check [file...]', 'hook install', '--require-base', 'explain <rule>', 'EXIT STATUS'])
      expect(text).toContain(wanted)
  })
})
