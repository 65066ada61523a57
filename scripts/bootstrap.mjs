/**
 * Brings what the project runs on: Node 24 where PATH has an older one, and the packages of package-lock.json.
 *
 * Plain JavaScript that Node 18 and later understand, and no dependency: it runs before there is any.
 * What it is doing goes to stderr, and only when there is something to do.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top of the checkout or of the installed package. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The version that is fetched; `engines` of package.json says the oldest that will do. */
const nodeVersion = '24.21.0'
const oldest = [24, 11]

/** A lock older than this was left by a process that was killed. */
const staleLockMs = 10 * 60_000

function say(text) {
  process.stderr.write(`kbuild-review: ${text}\n`)
}

function fail(text) {
  say(text)
  process.exit(3)
}

/** Whether the running Node is new enough. */
function isRecent(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}

/** The first of the user's cache and the system's temporary directory that can be written. */
function cacheDirectory() {
  const wanted = [
    join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kbuild-review'),
    join(tmpdir(), 'kbuild-review'),
  ]
  for (const dir of wanted) {
    try {
      mkdirSync(dir, { recursive: true })
      rmSync(mkdtempSync(join(dir, '.probe-')), { recursive: true })
      return dir
    } catch {
      // not writable: the next one
    }
  }
  return fail(`no directory to keep Node ${nodeVersion} in: tried ${wanted.join(' and ')}`)
}

/** Runs `work` while no other process does, by an atomically made directory. */
function locked(lock, work) {
  for (let told = false; ; told = true) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (!told) say(`waiting for another process that holds ${lock}`)
      if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > staleLockMs)
        rmSync(lock, { recursive: true, force: true })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
    }
  }
  try {
    return work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** npm's own script, so that it can be run by a chosen Node; null where npm came some other way. */
function npmScript() {
  const path = process.env.npm_execpath
  return path && path.endsWith('.js') && existsSync(path) ? path : null
}

function npm(node, args, cwd) {
  const script = npmScript()
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ''}` }
  const options = { cwd, env, stdio: ['ignore', 2, 2] }
  return script ? spawnSync(node, [script, ...args], options) : spawnSync('npm', args, options)
}

/** The path of a Node that is new enough, fetched from the npm registry where need be. */
export function ensureNode() {
  if (isRecent(process.versions.node)) return process.execPath
  const name = `node-${process.platform}-${process.arch}`
  const home = join(cacheDirectory(), `node-${nodeVersion}`)
  const binary = join(home, 'node_modules', name, 'bin', 'node')
  if (existsSync(binary)) return binary
  return locked(`${home}.lock`, () => {
    if (existsSync(binary)) return binary
    say(`Node ${process.versions.node} is too old, fetching Node ${nodeVersion} (about 40 MB, once) ...`)
    const incoming = mkdtempSync(`${home}.incoming-`)
    const install = npm(
      process.execPath,
      ['install', '--prefix', incoming, '--ignore-scripts', '--no-save', '--loglevel=error', `${name}@${nodeVersion}`],
      incoming,
    )
    if (install.status !== 0) {
      rmSync(incoming, { recursive: true, force: true })
      return fail(
        `cannot fetch ${name}@${nodeVersion} from the npm registry; install Node >= ${oldest.join('.')} and run this again`,
      )
    }
    rmSync(home, { recursive: true, force: true })
    renameSync(incoming, home)
    return binary
  })
}

/** Installs the packages of package-lock.json unless exactly those are installed. */
export function ensurePackages(node) {
  const lockFile = join(root, 'package-lock.json')
  if (!existsSync(lockFile)) return
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex')
  const stamp = join(root, 'node_modules', '.kbuild-review-stamp')
  const installed = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
  if (installed()) return
  locked(join(root, '.npm-ci.lock'), () => {
    if (installed()) return
    say('installing the packages (npm ci) ...')
    const result = npm(node, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], root)
    if (result.status !== 0) fail('npm ci failed: see above')
    writeFileSync(stamp, wanted)
    say('the packages are installed')
    compileAhead(node)
  })
}

/** Has Node keep what it compiles of nearly all modules, so that the first command does not wait for that: a second's work. */
function compileAhead(node) {
  spawnSync(node, [join(root, 'bin', 'kbuild-review.mjs'), 'lint', '--help'], { stdio: 'ignore', timeout: 60_000 })
}
