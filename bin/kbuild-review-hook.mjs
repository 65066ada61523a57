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
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { askJudge, commonDirectory, findGitDirectory, judgeProgram } from './ask-judge.mjs'

const root = dirname(dirname(judgeProgram))

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
  process.argv = [process.execPath, judgeProgram, 'hook', command]
  await import(existsSync(source) ? source : join(root, 'dist', 'src', 'cli', 'main.js'))
}

async function main() {
  const gitDirectory = findGitDirectory('.')
  const request = {
    hook,
    args,
    cwd: process.cwd(),
    gitDirectory,
    indexFile: process.env.GIT_INDEX_FILE ? resolve(process.env.GIT_INDEX_FILE) : null,
    input: hook === 'pre-push' ? readFileSync(0, 'utf8') : '',
    colour: process.stderr.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  }
  if (once) return isAhead ? 0 : judgeHere(request)
  const answer = await askJudge(commonDirectory(gitDirectory), request)
  if (answer.text) process.stderr.write(answer.text)
  return answer.status
}

/** Judges in a process of its own, for who wants nothing to stay behind. */
async function judgeHere(request) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', judgeProgram, '--program', 'judge'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(`${JSON.stringify(request)}\n`)
  const chunks = []
  for await (const chunk of child.stdout) chunks.push(chunk)
  const answer = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  if (answer.text) process.stderr.write(answer.text)
  return answer.status
}
