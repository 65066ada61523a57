import { applySeries } from '../../../src/git/apply-series.ts'
import { openRepository } from '../../../src/git/repository.ts'
import { seriesOf } from './patches.ts'

// Started by kill.test.ts as a process of its own, to be killed: applies the patches that it reads from standard input to
// the repository of its first argument, again and again, with its temporary directory below the second.

const [path = '', temporaryDirectory = ''] = process.argv.slice(2)
const chunks: Buffer[] = []
for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array))
const patches = Buffer.concat(chunks).toString('utf8').split('\0')

const opened = await openRepository(path, { environment: process.env, temporaryDirectory })
if (opened.kind === 'none') throw new Error(opened.reason)
process.stdout.write('opened\n')
for (;;) await applySeries(opened.repository, seriesOf(patches), { given: 'main' })
