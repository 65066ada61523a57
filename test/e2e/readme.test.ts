import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { layOutArchive, layOutTree } from '../../scripts/demo/lay-out.ts'
import { commandLine, homeIn } from '../support/command-line.ts'

const root = resolve(import.meta.dirname, '../..')
const readme = join(root, 'README.md')

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-readme-'))
  layOutArchive(join(root, 'demo', 'mails'), join(work, 'linux-boards'))
  const tree = layOutTree(join(root, 'demo', 'tree'), join(work, 'linux'))
  const mails = readdirSync(join(root, 'demo', 'mails')).filter(
    (name) => name.includes('v2-000') && !/cover|re-/.test(name),
  )
  const env = {
    ...process.env,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_COMMITTER_DATE: '2025-03-05T00:00:00Z',
  }
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', tree, '-c', 'user.name=demo', '-c', 'user.email=demo@kernel.example', ...args], {
      env,
      stdio: 'ignore',
    })
  }
  git('am', ...mails.map((name) => join(root, 'demo', 'mails', name)))
  git('tag', 'v2')
})
afterAll(() => {
  removeDirectory(work)
})

function review(args: readonly string[]): string {
  return spawnSync(process.execPath, [...commandLine, ...args], { cwd: work, env: homeIn(work), encoding: 'utf8' })
    .stdout
}

/** A rule more is no reason to write the reply anew: what it says of the number of rules does not count, nor how that line wraps. */
function withoutCount(text: string): string {
  return text.replace(/\d+ rules on[ \n]the/, 'the rules on the')
}

/** Compares a block of README.md with what it should hold; UPDATE=1 writes it. */
function checkBlock(before: string, actual: string): void {
  const text = readFileSync(readme, 'utf8')
  const start = text.indexOf(before) + before.length
  const end = text.indexOf('```', start)
  if (process.env['UPDATE'] === '1') writeFileSync(readme, text.slice(0, start) + actual + text.slice(end))
  else expect(withoutCount(text.slice(start, end))).toBe(withoutCount(actual))
}

describe('README.md', () => {
  const commands = [...readFileSync(readme, 'utf8').matchAll(/<!-- run -->\n```console\n(\$ kbuild-review (.*)\n)/g)]

  it('has commands to run', () => {
    expect(commands.length).toBeGreaterThan(1)
  })

  it.each(commands.map(([block = '', , args = '']) => ({ block, args })))(
    'shows what `kbuild-review $args` prints',
    ({ block, args }) => {
      checkBlock(block, review(args.split(' ')))
    },
  )

  it('shows a reply as it would be mailed', () => {
    const id = '20250304090700.7120-3-nils@boards.example'
    const mails = review([
      'check',
      '--tree',
      'linux',
      '--base',
      'v2~3',
      '--archive',
      'linux-boards',
      '--message-id',
      id,
      '--format',
      'mail',
      '--preview',
    ])
    const [, mail = ''] = mails.split(/^From mboxrd@z .*\n/m).filter((each) => each !== '')
    const shown = mail.replace(
      /^(Message-ID|Date|X-Kbuild-Review-Run|MIME-Version|Content-.*|Auto-Submitted): .*\n/gm,
      '',
    )
    checkBlock('<!-- reply -->\n```text\n', `${shown.trimEnd()}\n`)
  })

  it('links to files that are there', () => {
    const links = [...readFileSync(readme, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path)
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('names every dependency with its reason', () => {
    const parsed: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const { dependencies } = parsed as { dependencies: Record<string, string> } // our own file
    const table = readFileSync(readme, 'utf8').split('| dependency | for |')[1] ?? ''
    expect(Object.keys(dependencies).filter((name) => !table.includes(name))).toEqual([])
  })
})
