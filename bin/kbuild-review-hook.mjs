/**
 * What a git hook starts: hands what git said to the resident judge of the repository, which it starts where there is none, and
 * ends as the judge says. Loads nothing of the program itself, since a hook has no time for that.
 *
 * Only findings stop git: whatever goes wrong here is told, and git goes on.
 *
 * A checkout is not brought up to date from here, as bin/kbuild-review.mjs does: the Node and the packages are those that the hook
 * was installed with.
 *
 * usage: node kbuild-review-hook.mjs [--once] HOOK [ARGS...]
 *        node kbuild-review-hook.mjs --program serve|judge
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The name of the judge's socket in the common git directory; git keeps that of its fsmonitor daemon there too. */
const socketName = 'kbuild-review.ipc'

/** How long a judge may take to start, on a machine that has other work, and one patch to be judged (milliseconds). */
const startMs = 60_000
const answerMs = 120_000

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const own = fileURLToPath(import.meta.url)

const words = process.argv.slice(2)
const once = words[0] === '--once'
const [hook = '', ...args] = once ? words.slice(1) : words

/** Hooks that only let the judge work ahead: nobody waits for an answer. */
const isAhead = hook === 'applypatch-msg' || hook === 'post-applypatch'

try {
  if (words[0] === '--program') await runProgram(words[1])
  else process.exitCode = await main()
} catch (error) {
  if (words[0] === '--program') throw error
  process.stderr.write(`kbuild-review: not judged: ${error instanceof Error ? error.message : String(error)}\n`)
}

/** Becomes `kbuild-review hook serve` or `hook judge`. */
async function runProgram(command) {
  const { prepareProcess } = await import('./prepare.mjs')
  prepareProcess('hook')
  const source = join(root, 'src', 'cli', 'main.ts')
  process.argv = [process.execPath, own, 'hook', command]
  await import(existsSync(source) ? source : join(root, 'dist', 'src', 'cli', 'main.js'))
}

async function main() {
  const gitDirectory = findGitDirectory()
  const common = commonDirectory(gitDirectory)
  const request = {
    hook,
    args,
    cwd: process.cwd(),
    gitDirectory,
    indexFile: process.env.GIT_INDEX_FILE ? resolve(process.env.GIT_INDEX_FILE) : null,
    input: hook === 'pre-push' ? readFileSync(0, 'utf8') : '',
    colour: process.stderr.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
    program: statSync(join(root, 'package.json')).mtimeMs,
  }
  if (once) return isAhead ? 0 : judgeHere(request)
  process.chdir(common)
  const answer = await ask(request)
  if (answer.text) process.stderr.write(answer.text)
  return answer.status
}

/** The git directory of the worktree: what git says, else `.git` as gitrepository-layout(5) describes it. */
function findGitDirectory() {
  if (process.env.GIT_DIR) return resolve(process.env.GIT_DIR)
  const path = resolve('.git')
  if (statSync(path).isDirectory()) return path
  const [, target = ''] = /^gitdir: (.+)\n?$/.exec(readFileSync(path, 'utf8')) ?? []
  return resolve(target)
}

/** The directory that all worktrees share. */
function commonDirectory(gitDirectory) {
  try {
    return resolve(gitDirectory, readFileSync(join(gitDirectory, 'commondir'), 'utf8').trim())
  } catch {
    return gitDirectory
  }
}

/** Asks the judge; one of another release of the program ends, and a new one takes its place. */
async function ask(request) {
  const deadline = Date.now() + startMs
  for (let started = false; ;) {
    const answer = await exchange(request)
    if (answer.kind === 'answer') return answer
    if (answer.kind === 'nobody' && !started) {
      startJudge()
      started = true
    }
    if (answer.kind === 'stale') started = false
    if (Date.now() > deadline) throw new Error('the resident judge does not start')
    await sleep(20)
  }
}

/** One line of JSON each way. */
function exchange(request) {
  return new Promise((settle, fail) => {
    const socket = connect(socketName)
    const chunks = []
    socket.setTimeout(answerMs, () => socket.destroy(new Error(`no answer in ${answerMs / 1000} s`)))
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', (error) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') settle({ kind: 'nobody' })
      else if (error.code === 'ECONNRESET' || error.code === 'EPIPE') settle({ kind: 'stale' })
      else fail(error)
    })
    socket.on('end', () => {
      socket.destroy()
      if (chunks.length === 0) settle({ kind: 'stale' })
      else settle(JSON.parse(Buffer.concat(chunks).toString('utf8')))
    })
  })
}

/** Starts the judge in the common git directory. It outlives git, and has nothing of the hook's but its environment. */
function startJudge() {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', own, '--program', 'serve'], {
    detached: true,
    stdio: 'ignore',
  })
  child.unref()
  return child
}

/** Judges in a process of its own, for who wants nothing to stay behind. */
async function judgeHere(request) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', own, '--program', 'judge'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(`${JSON.stringify(request)}\n`)
  const chunks = []
  for await (const chunk of child.stdout) chunks.push(chunk)
  const answer = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  if (answer.text) process.stderr.write(answer.text)
  return answer.status
}
