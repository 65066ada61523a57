/**
 * Reviews one pull request of the fake in a process of its own, to be killed.
 *
 * usage: node pull-worker.ts API TREE
 */
import { openDesk } from '../../../test/support/github/scene.ts'
import { openRepository } from '../../../src/git/repository.ts'
import { reviewPull } from '../../../src/app/review-pull.ts'

const [api = '', tree = ''] = process.argv.slice(2)
const opened = await openRepository(tree, { environment: process.env })
if (opened.kind === 'none') throw new Error(opened.reason)
const world = { owner: 'boards', repo: 'linux', now: Date.now() }
const outcome = await reviewPull(1, await openDesk({ github: { api, world }, tree: opened.repository, slept: [] }, {}))
await opened.repository.close()
process.stdout.write(`${outcome.kind}\n`)
