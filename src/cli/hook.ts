import { Command, Option } from 'commander'
import { join } from 'node:path'
import { loadConfig } from '../app/config.ts'
import { answerHook, type HookAnswer, type HookRequest } from '../app/hook-answer.ts'
import {
  findHooks,
  hookState,
  installHook,
  uninstallHook,
  type HookChange,
  type HookPlace,
} from '../app/hook-install.ts'
import { hookNames, type HookName } from '../app/hook-script.ts'
import { hookSocket, isServed, readHookRequest, serveHooks, stopService } from '../app/hook-service.ts'
import { createAmMemory } from '../app/judge-am.ts'
import { worktreeRun } from '../app/staged-tree.ts'
import { packageRoot } from '../app/package.ts'
import { openMailParser } from '../app/wire.ts'
import { rules as allRules } from '../../rules/index.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { fails } from './fail-on.ts'
import { treeOption } from './options.ts'
import { answerLint, type ResidentAnswer } from './resident-lint.ts'
import { openSession, type Session } from './session.ts'
import { readStandardInput } from './standard-input.ts'
import type { Terminal } from './terminal.ts'

type Finish = (code: ExitCode) => void
type Kind = keyof typeof hookNames

/** How long the judge stays in memory after the last patch (milliseconds). */
const idleMs = 10 * 60_000

/** `hook`: the git hooks of a repository. */
export function hookCommand(terminal: Terminal, finish: Finish): Command {
  const command = new Command('hook').description(
    'put the hooks of `git am`, `git commit` and `git push` into a repository, take them away, say what is there',
  )
  command.addCommand(installCommand(terminal, finish))
  command.addCommand(uninstallCommand(terminal, finish))
  command.addCommand(statusCommand(terminal, finish))
  command.addCommand(serveCommand(terminal, finish), { hidden: true })
  command.addCommand(judgeCommand(terminal, finish), { hidden: true })
  return command
}

/** `--for am|commit|push`. */
function kindsOption(): Option {
  return new Option('--for <what...>', 'which hooks: those of `git am`, of `git commit`, or of `git push`').choices(
    Object.keys(hookNames),
  )
}

type InstallFlags = {
  readonly tree?: string
  readonly for: readonly Kind[]
  readonly once?: true
  readonly shared?: true
}

function installCommand(terminal: Terminal, finish: Finish): Command {
  return new Command('install')
    .description('install the hooks; a hook that is there runs before ours, and comes back with `uninstall`')
    .addOption(treeOption())
    .addOption(kindsOption().default(['am']))
    .option('--once', 'leave no process behind: each patch then takes seconds')
    .option('--shared', 'also where core.hooksPath leads out of the repository, to hooks that others may share')
    .action(async (flags: InstallFlags) => {
      const place = await placeOf(flags.tree, terminal)
      if (place.shared && flags.shared !== true)
        throw new UsageError(
          `core.hooksPath is \`${place.directory}\`, out of this repository: --shared installs there`,
        )
      const program = {
        node: process.execPath,
        client: join(packageRoot(), 'bin', 'kbuild-review-hook.mjs'),
        resident: flags.once !== true,
      }
      finish(await change(flags.for, terminal, (name) => installHook(place, name, program)))
    })
}

type UninstallFlags = { readonly tree?: string; readonly for?: readonly Kind[] }

function uninstallCommand(terminal: Terminal, finish: Finish): Command {
  return new Command('uninstall')
    .description('take our hooks away, and put back those that were there before')
    .addOption(treeOption())
    .addOption(kindsOption())
    .action(async (flags: UninstallFlags) => {
      const place = await placeOf(flags.tree, terminal)
      await stopService(place.common)
      const kinds = flags.for ?? allKinds
      const ours = kinds.filter((kind) => hookNames[kind].some((name) => isInstalled(place, name)))
      if (ours.length === 0) terminal.note(`no hook of ours is in \`${place.directory}\``)
      finish(await change(ours, terminal, (name) => uninstallHook(place, name)))
    })
}

const allKinds: readonly Kind[] = ['am', 'commit', 'push']

function isInstalled(place: HookPlace, name: HookName): boolean {
  return ['ours', 'chained'].includes(hookState(place, name))
}

function statusCommand(terminal: Terminal, finish: Finish): Command {
  return new Command('status')
    .description('say which hooks are there: ours, ours before one that was there (chained), foreign, or none')
    .addOption(treeOption())
    .action(async (flags: { readonly tree?: string }) => {
      const place = await placeOf(flags.tree, terminal)
      const lines = allKinds
        .flatMap((kind) => hookNames[kind])
        .map((name) => `${name.padEnd(16)} ${hookState(place, name)}\n`)
      const judge = (await isServed(place.common)) ? 'in memory' : 'not running'
      await terminal.out(`hooks of ${place.directory}\n${lines.join('')}${'judge'.padEnd(16)} ${judge}\n`)
      finish(exitCodes.clean)
    })
}

async function placeOf(tree: string | undefined, terminal: Terminal): Promise<HookPlace> {
  const found = await findHooks(tree ?? terminal.cwd, terminal.env)
  if (found.kind === 'none') throw new UsageError(`${found.reason}; name a repository with --tree`)
  return found.place
}

/** Does the same to each hook, and tells of each. */
async function change(
  kinds: readonly Kind[],
  terminal: Terminal,
  act: (name: HookName) => HookChange,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.clean
  for (const name of kinds.flatMap((kind): readonly HookName[] => hookNames[kind])) {
    const changed = act(name)
    if (changed.kind === 'done') await terminal.out(`${name.padEnd(16)} ${changed.state}\n`)
    else {
      terminal.note(`${name}: left as it is: ${changed.reason}`)
      code = exitCodes.notJudged
    }
  }
  return code
}

/** `hook serve`: the judge that stays in memory; its working directory is the common git directory. */
function serveCommand(terminal: Terminal, finish: Finish): Command {
  return new Command('serve')
    .description('answer the hooks of the git directory that is the current directory')
    .action(async () => {
      const judge = createJudge(terminal)
      try {
        await serveHooks({ socket: hookSocket, idleMs, signal: terminal.signal, answer: judge.answer })
        finish(exitCodes.clean)
      } finally {
        await judge.close()
      }
    })
}

/** `hook judge`: one request on standard input, its answer on standard output. */
function judgeCommand(terminal: Terminal, finish: Finish): Command {
  return new Command('judge').description('answer one hook').action(async () => {
    const request = readHookRequest(Buffer.from(await readStandardInput()).toString('utf8'))
    if (request === null) throw new UsageError('standard input is no request of a hook')
    const judge = createJudge(terminal)
    try {
      await terminal.out(`${JSON.stringify(await judge.answer(request))}\n`)
      finish(exitCodes.clean)
    } finally {
      await judge.close()
    }
  })
}

type Judge = {
  readonly answer: (request: HookRequest) => Promise<HookAnswer | ResidentAnswer>
  readonly close: () => Promise<void>
}

/** Answers hooks of one repository; what it has read of it stays, until the configuration changes. */
function createJudge(terminal: Terminal): Judge {
  const parser = openMailParser()
  const memory = createAmMemory()
  let open: { readonly session: Session; readonly config: string } | null = null
  const sessionFor = async (cwd: string): Promise<Session> => {
    const lookup = { given: null, startDirectory: cwd, env: terminal.env, knownRules: allRules.map(({ id }) => id) }
    const config = JSON.stringify(loadConfig(lookup))
    if (open !== null && open.config === config) return open.session
    memory.verdicts.length = 0
    await open?.session.close()
    const session = await openSession({ tree: cwd }, { ...terminal, cwd })
    open = { session, config }
    return session
  }
  return {
    answer: async (request) => {
      const session = inWorktree(await sessionFor(request.cwd), request)
      if (request.hook === 'lint') return answerLint(request, session, terminal)
      const failOn = session.config['fail-on']
      return answerHook(request, {
        ...session,
        parser,
        memory,
        now: Date.now,
        stops: (findings) => fails(findings, failOn),
      })
    },
    close: async () => {
      await open?.session.close()
      await parser.close()
    },
  }
}

/** All worktrees of a repository have one judge, and each its own HEAD. */
function inWorktree(session: Session, request: HookRequest): Session {
  const { repository } = session
  return { ...session, repository: { ...repository, user: worktreeRun(repository, request) } }
}
