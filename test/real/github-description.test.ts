import { generateKeyPairSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { App, Octokit } from 'octokit'
import { describe, expect, it } from 'vitest'
import { reviewPull } from '../../src/app/review-pull.ts'
import { startGithub } from '../support/github/fake.ts'
import { judgeByPublished } from '../support/github/published.ts'
import { openScene } from '../support/github/scene.ts'
import { driversMakefile } from '../support/github/small-kernel.ts'
import { createRepository } from '../support/git.ts'

const description = join(process.env['KBUILD_REVIEW_SHARED'] ?? '', 'github', 'openapi-subset.json')
const isThere = process.env['KBUILD_REVIEW_SHARED'] !== undefined && existsSync(description)
const key = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

describe.skipIf(!isThere)(
  'the fake GitHub against the description that GitHub publishes (KBUILD_REVIEW_SHARED)',
  () => {
    it('asks and answers as described, in every operation that it has', async () => {
      const repository = createRepository()
      const base = { 'drivers/Makefile': 'obj-y += core.o\n', 'drivers/core.c': '' }
      repository.commit('base', base)
      repository.git('checkout', '--quiet', '-b', 'topic')
      const head = repository.commit('boards: add it', { 'drivers/Makefile': 'obj-y += core.o\nobj-m += board.o\n' })
      const github = await startGithub({ directory: repository.path, appKey: key.privateKey })
      try {
        github.openPull({ head, title: 'Add the board' })
        await exercise(github.api, head)
        expect(github.problems).toEqual([])
        const { wrong, unknown, judged } = judgeByPublished(description, github.exchanges)
        expect(wrong).toEqual([])
        expect(unknown).toEqual(['repos/get-combined-status-for-ref', 'repos/get-collaborator-permission-level'])
        expect(judged).toBeGreaterThan(15)
      } finally {
        await github.close()
        repository.remove()
      }
    })

    it('is asked as described by what tells a review', async () => {
      const scene = await openScene()
      try {
        const names = Array.from({ length: 60 }, (_, at) => `board${at}`)
        const list = { 'drivers/Makefile': driversMakefile(...names) }
        const { head } = scene.branch('topic', [['boards: build many', list]])
        scene.github.openPull({ head, title: 'Many boards' })
        expect(await reviewPull(1, await scene.desk())).toMatchObject({ kind: 'posted', checks: 1 })
        scene.github.comment(1, 'maintainer', '/kbuild-review invalid ko-missing-source')
        expect(await reviewPull(1, await scene.desk({ token: 'person-token' }))).toMatchObject({ kind: 'posted' })
        expect(scene.github.problems).toEqual([])
        const { wrong, judged } = judgeByPublished(description, scene.github.exchanges)
        expect(wrong).toEqual([])
        expect(judged).toBeGreaterThan(7)
      } finally {
        await scene.close()
      }
    })
  },
)

async function exercise(baseUrl: string, head: string): Promise<void> {
  const quiet = { throttle: { enabled: false }, retry: { enabled: false } }
  const app = new App({ appId: 4242, privateKey: key.privateKey, Octokit: Octokit.defaults({ baseUrl, ...quiet }) })
  const place = { owner: 'boards', repo: 'linux' }
  const { data: installation } = await app.octokit.rest.apps.getRepoInstallation(place)
  const { rest } = await app.getInstallationOctokit(installation.id)
  const pull = { ...place, pull_number: 1 }
  await rest.pulls.list({ ...place, state: 'open' })
  await rest.pulls.get(pull)
  await rest.pulls.listCommits(pull)
  await rest.pulls.listFiles(pull)
  const comment = { path: 'drivers/Makefile', line: 2, side: 'RIGHT', body: 'no source' }
  await rest.pulls.createReview({ ...pull, event: 'COMMENT', commit_id: head, body: 'See below.', comments: [comment] })
  await rest.pulls.listReviews(pull)
  await rest.pulls.listReviewComments(pull)
  const issue = { ...place, issue_number: 1 }
  const { data: sticky } = await rest.issues.createComment({ ...issue, body: 'hello' })
  await rest.issues.updateComment({ ...place, comment_id: sticky.id, body: 'hello again' })
  await rest.issues.listComments(issue)
  const annotation = {
    path: 'drivers/Makefile',
    start_line: 2,
    end_line: 2,
    annotation_level: 'warning',
    message: 'no source',
  } as const
  const output = { title: 'one finding', summary: 'one', annotations: [annotation] }
  const { data: run } = await rest.checks.create({
    ...place,
    name: 'kbuild-review',
    head_sha: head,
    status: 'in_progress',
    output,
  })
  await rest.checks.update({ ...place, check_run_id: run.id, status: 'completed', conclusion: 'failure', output })
  await rest.checks.listForRef({ ...place, ref: head })
  await rest.repos.createCommitStatus({ ...place, sha: head, state: 'success', context: 'kbuild-review' })
  await rest.repos.getCombinedStatusForRef({ ...place, ref: head })
  await rest.repos.getCollaboratorPermissionLevel({ ...place, username: 'maintainer' })
}
