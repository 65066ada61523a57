import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { askJudge, commonDirectory, findGitDirectory } from './ask-judge.mjs'

/**
 * Lets the judge that stays in memory answer `lint --stdin --resident`, without loading the program here. False where the command line
 * is another one, or no checkout is around: the program itself then says what there is to say.
 */
export async function answerFromMemory(words) {
  const isAsked = words[0] === 'lint' && words.includes('--resident') && words.includes('--stdin')
  const top = isAsked ? findCheckout(resolve(valueOf('--tree', words) ?? '.')) : null
  if (top === null) return false
  const gitDirectory = findGitDirectory(top)
  const request = {
    hook: 'lint',
    args: words,
    cwd: process.cwd(),
    gitDirectory,
    indexFile: null,
    input: readFileSync(0).toString('base64'),
    colour: wantsColour(),
  }
  try {
    const answer = await askJudge(commonDirectory(gitDirectory), request)
    process.stderr.write(answer.text)
    process.stdout.write(answer.output ?? '')
    process.exitCode = answer.status
  } catch (error) {
    process.stderr.write(`kbuild-review: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 3
  }
  return true
}

/** The directory at or above one that has a `.git`; null where there is none. */
function findCheckout(directory) {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (at === dirname(at)) return null
  }
}

/** `--option VALUE` or `--option=VALUE`. */
function valueOf(option, words) {
  const at = words.indexOf(option)
  return at === -1 ? words.find((word) => word.startsWith(`${option}=`))?.slice(option.length + 1) : words[at + 1]
}

/** As src/cli/terminal.ts has it. */
function wantsColour() {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  if (NO_COLOR) return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '0') return true
  return process.stdout.isTTY === true && TERM !== 'dumb'
}
