import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { gitEnvironment, type Environment } from '../git/environment.ts'
import { lastLines, runGit } from '../git/run.ts'
import { hookMark, hookScript, keptSuffix, type HookName, type HookProgram } from './hook-script.ts'

/** Where the hooks of a repository are. */
export type HookPlace = {
  /** As git finds it: core.hooksPath, else `hooks` of the directory that all worktrees share. */
  readonly directory: string
  /** The git directory that all worktrees share. */
  readonly common: string
  /** Whether other repositories may have the same hooks: core.hooksPath leads out of this one. */
  readonly shared: boolean
}

export type FoundPlace =
  { readonly kind: 'place'; readonly place: HookPlace } | { readonly kind: 'none'; readonly reason: string }

/** What stands in the place of a hook: nothing, ours, ours with one before it, or somebody else's. */
export type HookState = 'absent' | 'ours' | 'chained' | 'foreign'

/** What became of a hook. `blocked` says why it is left as it was. */
export type HookChange =
  { readonly kind: 'done'; readonly state: HookState } | { readonly kind: 'blocked'; readonly reason: string }

/** Finds the hooks of the repository at or around a directory; `none` where git sees none there. */
export async function findHooks(directory: string, environment: Environment): Promise<FoundPlace> {
  const cwd = resolve(directory)
  // Our own settings would hide the user's core.hooksPath.
  const env = withoutSettings(gitEnvironment(environment, 'user'))
  const asked = ['--git-path', 'hooks', '--git-common-dir', '--show-toplevel']
  const { exitCode, stdout, stderr } = await runGit(['rev-parse', '--path-format=absolute', ...asked], { cwd, env })
  const [hooks = '', common = '', top = ''] = stdout.toString('utf8').split('\n')
  if (exitCode !== 0 && common === '') return { kind: 'none', reason: lastLines(stderr) }
  const shared = ![common, top].some((own) => own !== '' && isWithin(hooks, own))
  return { kind: 'place', place: { directory: hooks, common, shared } }
}

function withoutSettings(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^GIT_CONFIG_(COUNT|KEY_|VALUE_)/.test(name)))
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory + sep)
}

/** What stands in the place of a hook. */
export function hookState({ directory }: HookPlace, name: HookName): HookState {
  const path = join(directory, name)
  if (!isThere(path)) return 'absent'
  if (!isOurs(path)) return 'foreign'
  return isThere(path + keptSuffix) ? 'chained' : 'ours'
}

/**
 * Puts our hook in its place. One that is there keeps its bytes under another name, from where ours runs it first. Doing it again
 * renews ours and leaves the other alone.
 */
export function installHook({ directory }: HookPlace, name: HookName, program: HookProgram): HookChange {
  const path = join(directory, name)
  const kept = path + keptSuffix
  if (isThere(path) && !isOurs(path)) {
    if (isThere(kept)) return { kind: 'blocked', reason: `\`${path}\` is not ours, and \`${kept}\` is there already` }
    renameSync(path, kept)
  }
  mkdirSync(directory, { recursive: true })
  writeFileSync(`${path}.new`, hookScript(name, program))
  chmodSync(`${path}.new`, 0o755)
  renameSync(`${path}.new`, path)
  return { kind: 'done', state: isThere(kept) ? 'chained' : 'ours' }
}

/** Takes our hook away, and puts back the one that was there before it. One that is not ours is left alone. */
export function uninstallHook({ directory }: HookPlace, name: HookName): HookChange {
  const path = join(directory, name)
  const kept = path + keptSuffix
  if (isThere(path) && !isOurs(path)) return { kind: 'blocked', reason: `\`${path}\` is not ours` }
  rmSync(path, { force: true })
  if (isThere(kept)) renameSync(kept, path)
  return { kind: 'done', state: isThere(path) ? 'foreign' : 'absent' }
}

/** A link that leads nowhere is there too, and somebody's. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function isOurs(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'latin1').includes(`\n${hookMark} `)
}
