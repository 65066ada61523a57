import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import type { Outcome, ProofContext } from '../check.ts'
import type { KernelCommits } from './kernel-commits.ts'
import { awaitNothing, processesWith } from './left-behind.ts'
import { runBuild, type BuildsDocument } from './run-build.ts'
import { attackPath, layOutSmallKernel } from './small-kernel.ts'

const least = 25
const quiet = 'all:\n\t@echo quiet\n'
/** What hostile builds sleep for, so that what they leave is known by its command line. */
const sleepers = ['98765', '87654']

/** A patch, as commits after the kernel; or a mail. */
type Attack = { readonly name: string } & (
  | { readonly kind: 'commit'; readonly make: (kernel: KernelCommits) => string }
  | { readonly kind: 'mail'; readonly text: string }
)

type Place = { readonly victim: string; readonly secret: string; readonly work: string }

/** Hostile patches, each before a harmless one: none escapes, each ends within its limits with a clear result, and the next build is right. */
export async function proveHostile({ root, say }: ProofContext): Promise<Outcome> {
  const work = mkdtempSync(join(tmpdir(), 'kbuild-review-hostile-'))
  const place = layOutVictim(work)
  const watch = await startWatch()
  try {
    const { kernel, args } = layOutSmallKernel(work, quiet)
    const attacks = [...makefiles(root), ...otherwise(place)]
    const wrong: string[] = []
    for (const [index, attack] of attacks.entries()) {
      say(`${index + 1}/${attacks.length} ${attack.name}`)
      const range = attack.kind === 'commit' ? rangeOf(attack.make(kernel), kernel) : [mailOf(attack.text, work)]
      const set = [
        `PORT=${watch.port}`,
        `SECRET=${place.secret}`,
        `VICTIM=${place.victim}`,
        `HOST_PID=${process.pid}`,
        `SOCKET=${watch.socket}`,
      ]
      const out = join(work, 'out')
      const ran = await runBuild([...args, '--make', ...set, '--out', out, ...range], {
        root,
        cache: join(work, 'cache'),
        killAfterMs: longestMs,
        env: { ...process.env, SECRET_OF_THE_RUNNER: 'hunter2' },
      })
      const found = [...escapes(place, out), ...resultOf(attack, ran.stdout, ran.status)]
      wrong.push(...found.map((text) => `${attack.name}: ${text}`))
      removeDirectory(out)
    }
    if (watch.connections() > 0) wrong.push(`${watch.connections()} connections were made`)
    const left = await awaitNothing(() => sleepers.flatMap((word) => processesWith(`sleep ${word}`)), 5000)
    wrong.push(...left.map((line) => `left running: ${line}`))
    const ok = wrong.length === 0 && attacks.length >= least
    return {
      ok,
      figure: ok
        ? `${attacks.length} hostile patches: none escaped, each had a result, each next build was right`
        : wrong.slice(0, 6).join('; '),
    }
  } finally {
    watch.close()
    removeDirectory(work)
  }
}

/** Two builds of the patch, two of the base and of the next one, each within 8 seconds, on a busy machine (milliseconds). */
const longestMs = 240_000

function layOutVictim(work: string): Place {
  const place = { victim: join(work, 'victim'), secret: join(work, 'secret', 'id_ed25519'), work }
  mkdirSync(place.victim)
  mkdirSync(join(work, 'secret'))
  writeFileSync(join(place.victim, 'file'), 'untouched\n')
  writeFileSync(place.secret, 'a private key\n')
  return place
}

/** The makefiles that the sandbox's own tests run. */
function makefiles(root: string): readonly Attack[] {
  const directory = join(root, 'test', 'unit', 'build', 'hostile')
  return readdirSync(directory).map((name) => {
    const text = readFileSync(join(directory, name, 'Makefile'), 'utf8')
    return { name, kind: 'commit', make: (kernel) => kernel.commit('HEAD', `attack: ${name}`, { [attackPath]: text }) }
  })
}

/** Patches that attack by what they are: links, attributes, hooks, and paths that lead out. */
function otherwise({ victim }: Place): readonly Attack[] {
  const through = `all:\n\t@echo gone > way-out/file && echo wrote\n\t@rm -rf way-out/\n`
  const escape = 'all:\n\t@printf "\\033]0;escaped\\007\\033[2J\\033[31mgone\\033[0m\\n"; exit 1\n'
  return [
    {
      name: 'a directory that becomes a link',
      kind: 'commit',
      make: (kernel) =>
        kernel.link(kernel.commit('HEAD', 'no attack', { [attackPath]: null }), 'a link', { attack: '/' }),
    },
    {
      name: 'a link that is written through',
      kind: 'commit',
      make: (kernel) =>
        kernel.commit(kernel.link('HEAD', 'a link', { 'way-out': victim }), 'write', { [attackPath]: through }),
    },
    {
      name: 'attributes that run filters',
      kind: 'commit',
      make: (kernel) =>
        kernel.commit('HEAD', 'attributes', {
          '.gitattributes': '* filter=lfs diff=evil export-subst ident\n',
          '.gitmodules': `[submodule "a"]\n\tpath = a\n\turl = ext::sh -c touch% ${victim}/hook\n`,
        }),
    },
    {
      name: 'escapes in a log',
      kind: 'commit',
      make: (kernel) => kernel.commit('HEAD', 'escapes', { [attackPath]: escape }),
    },
    { name: 'a path that leads out', kind: 'mail', text: mailFor('../victim/file') },
    { name: 'a hook of git', kind: 'mail', text: mailFor('.git/hooks/post-checkout') },
  ]
}

/** A mail whose patch makes a file. */
function mailFor(path: string): string {
  const head = [
    'From: Mallory <mallory@boards.example>',
    'Subject: [PATCH] attack: a file',
    'Date: Mon, 1 Jan 2024 00:00:00 +0000',
    'Message-ID: <1@boards.example>',
    '',
  ]
  const diff = [
    `diff --git a/${path} b/${path}`,
    'new file mode 100755',
    '--- /dev/null',
    `+++ b/${path}`,
    '@@ -0,0 +1,2 @@',
    '+#!/bin/sh',
    '+echo escaped',
    '',
  ]
  return [...head, 'A file.', '', '---', ...diff].join('\n')
}

function mailOf(text: string, work: string): string {
  const path = join(work, 'attack.mbox')
  writeFileSync(path, `From mboxrd@z Thu Jan  1 00:00:00 1970\n${text}`)
  return path
}

/** The hostile commits, and one after them that has the files of the kernel again. */
function rangeOf(hostile: string, kernel: KernelCommits): readonly string[] {
  const files = { [attackPath]: `# mended\n${quiet}` }
  const harmless = kernel.commit(hostile, 'attack: mend it', files)
  return ['--range', `HEAD..${harmless}`]
}

/** What was seen or touched that must not be. */
function escapes({ victim }: Place, out: string): readonly string[] {
  const isTouched =
    readdirSync(victim).join() !== 'file' || readFileSync(join(victim, 'file'), 'utf8') !== 'untouched\n'
  const logs = filesBelow(out)
    .filter((path) => path.endsWith('.log'))
    .map((path) => readFileSync(path, 'utf8'))
  const isSeen = logs.some((text) => /^escaped|a private key|hunter2/m.test(text))
  return [...(isTouched ? ['it wrote outside'] : []), ...(isSeen ? ['it saw what it must not'] : [])]
}

function filesBelow(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((path) => join(directory, path))
  } catch {
    return []
  }
}

/** A hostile patch has a result that is told; the harmless one after it builds. A mail that leads out of the tree is refused. */
function resultOf(attack: Attack, stdout: string, status: number | null): readonly string[] {
  if (status === null || stdout === '') return [`it ended with status ${status ?? 'none'} and no result`]
  const { builds } = JSON.parse(stdout) as BuildsDocument
  if (attack.kind === 'mail') return status === 3 ? [] : [`it was not refused: status ${status}`]
  const after = builds[0]?.after ?? []
  const hostile = after[0]?.runs[0]
  const hasResult = hostile !== undefined && hostile.goals.length + hostile.notRun.length > 0
  const last = after.at(-1)?.runs[0]?.goals.at(-1)
  return [
    ...(hasResult ? [] : ['it has no result']),
    ...(last?.goal === 'modules' && last.status === 'ok'
      ? []
      : [`the next build ended as ${last?.status ?? 'nothing'}`]),
  ]
}

type Watch = {
  readonly port: number
  readonly socket: string
  readonly connections: () => number
  readonly close: () => void
}

/** What hostile builds would reach if they could: a port of this machine and an abstract socket. */
async function startWatch(): Promise<Watch> {
  let connections = 0
  const listen = (at: { port: number; host: string } | { path: string }): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer(() => (connections += 1)).listen(at, () => resolve(server))
    })
  const socket = `kbuild-review-proof-${process.pid}`
  const servers = [await listen({ port: 0, host: '127.0.0.1' }), await listen({ path: `\0${socket}` })]
  const address = servers[0]?.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { port, socket, connections: () => connections, close: () => servers.forEach((server) => server.close()) }
}
