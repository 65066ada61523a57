import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { layOutArchive, layOutTree } from '../../scripts/demo/lay-out.ts'
import { commandLine, homeIn } from '../support/command-line.ts'

const root = resolve(import.meta.dirname, '../..')
const mails = join(root, 'demo', 'mails')
const firstId = '20250304090600.7120-2-nils@boards.example'

let work = ''
let tree = ''
let archive = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-cli-'))
  tree = layOutTree(join(root, 'demo', 'tree'), join(work, 'tree'))
  archive = layOutArchive(mails, join(work, 'linux-boards'))
})
afterAll(() => {
  removeDirectory(work)
})

type Options = { readonly input?: string | Buffer; readonly env?: Record<string, string>; readonly cwd?: string }

/** Runs the command line as a user would, in a home of its own. */
function run(args: readonly string[], { input = '', env = {}, cwd = work }: Options = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...commandLine, ...args], {
    cwd,
    input,
    env: { ...homeIn(work), ...env },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('kbuild-review check', () => {
  it('reviews a directory of mails and exits 1 on findings', () => {
    const { status, stdout } = run(['check', mails, '--tree', tree])
    expect(stdout).toContain('drivers/boards/Makefile:10')
    expect(stdout).toContain('[kc-if-changed-no-force]')
    expect(stdout).not.toContain('\u001b')
    expect(status).toBe(1)
  })

  it('finds the whole series of one mail in an archive', () => {
    const { status, stdout } = run([
      'check',
      '--message-id',
      `<${firstId}>`,
      '--archive',
      archive,
      '--tree',
      tree,
      '--format',
      'json',
    ])
    const review: unknown = JSON.parse(stdout)
    expect(review).toMatchObject({
      schema: 1,
      series: {
        version: 2,
        missing: [],
        patches: [
          { index: 1, how: 'clean' },
          { index: 2, how: 'clean' },
          { index: 3, how: 'clean' },
        ],
      },
      base: { how: 'base-commit', certain: true },
      applied: true,
    })
    expect(status).toBe(1)
  })

  it('refuses a base-commit that is not there only where that is asked for', () => {
    const mail = readFileSync(join(mails, '01-v1-generate-the-table.eml'), 'utf8').replace(
      /^-- $/m,
      `base-commit: ${'ab'.repeat(20)}\n-- `,
    )
    const guessed = run(['check', '-', '--tree', tree, '--format', 'json'], { input: mail })
    expect(JSON.parse(guessed.stdout)).toMatchObject({ applied: true, base: { certain: false } })
    const refused = run(['check', '-', '--tree', tree, '--require-base'], { input: mail })
    expect(refused.stdout).toContain('the base-commit abababababab of the mails is not in the repository')
    expect(refused.status).toBe(3)
  })

  it('reads standard input, and exits 3 for one patch of three, whatever --fail-on says of findings', () => {
    const input = readFileSync(join(mails, '02-v2-0001-generate-the-table.eml'))
    const { status, stdout } = run(['check', '-', '--tree', tree, '--fail-on', 'never'], { input })
    expect(stdout).toContain('[kc-if-changed-no-force]')
    expect(status).toBe(3)
  })

  it('prints what it suggests as a diff for the patch that is at fault', () => {
    const { status, stdout } = run(['check', mails, '--tree', tree, '--format', 'diff'])
    expect(stdout).toMatch(
      /^On top of patch \d+, .+:\n\ndiff --git a\/drivers\/boards\/Makefile b\/drivers\/boards\/Makefile\n/m,
    )
    expect(stdout).toMatch(/^\+.* FORCE$/m)
    expect(status).toBe(1)
  })

  it('colours only where it is asked to', () => {
    expect(run(['check', mails, '--tree', tree], { env: { FORCE_COLOR: '1' } }).stdout).toContain('\u001b[')
    expect(run(['check', mails, '--tree', tree], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout).not.toContain(
      '\u001b[',
    )
  })

  it('drafts each reply once, and leaves nothing in the tree or the temporary directory', () => {
    const config = join(work, 'reply.yaml')
    writeFileSync(config, 'reply:\n  from: Review <review@boards.example>\n  cc: [linux-boards@lists.example]\n')
    const outbox = join(work, 'outbox')
    mkdirSync(join(work, 'cache'), { recursive: true })
    const before = spawnSync('find', [tree], { encoding: 'utf8' }).stdout
    const around = readdirSync(work)
    const args = [
      'check',
      '--message-id',
      firstId,
      '--archive',
      archive,
      '--tree',
      tree,
      '--config',
      config,
      '--outbox',
      outbox,
      '--preview',
    ]
    run(args)
    run(args)
    const drafted = readdirSync(join(outbox, 'new'))
    const findings = JSON.parse(run([...args, '--format', 'json']).stdout) as {
      findings: { patch: number; severity: string }[]
    }
    const answered = new Set(findings.findings.filter(({ severity }) => severity !== 'info').map(({ patch }) => patch))
    expect(drafted).toHaveLength(answered.size)
    expect(readFileSync(join(outbox, 'new', drafted[0] ?? ''), 'utf8')).toContain('Auto-Submitted: auto-generated')
    expect(spawnSync('find', [tree], { encoding: 'utf8' }).stdout).toBe(before)
    expect(readdirSync(work).filter((name) => name !== 'outbox')).toEqual(around)
  })

  it('refuses to draft without an identity', () => {
    const { status, stderr } = run(['check', mails, '--tree', tree, '--outbox', join(work, 'nobody')])
    expect(stderr).toContain('reply.from')
    expect(status).toBe(2)
    expect(existsSync(join(work, 'nobody'))).toBe(false)
  })

  it.each([
    [['check'], 'name what to check'],
    [['check', '/nowhere', '--tree', '.'], 'no git repository'],
    [['check', '--message-id', 'x@y'], 'no git repository'],
    [['check', '--formta', 'json'], 'unknown option'],
    [['chekc'], 'unknown command'],
    [['explain', 'no-such-rule'], 'there is no rule `no-such-rule`'],
    [['backtest', '--out', 'x'], '--archive'],
  ])('exits 2 on %j', (args, message) => {
    const { status, stderr } = run(args)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(status).toBe(2)
  })

  it('exits 2 and names what is missing where the file or archive is not there', () => {
    expect(run(['check', join(work, 'no.mbox'), '--tree', tree])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no.mbox') as string,
    })
    expect(run(['check', '--message-id', firstId, '--archive', join(work, 'none'), '--tree', tree])).toMatchObject({
      status: 2,
    })
    expect(run(['check', '--message-id', 'no@where', '--archive', archive, '--tree', tree])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no@where') as string,
    })
  })

  it('exits 2 with one line where the tree or the base is not there', () => {
    const nowhere = join(work, 'no-such-tree')
    expect(run(['check', mails, '--tree', nowhere])).toMatchObject({
      status: 2,
      stderr: `kbuild-review: \`${nowhere}\` is no directory; name a kernel tree with --tree\n`,
    })
    expect(run(['check', mails, '--tree', tree, '--base', 'no-such-base'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'kbuild-review: --base: the tree has no commit `no-such-base`\n',
    })
  })

  it('looks for the configuration above a tree that is named by a relative path', () => {
    const above = join(work, 'above')
    layOutTree(join(root, 'demo', 'tree'), join(above, 'tree'))
    writeFileSync(join(above, '.kbuild-review.yaml'), 'fail-on: sometimes\n')
    const { status, stderr } = run(['lint', '--tree', '.'], { cwd: join(above, 'tree') })
    expect(stderr).toContain('.kbuild-review.yaml:1: fail-on: ')
    expect(status).toBe(2)
  })

  it('exits 3 on what holds no patch', () => {
    expect(run(['check', '-', '--tree', tree], { input: 'hello\n' })).toMatchObject({ status: 3, stdout: '' })
  })
})

describe('a reader that goes away', () => {
  it('changes neither the verdict nor what is put away', async () => {
    const temporary = mkdtempSync(join(work, 'tmp-'))
    const args = [...commandLine, 'check', mails, '--tree', tree]
    const env = { ...homeIn(work), TMPDIR: temporary }
    const child = spawn(process.execPath, args, { cwd: work, env, stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.destroy()
    const [status] = (await once(child, 'exit')) as [number | null] // as the event is documented
    expect(status).toBe(1)
    expect(readdirSync(temporary)).toEqual([])
  })
})

describe('kbuild-review', () => {
  it('documents the exit status, and every command in --help', () => {
    const { status, stdout } = run(['--help'])
    expect(status).toBe(0)
    for (const word of ['check', 'lint', 'backtest', 'rules', 'explain', 'doctor', 'Exit status'])
      expect(stdout).toContain(word)
  })

  it('says what works here', () => {
    const { status, stdout } = run(['doctor', '--tree', tree, '--format', 'json'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ what: 'git', state: 'ok' }))
  })

  it('looks at the tree around the current directory', () => {
    expect(run(['doctor'], { cwd: join(tree, 'drivers') }).stdout).toContain(`kernel tree: ${tree}`)
    expect(run(['doctor']).stdout).toContain('kernel tree: none here')
  })

  it('explains every rule that it lists', () => {
    const rules = JSON.parse(run(['rules', '--format', 'json']).stdout) as { id: string }[]
    expect(rules.length).toBeGreaterThan(0)
    expect(run(['explain', rules[0]?.id ?? '']).stdout).toContain(rules[0]?.id)
  })

  it('lists each rule with its family, page, cases and the level that it has earned', () => {
    const rules = JSON.parse(run(['rules', '--format', 'json']).stdout) as { id: string; cases: number }[]
    expect(rules.filter(({ cases }) => cases < 2)).toEqual([])
    expect(rules.find(({ id }) => id === 'pr-unrelated-hunk')).toMatchObject({
      family: 'process',
      scope: 'change',
      severity: 'info',
      level: 'preview',
      since: '0.1.0',
      page: 'rules/pr-unrelated-hunk/README.md',
      precision: { true: expect.any(Number) as number, false: expect.any(Number) as number },
    })
    expect(run(['explain', 'pr-unrelated-hunk']).stdout).toMatch(/^level: preview \(.+\)$/m)
  })

  it('does not tell what the configuration keeps silent, and says so where it is asked', () => {
    const config = join(work, 'ignore.yaml')
    writeFileSync(config, 'rules:\n  ignore:\n    kc-if-changed-no-force: [drivers/boards/]\n')
    const { stdout } = run(['check', mails, '--tree', tree, '--config', config, '--explain'])
    expect(stdout).not.toMatch(/error: .*\[kc-if-changed-no-force\]/)
    expect(stdout).toMatch(/not told: .* \(the configuration says so\) \[kc-if-changed-no-force\]/)
    writeFileSync(config, 'rules:\n  ignore:\n    kc-if-changed-no-farce: [drivers/boards/]\n')
    const slip = run(['check', mails, '--tree', tree, '--config', config])
    expect(slip).toMatchObject({ status: 2 })
    expect(slip.stderr).toContain(`${config}:3: there is no rule \`kc-if-changed-no-farce\``)
  })

  it('lints a tree and a part of it', () => {
    expect(run(['lint', '--tree', tree, '--format', 'json'])).toMatchObject({ status: 0 })
    expect(run(['lint', './drivers/', '--tree', tree]).stdout).toMatch(/in 3 files/)
    expect(run(['lint', 'no/such', '--tree', tree])).toMatchObject({ status: 2 })
  })

  it('replays an archive, and goes on where it was cut off', () => {
    const out = join(work, 'bt.jsonl')
    const args = [
      'backtest',
      '--archive',
      archive,
      '--tree',
      tree,
      '--since',
      '2025-03-01',
      '--until',
      '2025-04-01',
      '--out',
      out,
    ]
    expect(run(args)).toMatchObject({ status: 0 })
    const whole = readFileSync(out, 'utf8')
    const lines = whole
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { messageId: string; applies: string })
    expect(lines.map(({ applies }) => applies)).toEqual(['clean', 'clean', 'clean', 'clean'])
    writeFileSync(out, whole.slice(0, whole.indexOf('\n') + 40))
    expect(run(args)).toMatchObject({ status: 0 })
    const again = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { messageId: string })
    expect(again.map(({ messageId }) => messageId)).toEqual(lines.map(({ messageId }) => messageId))
  })

  it('measures the findings that were read, and refuses a table that nobody can read', () => {
    const [out, judged, precision] = ['measured.jsonl', 'judged.tsv', 'precision.json'].map((name) => join(work, name))
    if (out === undefined || judged === undefined || precision === undefined) return expect.unreachable()
    const window = ['--since', '2025-03-01', '--until', '2025-04-01', '--out', out]
    const measure = ['--judged', judged, '--precision', precision, '--window', '2025-03']
    const args = ['backtest', '--archive', archive, '--tree', tree, ...window]
    expect(run([...args, '--judged', judged])).toMatchObject({ status: 2 })
    writeFileSync(judged, 'one column\n')
    expect(run([...args, ...measure]).stderr).toContain(`${judged}:1: 11 columns`)
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
    const findings = lines.flatMap(
      (line) => (JSON.parse(line) as { findings: { rule: string; key: string }[] }).findings,
    )
    const [read] = findings.filter(({ rule }) => rule === 'kc-if-changed-no-force')
    writeFileSync(judged, ['2025-03', 's', 1, 'p', 1, read?.rule, read?.key, 'true', '-', '-', 'it is'].join('\t'))
    expect(run([...args, ...measure])).toMatchObject({ status: 0 })
    const others = new Set(findings.filter(({ rule }) => rule === 'cc-host-target-mix').map(({ key }) => key))
    expect(JSON.parse(readFileSync(precision, 'utf8'))).toMatchObject({
      windows: {
        '2025-03': {
          judged: 4,
          rules: {
            'kc-if-changed-no-force': { true: 1, false: 0 },
            'cc-host-target-mix': { true: 0, false: 0, unjudged: others.size },
          },
        },
      },
    })
  })
})
