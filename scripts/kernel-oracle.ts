import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { removeDirectory } from '../src/processes/remove-directory.ts'
import type { Reference } from './reference.ts'

/** One question to GNU make and the kernel's own Kbuild: a kernel, an architecture, a configuration. */
export type OracleRun = {
  readonly version: '6.12' | '6.1'
  readonly arch: string
  readonly config: string
  /** The prefix of the compiler, and the Debian package that has it; null for the compiler of this machine. */
  readonly cross: { readonly prefix: string; readonly package: string } | null
}

/** What it answered, and the configuration that it was about. */
export type OracleAnswer =
  | { readonly kind: 'answer'; readonly output: string; readonly config: string; readonly outputDirectory: string }
  | { readonly kind: 'missing'; readonly what: string }

/** What make would need and does not have here; null where all is there. */
export function missingForOracle({ cross }: OracleRun): string | null {
  const compiler = `${cross?.prefix ?? ''}gcc`
  const needed: readonly (readonly [string, string])[] = [
    ['make', 'make'],
    ['flex', 'flex'],
    ['bison', 'bison'],
    ['python3', 'python3'],
    [compiler, cross?.package ?? 'gcc'],
  ]
  const absent = needed.filter(([command]) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status !== 0)
  return absent.length === 0
    ? null
    : `${absent.map(([command]) => command).join(', ')} not installed (Debian packages: ${absent.map(([, name]) => name).join(', ')})`
}

/**
 * Runs kbuild-oracle on a scratch copy of the kernel in the user's cache. The copy, the output directory and the answer are
 * kept there under the kernel's commit, so a second time nothing is run.
 */
export async function askOracle(
  reference: Reference,
  run: OracleRun,
  say: (text: string) => void,
): Promise<OracleAnswer> {
  const missing = missingForOracle(run)
  if (missing !== null) return { kind: 'missing', what: missing }
  const tree = scratchTree(reference, run.version, say)
  const name = `${run.arch}-${run.config}`
  const outputDirectory = join(tree, '..', `out-${name}`)
  const answer = join(tree, '..', `${name}.txt`)
  if (!existsSync(answer)) {
    say(`asking GNU make: ${run.version} ${name} ...`)
    await runOracle(reference, run, { tree, outputDirectory, answer })
  }
  const config = readFileSync(join(outputDirectory, '.config'), 'utf8')
  return { kind: 'answer', output: readFileSync(answer, 'utf8'), config, outputDirectory }
}

/** The reference checkout of a version. */
export function referenceTree(reference: Reference, version: OracleRun['version']): string {
  return version === '6.12' ? reference.tree612 : reference.tree61
}

/** A copy of the committed files of a kernel, which kbuild-oracle may edit. */
export function scratchTree(reference: Reference, version: OracleRun['version'], say: (text: string) => void): string {
  const from = referenceTree(reference, version)
  const commit = execFileSync('git', ['-C', from, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kbuild-review', 'reference')
  const top = join(cache, `oracle-${version}-${commit.slice(0, 12)}`)
  const tree = join(top, 'tree')
  if (existsSync(tree)) return tree
  say(`copying linux ${version} to ${tree} ...`)
  const unfinished = join(top, 'tree.new')
  removeDirectory(unfinished)
  mkdirSync(unfinished, { recursive: true })
  const copied = spawnSync('sh', ['-c', 'git -C "$1" archive HEAD | tar -x -C "$2"', 'sh', from, unfinished], {
    stdio: ['ignore', 2, 2],
  })
  if (copied.status !== 0) throw new Error(`cannot copy ${from}`)
  renameSync(unfinished, tree)
  return tree
}

type Places = { readonly tree: string; readonly outputDirectory: string; readonly answer: string }

/** The answer appears under its name when it is complete. */
function runOracle({ shared }: Reference, { arch, config, cross }: OracleRun, places: Places): Promise<void> {
  const { tree, outputDirectory, answer } = places
  const tool = join(shared, 'tools', 'kbuild-oracle')
  const args = [tree, outputDirectory, arch, config, ...(cross === null ? [] : [cross.prefix])]
  return new Promise((resolve, reject) => {
    const file = createWriteStream(`${answer}.new`)
    file.on('error', reject)
    const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.pipe(file, { end: false })
    child.on('error', reject)
    child.on('close', (status) => {
      file.end(() => {
        if (status === 0) {
          renameSync(`${answer}.new`, answer)
          resolve()
        } else reject(new Error(`kbuild-oracle ${args.join(' ')} failed`))
      })
    })
  })
}
