/**
 * `npm run proof -- NAME [CHECK...]`: shows on the real thing that what an issue asks for holds.
 *
 * Prints a line a check (`series 3 ok: ...`), goes on after a failure and exits 1 where one falls short.
 * A run that was cut off, started again on the same version of the files, does not repeat what held; `--fresh` does.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Check, Outcome, ProofContext } from './proof/check.ts'
import { layOutReference } from './reference.ts'

const root = resolve(import.meta.dirname, '..')
const proofs: Record<string, () => Promise<{ readonly checks: readonly Check[] }>> = {
  bot: () => import('./proof/bot.ts'),
  builds: () => import('./proof/builds.ts'),
  faces: () => import('./proof/faces.ts'),
  model: () => import('./proof/model.ts'),
  rules: () => import('./proof/rules.ts'),
  series: () => import('./proof/series.ts'),
}

type State = { readonly version: string; readonly done: Record<string, Outcome> }

const say = (text: string): void => {
  process.stderr.write(`proof: ${text}\n`)
}

/** What the figures were measured on: the commit, and every file that is not as it is there. */
function versionOf(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  const untracked = git('ls-files', '-z', '--others', '--exclude-standard')
    .split('\0')
    .filter((path) => path !== '')
  const hash = createHash('sha256').update(git('rev-parse', 'HEAD')).update(git('diff', 'HEAD'))
  for (const path of untracked) hash.update(`\0${path}\0`).update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

function readState(path: string, version: string): State {
  if (!existsSync(path)) return { version, done: {} }
  // Written by this script alone; of another version it is ignored.
  const state = JSON.parse(readFileSync(path, 'utf8')) as State
  return state.version === version ? state : { version, done: {} }
}

function writeState(path: string, state: State): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(state, null, 1))
  renameSync(`${path}.new`, path)
}

async function judge(check: Check, context: ProofContext): Promise<Outcome> {
  const started = Date.now()
  try {
    const outcome = await check.run(context)
    return { ...outcome, figure: `${outcome.figure} (${((Date.now() - started) / 1000).toFixed(1)} s)` }
  } catch (error) {
    return { ok: false, figure: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

async function main(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args.filter((word) => word !== '--fresh')
  const load = proofs[name]
  if (!load) {
    say(`usage: npm run proof -- ${Object.keys(proofs).join('|')} [--fresh] [CHECK...]`)
    return 2
  }
  const { checks } = await load()
  const reference = layOutReference(root, process.env, say)
  if (reference === null) {
    say('needs the list archives and kernel trees: KBUILD_REVIEW_SHARED, or ../shared')
    return 1
  }
  const path = join(root, '.kbuild-review', 'proof', `${name}.json`)
  if (args.includes('--fresh')) rmSync(path, { force: true })
  let state = readState(path, versionOf())
  let failed = 0
  for (const check of checks.filter(({ number }) => rest.length === 0 || rest.includes(String(number)))) {
    const earlier = rest.length === 0 ? state.done[check.number] : undefined
    const known = earlier?.ok === true ? earlier : undefined
    if (known === undefined) say(`${name} ${check.number}: ${check.title} ...`)
    const outcome = known ?? (await judge(check, { root, reference, say }))
    if (!outcome.ok) failed += 1
    process.stdout.write(
      `${name} ${check.number} ${outcome.ok ? 'ok' : 'FAILED'}: ${outcome.figure}${known ? ' [judged before, on this version]' : ''}\n`,
    )
    state = { ...state, done: { ...state.done, [check.number]: outcome } }
    writeState(path, state)
  }
  if (rest.length === 0) rmSync(path, { force: true })
  return failed === 0 ? 0 : 1
}

process.exit(await main(process.argv.slice(2)))
