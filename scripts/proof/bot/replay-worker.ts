/**
 * Replays an epoch of a list archive in a process of its own, whose memory is measured with that of all it starts; what it sees goes to a file, a line each.
 *
 * usage: node replay-worker.ts EPOCH TREE DIRECTORY UNTIL [cold]
 *
 * `cold`: minutes in which no mail comes end the judge, as they do where the bot lives with a list, and each look has to start one.
 * Without it what takes a year stays warm.
 */
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { rules } from '../../../rules/index.ts'
import { createJudgeAside } from '../../../src/app/judge-aside.ts'
import { ignoreCommentRule } from '../../../src/review/suppression.ts'
import { openKernel } from '../../../src/app/wire.ts'
import { familyCpu, familyMemory } from './process-family.ts'
import { replay } from './replay.ts'
import type { ReplayLine } from './replay-lines.ts'

/** The memory is noted as often as so many mails have come. */
const sampleEvery = 100

const [epoch = '', tree = '', directory = '', until = '', pace] = process.argv.slice(2)
mkdirSync(directory, { recursive: true })
const surroundings = { env: process.env, cacheDirectory: join(directory, 'cache'), clock: Date.now }
const opened = await openKernel(tree, surroundings)
if (opened.kind === 'none') throw new Error(opened.reason)
const { gitDirectory } = opened.repository
await opened.repository.close()
const judge = createJudgeAside({
  gitDirectory,
  rules: [...rules, ignoreCommentRule(rules.map(({ id }) => id))].map(({ id }) => id),
  ignored: {},
  env: process.env,
  cacheDirectory: surroundings.cacheDirectory,
})
const write = (line: ReplayLine): void => appendFileSync(join(directory, 'lines.jsonl'), `${JSON.stringify(line)}\n`)
const { signal } = new AbortController()
let mails = 0
let sampled = 0
write({ kind: 'begun', at: performance.now() })
await replay({
  epoch,
  directory,
  until: Date.parse(until),
  judge: (series) => judge.judge(series, signal),
  signal,
  log: (now, event, fields = {}) => write({ kind: 'event', at: performance.now(), now, event, fields }),
  onMail: (now, id) => {
    mails += 1
    write({ kind: 'mail', at: performance.now(), now, id })
  },
  onRest: () => (pace === 'cold' ? judge.close() : Promise.resolve()),
  onPass: async (arrived, total) => {
    if (mails < sampled + sampleEvery && arrived < total) return
    if (mails === sampled) return
    sampled = mails
    const rss = familyMemory()
    await judge.close()
    write({ kind: 'memory', mails, rss, rest: familyMemory(), cpu: familyCpu() })
    process.stderr.write(`replay: ${arrived} of ${total} mails\n`)
  },
})
await judge.close()
