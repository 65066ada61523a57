import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { FencedRepository } from './git.ts'

/** What deploy/github-action/action.yml may hold: a composite action of steps in bash. */
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

/** How a step ended. */
export type StepEnded = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** A runner: a container with the system's programs, an empty home, the project, and the server of a pull request. */
export type Runner = {
  /** The repository that the pull request is on, with the branches `main` and `topic`. */
  readonly server: FencedRepository
  /** A directory of its own, which can be written. */
  readonly work: string
  /** The top of the project. */
  readonly project: string
  /** Whether the project can be written, so that it brings its packages itself. */
  readonly writable: boolean
  /** Directories whose programs come before those of the system. */
  readonly path: readonly string[]
}

/** What a workflow gives the checkout (0 is all of the history) and the action. */
export type Workflow = { readonly depth: number; readonly inputs?: Readonly<Record<string, string>> }

/**
 * What a runner does `on: pull_request`, as actions/checkout and the runner of GitHub do it: a checkout of the pull request's branch, then
 * the steps of the action, each in an environment of its own. Gives the first step that failed, else the last one.
 */
export function runAction(runner: Runner, workflow: Workflow): StepEnded {
  const { server, work, project } = runner
  const action = join(project, 'deploy', 'github-action')
  const head = server.git('rev-parse', 'topic').trim()
  const base = server.git('rev-parse', 'main').trim()
  server.git('update-ref', 'refs/pull/7/head', head)
  const checkout = join(work, 'checkout')
  mkdirSync(join(work, 'home'), { recursive: true })
  const shallow = workflow.depth === 0 ? [] : [`--depth=${workflow.depth}`]
  server.git('clone', '--quiet', ...shallow, '--branch=topic', `file://${server.path}`, checkout)
  const commits = server.git('rev-list', '--count', `${base}..${head}`).trim()
  const definition = form.parse(parse(readFileSync(join(action, 'action.yml'), 'utf8')))
  const event = { number: '7', commits, 'base.sha': base, 'head.sha': head }
  const values = new Map<string, string>([
    ...Object.entries(definition.inputs).map(
      ([name, input]) => [`inputs.${name}`, workflow.inputs?.[name] ?? input.default] as const,
    ),
    ...Object.entries(event).map(([name, value]) => [`github.event.pull_request.${name}`, value] as const),
  ])
  let ended: StepEnded | null = null
  for (const { env, run } of definition.runs.steps) {
    const given = Object.entries(env).map(([name, text]) => [
      name,
      text.replaceAll(/\$\{\{ (\S+) \}\}/g, (_, key: string) => values.get(key) ?? fail(key)),
    ])
    const variables = { ...(Object.fromEntries(given) as Record<string, string>), GITHUB_ACTION_PATH: action }
    // As the runner starts a step with `shell: bash`.
    const step = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', run]
    ended = contained(step, { runner, checkout, variables })
    if (ended.status !== 0) return ended
  }
  return ended ?? fail('a step')
}

type Step = {
  readonly runner: Runner
  readonly checkout: string
  readonly variables: Readonly<Record<string, string>>
}

/** Runs in a container: of this machine only its system directories, its network, and what the runner has. */
function contained(command: readonly string[], { runner, checkout, variables }: Step): StepEnded {
  const { server, work, project, writable, path } = runner
  const certificates = process.env['NODE_EXTRA_CA_CERTS']
  const environment = {
    PATH: [...path, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    HOME: join(work, 'home'),
    TMPDIR: work,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    // What the network of this machine needs to be trusted; a runner of GitHub needs none.
    ...(certificates !== undefined && { NODE_EXTRA_CA_CERTS: certificates }),
    ...variables,
  }
  const system = ['/usr', '/bin', '/lib', '/lib64', '/etc', '/run/systemd/resolve']
  const args = [
    ...['--die-with-parent', '--unshare-pid', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--clearenv'],
    ...system.flatMap((directory) => ['--ro-bind-try', directory, directory]),
    ...[...path, server.path].flatMap((directory) => ['--ro-bind', directory, directory]),
    ...[writable ? '--bind' : '--ro-bind', project, project],
    ...['--bind', work, work, '--chdir', checkout],
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
  ]
  return spawnSync('bwrap', [...args, '--', ...command], { encoding: 'utf8', maxBuffer: 1 << 26 })
}

function fail(what: string): never {
  throw new Error(`the runner has no ${what}`)
}
