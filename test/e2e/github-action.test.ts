import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { driversMakefile, smallKernel } from '../support/github/small-kernel.ts'
import { createRepository, type FencedRepository } from '../support/git.ts'

const action = resolve(import.meta.dirname, '../../deploy/github-action')
const form = z.strictObject({
  name: z.string(),
  description: z.string(),
  inputs: z.record(z.string(), z.strictObject({ description: z.string(), default: z.string() })),
  runs: z.strictObject({
    using: z.literal('composite'),
    steps: z.array(
      z.strictObject({
        name: z.string(),
        shell: z.literal('bash'),
        env: z.record(z.string(), z.string()),
        run: z.string(),
      }),
    ),
  }),
})

let server: FencedRepository
let work: string
beforeEach(() => {
  server = createRepository()
  server.commit('base', smallKernel)
  server.git('checkout', '--quiet', '-b', 'topic')
  work = mkdtempSync(join(tmpdir(), 'kbuild-review-action-'))
  mkdirSync(join(work, 'home'))
})
afterEach(() => {
  server.remove()
  rmSync(work, { recursive: true, force: true })
})

type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** What a runner does for `on: pull_request`: a checkout by actions/checkout, then the steps, in an environment of their own. */
function runAction({
  depth,
  inputs = {},
}: {
  readonly depth: number
  readonly inputs?: Readonly<Record<string, string>>
}): Ran {
  const head = server.git('rev-parse', 'topic').trim()
  const base = server.git('rev-parse', 'main').trim()
  server.git('update-ref', 'refs/pull/7/head', head)
  const checkout = join(work, 'checkout')
  const shallow = depth === 0 ? [] : [`--depth=${depth}`]
  server.git('clone', '--quiet', ...shallow, '--branch=topic', `file://${server.path}`, checkout)
  const commits = server.git('rev-list', '--count', `${base}..${head}`).trim()
  const definition = form.parse(parse(readFileSync(join(action, 'action.yml'), 'utf8')))
  const event = { number: '7', commits, 'base.sha': base, 'head.sha': head }
  const values = new Map<string, string>([
    ...Object.entries(definition.inputs).map(
      ([name, input]) => [`inputs.${name}`, inputs[name] ?? input.default] as const,
    ),
    ...Object.entries(event).map(([name, value]) => [`github.event.pull_request.${name}`, value] as const),
  ])
  const results = definition.runs.steps.map(({ env, run }): Ran => {
    const given = Object.entries(env).map(([name, text]) => [
      name,
      text.replaceAll(/\$\{\{ (\S+) \}\}/g, (_, key: string) => values.get(key) ?? fail(key)),
    ])
    const runner = {
      PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      HOME: join(work, 'home'),
      TMPDIR: work,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: action,
    }
    // As the runner starts a step with `shell: bash`.
    return spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: checkout,
      encoding: 'utf8',
      env: { ...runner, ...(Object.fromEntries(given) as Record<string, string>) },
    })
  })
  return results.find(({ status }) => status !== 0) ?? results.at(-1) ?? fail('a step')
}

function fail(what: string): never {
  throw new Error(`the runner has no ${what}`)
}

const fuses = { 'drivers/Makefile': driversMakefile('fuses') }
const annotation =
  /^::error file=drivers\/Makefile,line=3,endLine=3,col=25,endColumn=31,title=ko-missing-source::no source and no rule makes `fuses.o`/m

describe('the GitHub Action', { timeout: 120_000 }, () => {
  it.each([
    ['one commit, as it is fetched by default', 1],
    ['the whole history', 0],
  ])('annotates the findings of a pull request in a checkout of %s', (_, depth) => {
    server.commit('codecs: none', { 'drivers/codec.txt': 'none\n' })
    server.commit('boards: build the fuses', fuses)
    const { status, stdout, stderr } = runAction({ depth })
    expect(stderr).toBe('')
    expect(stdout).toMatch(annotation)
    expect(status).toBe(1)
  })

  it('judges the commits of the pull request and no others, and passes where it is told to', () => {
    server.commit('boards: build the fuses', fuses)
    server.git('checkout', '--quiet', '-B', 'main', 'topic')
    server.git('checkout', '--quiet', 'topic')
    server.commit('codecs: none', { 'drivers/codec.txt': 'none\n' })
    const { status, stdout } = runAction({ depth: 1, inputs: { 'fail-on': 'warning' } })
    expect(stdout).not.toContain('::error')
    expect(status).toBe(0)
  })

  it('says what to do where the pull request holds merges', () => {
    server.git('checkout', '--quiet', '-b', 'other', 'main')
    server.commit('codecs: none', { 'drivers/codec.txt': 'none\n' })
    server.git('checkout', '--quiet', 'topic')
    server.commit('boards: build the fuses', fuses)
    server.git('merge', '--quiet', '--no-edit', 'other')
    const { status, stdout } = runAction({ depth: 1 })
    expect(stdout).toContain('fetch-depth: 0')
    expect(status).toBe(2)
  })

  it('says that it is for pull requests', () => {
    server.commit('boards: build the fuses', fuses)
    const { status, stdout } = spawnSync(join(action, 'review.sh'), {
      cwd: server.path,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '' },
    })
    expect(stdout).toContain('::error title=kbuild-review::this is no event of a pull request')
    expect(status).toBe(2)
  })
})
