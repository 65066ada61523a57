import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { rules } from '../../rules/index.ts'
import { demoKernel } from '../support/demo-kernel.ts'
import { createRepository, type FencedRepository } from '../support/git.ts'
import { writeMail } from '../support/mails.ts'
import { addToMirror } from '../support/mirror.ts'
import { commandLine } from '../support/command-line.ts'

let top: string
let tree: FencedRepository
let config: string
/** The mail of a patch that the rules have something to say of. */
let patchMail: (id: string, title: string) => string

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'kbuild-review-bot-e2e-'))
  tree = createRepository()
  const files = demoKernel()
  const base = tree.commit('boards: begin', files)
  const makefile = files['drivers/boards/Makefile'] ?? ''
  const rule =
    'quiet_cmd_list = NM $@\n      cmd_list = nm $< > $@\n$(obj)/list: $(obj)/core.o FORCE\n\t$(call if_changed,list)\n'
  const commit = tree.commit('change', { 'drivers/boards/Makefile': `${makefile}always-y += list\n${rule}` })
  const diff = tree.git('show', '--format=', commit)
  tree.git('reset', '--quiet', '--hard', base)
  const now = Date.now() - 3_600_000
  const body = `More boards.\n\nSigned-off-by: Ada Byron <ada@example.org>\n---\n${diff}--\n2.40\n\nbase-commit: ${base}\n`
  patchMail = (id, title) =>
    writeMail({ id, subject: `[PATCH] ${title}`, date: now, headers: ['To: boards@lists.example.org'], body })
  addToMirror(join(top, 'boards'), 0, [{ kind: 'mail', mail: patchMail('v1@x', 'boards: more'), postedAt: now }])
  config = join(top, 'config.yaml')
  writeFileSync(
    config,
    `tree: ${tree.path}
reply: { from: Kbuild review <review@example.org> }
bot:
  state: ${join(top, 'state', 'state.sqlite')}
  drafts: ${join(top, 'drafts')}
  schedule: '* * * * * *'
  lists:
    boards@lists.example.org: { archive: ${join(top, 'boards')} }
`,
  )
})
afterAll(() => {
  tree.remove()
  removeDirectory(top)
})

const env = () => ({ ...tree.environment, XDG_CACHE_HOME: join(top, 'cache') })
/** Runs a command line; gives its exit status and output. */
const run = (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolveRun) => {
    execFile(process.execPath, [...commandLine, ...args], { env: env(), cwd: top }, (error, out, err) => {
      resolveRun({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
const withConfig = (...args: readonly string[]) => run(...args, '--config', config)

// a command line starts within seconds, on a busy machine each of them
const slow = { timeout: 120_000 }

describe('the bot on the command line', slow, () => {
  it('reads the lists, judges and drafts, and says so', async () => {
    const first = await withConfig('bot', 'once', '--preview')
    expect(first).toMatchObject({ code: 0, out: '1 mails read, 1 series judged, 1 replies laid out, 0 sent\n' })
    expect(first.err).toMatch(
      /^time=\S+Z event=series-judged series=v1@x version=1 verdict=findings findings=\d+ replies=1/m,
    )
    const [name = ''] = readdirSync(join(top, 'drafts', 'new'))
    expect(readFileSync(join(top, 'drafts', 'new', name), 'utf8')).toMatch(/^> \+ {6}cmd_list = nm /m)
    const second = await withConfig('bot', 'once', '--preview')
    expect(second.out).toBe('0 mails read, 0 series judged, 0 replies laid out, 0 sent\n')
  })

  it('shows what waits, and obeys the person who looks at it', async () => {
    const { out } = await withConfig('outbox', 'list')
    const id = /(kr\.\S+)/.exec(out)?.[1] ?? ''
    expect(out).toMatch(/^drafted {3}kr\.\w{10} {2}ada@example\.org {2}Re: \[PATCH\] boards: more {2}\(/)
    expect((await withConfig('outbox', 'show', id)).out).toMatch(/^In-Reply-To: <v1@x>$/m)
    expect(await withConfig('outbox', 'approve', id)).toMatchObject({ code: 0 })
    expect(await withConfig('outbox', 'approve', id)).toMatchObject({
      code: 2,
      err: expect.stringContaining('is approved') as string,
    })
    expect(await withConfig('outbox', 'drop', id, '--why', 'not now')).toMatchObject({ code: 0 })
    expect((await withConfig('outbox', 'list')).out).toBe('')
    const all = await withConfig('outbox', 'list', '--all', '--format', 'json')
    expect(JSON.parse(all.out)).toMatchObject([
      { state: 'dropped', detail: expect.stringMatching(/: not now$/) as string },
    ])
    expect(await withConfig('outbox', 'show', 'kr.none')).toMatchObject({ code: 2 })
  })

  it('says how it fares', async () => {
    const { out, code } = await withConfig('bot', 'status')
    expect({ out, code }).toEqual({
      code: 0,
      out: 'list boards@lists.example.org: read\nwork: assemble: 1 done\nwork: judge: 1 done\nreplies: 1 dropped\n',
    })
  })

  it('runs until SIGTERM, and ends cleanly within 10 seconds', async () => {
    const child = spawn(process.execPath, [...commandLine, 'bot', 'run', '--config', config], { env: env(), cwd: top })
    let log = ''
    let isStopped = false
    let asked = 0
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8')
      if (isStopped || !/event=pass .*mails=0/.test(log)) return
      isStopped = true
      asked = performance.now()
      child.kill('SIGTERM')
    })
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
    expect(log).toMatch(/event=started.*\n[^]*event=pass [^]*event=stopped\n$/)
    expect(performance.now() - asked).toBeLessThan(10_000)
  })

  it('judges by the rules that the configuration has at the moment', async () => {
    const own = join(top, 'changing.yaml')
    const text = readFileSync(config, 'utf8').replace('state.sqlite', 'changing.sqlite')
    writeFileSync(own, text)
    const child = spawn(process.execPath, [...commandLine, 'bot', 'run', '--config', own], { env: env(), cwd: top })
    let log = ''
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString('utf8')))
    try {
      await expect.poll(() => log, { timeout: 60_000 }).toMatch(/event=series-judged series=v1@x .*verdict=findings/)
      writeFileSync(own, `rules: { disable: [${rules.map(({ id }) => id).join(', ')}] }\n${text}`)
      const mail = patchMail('other@x', 'boards: still more')
      addToMirror(join(top, 'boards'), 0, [{ kind: 'mail', mail, postedAt: Date.now() }])
      await expect.poll(() => log, { timeout: 60_000 }).toMatch(/event=series-judged series=other@x .*findings=0/)
    } finally {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  })

  it('names the file and the line of a configuration that is wrong, and what is missing', async () => {
    const text = readFileSync(config, 'utf8')
    const wrong = (name: string, content: string): string => {
      writeFileSync(join(top, name), content)
      return join(top, name)
    }
    const [key, none, broken, option] = await Promise.all([
      run('bot', 'once', '--config', wrong('wrong.yaml', text.replace('{ archive', '{ sent: auto, archive'))),
      run('outbox', 'list', '--config', wrong('none.yaml', 'fail-on: error\n')),
      run(
        'bot',
        'status',
        '--config',
        wrong('broken.yaml', text.replace(/state: .*/, `state: ${import.meta.filename}`)),
      ),
      run('bot', 'once', '--sideways'),
    ])
    expect(key).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /wrong\.yaml:8: bot: lists: boards@lists\.example\.org: Unrecognized key: "sent"/,
      ) as string,
    })
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('has no `bot`') as string })
    expect(broken).toMatchObject({ code: 2, err: expect.stringContaining('cannot use the state') as string })
    expect(option).toMatchObject({ code: 2 })
  })
})
