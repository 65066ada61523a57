import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { createFacts } from '../review/facts.ts'
import { hears } from '../review/level.ts'
import type { Rule } from '../review/rule.ts'
import { ignoreCommentRule, type IgnoredPaths } from '../review/suppression.ts'
import type { OpenOptions, Repository } from '../git/repository.ts'
import { loadConfig, type Config } from '../app/config.ts'
import { openKernel, type Surroundings } from '../app/wire.ts'
import { openModels, type KeptModels } from '../app/kept-models.ts'
import type { Facts } from '../review/facts.ts'
import { rules as allRules } from '../../rules/index.ts'
import { levelOf } from '../../rules/levels.ts'
import { cacheDirectory } from './cache.ts'
import { UsageError } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** The flags that every command that reads a tree has. */
export type TreeFlags = { readonly tree?: string; readonly config?: string; readonly preview?: boolean }

/** What such a command works with. Close it. */
export type Session = {
  readonly config: Config
  readonly repository: Repository
  readonly rules: readonly Rule[]
  /** What the configuration keeps from being told. */
  readonly ignored: IgnoredPaths
  readonly facts: Facts
  readonly models: KeptModels
  /** Whether a rule may speak on a list; with --preview any. */
  readonly speaks: (rule: string) => boolean
  readonly surroundings: Surroundings
  close(): Promise<void>
}

/** The environment, cache and clock that adapters get. */
export function surroundingsOf(terminal: Terminal): Surroundings {
  return { env: terminal.env, cacheDirectory: cacheDirectory(terminal.env), clock: Date.now }
}

/** How a session's tree is opened. */
export type OpenSession = Pick<OpenOptions, 'readsLate'>

/** Reads the configuration and opens the tree; throws `UsageError` where either is not to be had. */
export async function openSession(flags: TreeFlags, terminal: Terminal, options: OpenSession = {}): Promise<Session> {
  const surroundings = surroundingsOf(terminal)
  const config = readConfig(flags, terminal)
  const directory = flags.tree ?? config.tree ?? terminal.cwd
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`\`${directory}\` is no directory; name a kernel tree with --tree`)
  const opened = await openKernel(directory, surroundings, options)
  if (opened.kind === 'none') throw new UsageError(`${opened.reason}; name a kernel tree with --tree`)
  const { repository } = opened
  const models = openModels(repository, surroundings)
  return {
    ...chosenBy(flags, config),
    repository,
    facts: createFacts({ model: models.model }),
    models,
    surroundings,
    close: () => repository.close(),
  }
}

/** A session for other flags on what one has read already. Closing it closes nothing. */
export function sessionLike(kept: Session, flags: TreeFlags, terminal: Terminal): Session {
  return { ...kept, ...chosenBy(flags, readConfig(flags, terminal)), close: () => Promise.resolve() }
}

/** What flags and configuration say of a session. */
export function chosenBy(flags: TreeFlags, config: Config): Pick<Session, 'config' | 'rules' | 'ignored' | 'speaks'> {
  return {
    config,
    rules: [...rulesFor(config, flags), ignoreCommentRule(allRules.map(({ id }) => id))],
    ignored: config.rules.ignore,
    speaks: (rule) => hears(flags.preview === true ? 'preview' : 'mail', levelOf(rule)),
  }
}

/** The rules that are not switched off, and speak to who runs this; with --preview those too that wait to be asked. */
function rulesFor(config: Config, { preview = false }: TreeFlags): readonly Rule[] {
  const listener = preview ? 'preview' : 'local'
  return allRules.filter(({ id }) => !config.rules.disable.includes(id) && hears(listener, levelOf(id)))
}

/** The configuration that the flags name or that applies here; throws `UsageError`, with file and line, where it is wrong. */
export function readConfig(flags: TreeFlags, terminal: Terminal): Config {
  const loaded = loadConfig({
    given: flags.config ?? null,
    startDirectory: resolve(terminal.cwd, flags.tree ?? '.'),
    env: terminal.env,
    knownRules: allRules.map(({ id }) => id),
  })
  if (loaded.kind === 'bad') throw new UsageError(loaded.problems.join('\n'))
  return loaded.config
}
