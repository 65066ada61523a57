/**
 * How programs of ours that have no time to load ask the judge that stays in memory for a repository, and start it where there is none.
 */
import { spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The name of the judge's socket in the common git directory; git keeps that of its fsmonitor daemon there too. */
const socketName = 'kbuild-review.ipc'

/** How long a judge may take to start, on a machine that has other work, and one request to be answered (milliseconds). */
const startMs = 60_000
const answerMs = 120_000

const bin = dirname(fileURLToPath(import.meta.url))

/** The program that becomes the judge. */
export const judgeProgram = join(bin, 'kbuild-review-hook.mjs')

/** Asks the judge of a repository, whose common git directory becomes the working directory: a socket's path must be short (unix(7)). */
export function askJudge(common, request) {
  process.chdir(common)
  return ask({ ...request, program: statSync(join(dirname(bin), 'package.json')).mtimeMs })
}

/** The git directory of the worktree: what git says, else `.git` as gitrepository-layout(5) describes it. */
export function findGitDirectory(top) {
  if (process.env.GIT_DIR) return resolve(process.env.GIT_DIR)
  const path = resolve(top, '.git')
  if (statSync(path).isDirectory()) return path
  const [, target = ''] = /^gitdir: (.+)\n?$/.exec(readFileSync(path, 'utf8')) ?? []
  return resolve(top, target)
}

/** The directory that all worktrees share. */
export function commonDirectory(gitDirectory) {
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
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', judgeProgram, '--program', 'serve'], {
    detached: true,
    stdio: 'ignore',
  })
  child.unref()
}
