import { existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import type { Outcome, ProofContext } from './check.ts'
import { runCommand } from './run-command.ts'

/** The Node that the two commands must cope with. */
const oldNode = '20.20.2'

/** `npm run demo` and `npm test` on a fresh clone, with Node 20 on PATH, no node_modules and an empty cache. */
export async function proveFreshClone({ root, say }: ProofContext): Promise<Outcome> {
  const work = mkdtempSync(join(tmpdir(), 'kbuild-review-fresh-'))
  try {
    const clone = join(work, 'clone')
    await runCommand('git', ['clone', '-q', root, clone], { cwd: work })
    const nodeBin = await oldNodeDirectory(work)
    const env = {
      ...process.env,
      PATH: [nodeBin, ...pathWithoutNode()].join(delimiter),
      XDG_CACHE_HOME: join(work, 'cache'),
    }
    const results: string[] = []
    let ok = true
    for (const args of [['run', 'demo'], ['test']]) {
      say(`npm ${args.join(' ')} in a fresh clone under Node ${oldNode}`)
      const ran = await runCommand('npm', args, { cwd: clone, env })
      const fetched = ran.stderr.includes('fetching Node') || results.length > 0
      ok &&= ran.status === 0 && fetched
      results.push(`npm ${args.join(' ')} exit ${ran.status ?? 'killed'} in ${(ran.ms / 1000).toFixed(0)} s`)
      if (ran.status !== 0) say(ran.stdout.slice(-2000) + ran.stderr.slice(-2000))
    }
    return { ok, figure: `fresh clone, Node ${oldNode}, no node_modules: ${results.join(', ')}` }
  } finally {
    removeDirectory(work)
  }
}

/** PATH without the Node that runs this script, which npm put there. */
function pathWithoutNode(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((directory) => !/node_modules|node-linux/.test(directory))
}

/** A directory whose `node` is Node 20: from npm, since the machine's own may be any. */
async function oldNodeDirectory(work: string): Promise<string> {
  const home = join(work, 'node')
  mkdirSync(home)
  const name = `node-${process.platform}-${process.arch}`
  const ran = await runCommand(
    'npm',
    ['install', '--prefix', home, '--ignore-scripts', '--no-save', '--loglevel=error', `${name}@${oldNode}`],
    { cwd: home },
  )
  const binary = join(home, 'node_modules', name, 'bin', 'node')
  if (!existsSync(binary)) throw new Error(`cannot fetch Node ${oldNode}: ${ran.stderr}`)
  const bin = join(work, 'bin')
  mkdirSync(bin)
  symlinkSync(binary, join(bin, 'node'))
  return bin
}
