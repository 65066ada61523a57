import { Octokit } from 'octokit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRepository, type FencedRepository } from '../git.ts'
import { startGithub, type FakeGithub } from './fake.ts'
import { faultOn } from './faults.ts'

let repository: FencedRepository
let github: FakeGithub
let octokit: Octokit
let head: string
const place = { owner: 'boards', repo: 'linux' }

beforeEach(async () => {
  repository = createRepository()
  repository.commit('base', { 'drivers/Makefile': 'obj-y += core.o\n', 'drivers/core.c': '' })
  repository.git('checkout', '--quiet', '-b', 'topic')
  head = repository.commit('boards: add it', { 'drivers/Makefile': 'obj-y += core.o\nobj-m += board.o\n' })
  github = await startGithub({ directory: repository.path })
  github.openPull({ head, title: 'Add the board' })
  octokit = client('app-token')
})

afterEach(async () => {
  await github.close()
  repository.remove()
})

function client(auth: string): Octokit {
  return new Octokit({
    auth,
    baseUrl: github.api,
    throttle: { enabled: false },
    retry: { enabled: false },
    log: silent,
  })
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

const line = { path: 'drivers/Makefile', line: 2, side: 'RIGHT', body: 'no source' }
const review = (body: object): Promise<unknown> =>
  octokit.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { ...place, pull_number: 1, ...body })

describe('the fake GitHub', () => {
  it('tells a pull request, its files and its commits from git', async () => {
    const { data: files } = await octokit.rest.pulls.listFiles({ ...place, pull_number: 1 })
    expect(files.map(({ filename, status, additions }) => [filename, status, additions])).toEqual([
      ['drivers/Makefile', 'modified', 1],
    ])
    const { data: commits } = await octokit.rest.pulls.listCommits({ ...place, pull_number: 1 })
    expect(commits.map(({ sha }) => sha)).toEqual([head])
    expect(github.problems).toEqual([])
  })

  it('takes a review whose comments stand on lines of the diff', async () => {
    await review({ event: 'COMMENT', body: 'See below.', commit_id: head, comments: [line] })
    expect(github.pull(1).threads).toMatchObject([
      { path: 'drivers/Makefile', line: 2, comments: [{ body: 'no source' }] },
    ])
  })

  it.each([
    ['a side that there is not', { event: 'COMMENT', body: 'x', comments: [{ ...line, side: 'MIDDLE' }] }],
    ['neither line nor position', { event: 'COMMENT', body: 'x', comments: [{ path: line.path, body: 'x' }] }],
    ['both line and position', { event: 'COMMENT', body: 'x', comments: [{ ...line, position: 1 }] }],
    ['a request for changes without a body', { event: 'REQUEST_CHANGES', comments: [line] }],
    ['a start behind the end', { event: 'COMMENT', body: 'x', comments: [{ ...line, start_line: 3 }] }],
    ['a line outside the diff', { event: 'COMMENT', body: 'x', comments: [{ ...line, line: 40 }] }],
  ])('refuses %s, which the published schema lets pass', async (_, body) => {
    await expect(review(body)).rejects.toMatchObject({ status: 422 })
    expect(github.pull(1).threads).toEqual([])
  })

  it('refuses a check run that is completed without a conclusion', async () => {
    const run = { ...place, name: 'kbuild-review', head_sha: head, status: 'completed' as const }
    await expect(octokit.request('POST /repos/{owner}/{repo}/check-runs', run as never)).rejects.toMatchObject({
      status: 422,
    })
  })

  it('refuses properties that there are not, and remembers the slip', async () => {
    await expect(review({ event: 'COMMENT', body: 'x', colour: 'red' })).rejects.toMatchObject({ status: 400 })
    expect(github.problems).toHaveLength(1)
  })

  it('refuses 51 annotations', async () => {
    const annotations = Array.from({ length: 51 }, () => ({
      path: 'drivers/Makefile',
      start_line: 1,
      end_line: 1,
      annotation_level: 'warning' as const,
      message: 'x',
    }))
    const run = { ...place, name: 'kbuild-review', head_sha: head, output: { title: 't', summary: 's', annotations } }
    await expect(octokit.rest.checks.create(run)).rejects.toMatchObject({ status: 422 })
  })

  it('knows who asks: nobody, a reader, a person', async () => {
    await expect(client('no-token').rest.pulls.get({ ...place, pull_number: 1 })).rejects.toMatchObject({ status: 401 })
    const comment = { ...place, issue_number: 1, body: 'hello' }
    await expect(client('fork-token').rest.issues.createComment(comment)).rejects.toMatchObject({ status: 403 })
    const run = { ...place, name: 'kbuild-review', head_sha: head }
    await expect(client('person-token').rest.checks.create(run)).rejects.toMatchObject({ status: 403 })
  })

  it('answers 304 where nothing has changed', async () => {
    const { headers } = await octokit.rest.pulls.list(place)
    const again = octokit.rest.pulls.list({ ...place, headers: { 'if-none-match': headers.etag ?? '' } })
    await expect(again).rejects.toMatchObject({ status: 304 })
    github.setState(1, 'closed')
    const { data } = await octokit.rest.pulls.list({ ...place, headers: { 'if-none-match': headers.etag ?? '' } })
    expect(data).toEqual([])
  })

  it('tells the old head for a while after a push', async () => {
    const next = repository.commit('boards: more', { 'drivers/board.c': '' })
    github.push(1, next, { late: 1 })
    const shas = []
    for (let read = 0; read < 2; read += 1)
      shas.push((await octokit.rest.pulls.get({ ...place, pull_number: 1 })).data.head.sha)
    expect(shas).toEqual([head, next])
  })

  it('does what it was asked before an answer is lost, and not before one that is refused', async () => {
    const comment = { ...place, issue_number: 1, body: 'hello' }
    github.setFaults(faultOn(/POST/, 'cut-before'))
    await expect(octokit.rest.issues.createComment(comment)).rejects.toThrow()
    expect(github.pull(1).comments).toHaveLength(0)
    github.setFaults(faultOn(/POST/, 'cut-after'))
    await expect(octokit.rest.issues.createComment(comment)).rejects.toThrow()
    expect(github.pull(1).comments).toHaveLength(1)
  })
})
