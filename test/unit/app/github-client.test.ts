import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { openGithub, tokenOf } from '../../../src/app/github-client.ts'
import { githubSchema } from '../../../src/app/github-config.ts'
import { startGithub, type FakeGithub } from '../../support/github/fake.ts'
import { faultOn } from '../../support/github/faults.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'

const place = { owner: 'boards', repo: 'linux' }
const patience = { throttle: 'off' } as const
const key = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
let server: FencedRepository
let github: FakeGithub
let directory: string

beforeEach(async () => {
  server = createRepository()
  github = await startGithub({ directory: server.path, appKey: key.privateKey })
  github.openPull({ head: server.commit('base', { 'drivers/Makefile': '' }), title: 'Add the board' })
  directory = mkdtempSync(join(tmpdir(), 'github-client-'))
})

afterEach(async () => {
  await github.close()
  server.remove()
  removeDirectory(directory)
})

function file(name: string, text: string): string {
  writeFileSync(join(directory, name), text)
  return join(directory, name)
}

describe('the way to GitHub', () => {
  it('is that of an app with its key, which speaks as its installation', async () => {
    const settings = githubSchema.parse({
      'base-url': github.api,
      app: { id: 4242, 'key-file': file('key', key.privateKey) },
    })
    const client = await openGithub(settings, place, { env: {}, patience })
    await client.octokit.rest.issues.createComment({ ...place, issue_number: 1, body: 'hello' })
    expect(github.pull(1).comments).toMatchObject([{ author: 'kbuild-review[bot]' }])
    expect(await client.token()).toMatch(/^ghs_/)
  })

  it('is that of a token in a file', async () => {
    const settings = githubSchema.parse({ 'base-url': github.api, 'token-file': file('token', 'person-token\n') })
    const client = await openGithub(settings, place, { env: {}, patience })
    await client.octokit.rest.issues.createComment({ ...place, issue_number: 1, body: 'hello' })
    expect(github.pull(1).comments).toMatchObject([{ author: 'maintainer' }])
  })

  it.each([
    ['not there', 'nowhere'],
    ['empty', ''],
  ])('is refused where the file is %s', async (_, text) => {
    const path = text === 'nowhere' ? join(directory, text) : file('token', text)
    const settings = githubSchema.parse({ 'token-file': path })
    await expect(openGithub(settings, place, { env: {}, patience })).rejects.toMatchObject({ code: 'github-setup' })
  })

  it('asks again for what is only read, and never repeats what is written', async () => {
    const settings = githubSchema.parse({ 'base-url': github.api })
    const { octokit } = await openGithub(settings, place, { env: { GH_ENTERPRISE_TOKEN: 'app-token' } })
    github.setFaults(faultOn(/GET/, 'server-error'))
    const { data } = await octokit.rest.pulls.get({ ...place, pull_number: 1 })
    expect(data.title).toBe('Add the board')
    github.setFaults(faultOn(/POST/, 'bad-gateway-after'))
    const write = octokit.rest.issues.createComment({ ...place, issue_number: 1, body: 'hello' })
    await expect(write).rejects.toMatchObject({ status: 502 })
    expect(github.pull(1).comments).toHaveLength(1)
  })
})

describe('the token of the environment', () => {
  const env = {
    GITHUB_TOKEN: 'public',
    GH_ENTERPRISE_TOKEN: 'enterprise',
    GITHUB_API_URL: 'https://ghe.example/api/v3',
  }

  it('goes to the server that it is for, and to no other', () => {
    expect(tokenOf(env, 'https://api.github.com')).toBe('public')
    expect(tokenOf(env, 'https://ghe.example/api/v3')).toBe('public')
    expect(tokenOf(env, 'https://elsewhere.example/api/v3')).toBe('enterprise')
    expect(tokenOf({ GITHUB_TOKEN: 'public' }, 'https://elsewhere.example/api/v3')).toBeNull()
    expect(tokenOf({ GITHUB_TOKEN: '', GH_TOKEN: 'other' }, 'https://api.github.com')).toBe('other')
  })
})
