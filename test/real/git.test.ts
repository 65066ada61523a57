import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { applySeries } from '../../src/git/apply-series.ts'
import { openRepository, openTree, type Repository } from '../../src/git/repository.ts'
import type { PatchOutcome } from '../../src/series/application.ts'
import { assembleSeries } from '../../src/series/assemble.ts'
import type { Patch, Series } from '../../src/series/series.ts'
import { readArchives } from './compare-b4.ts'
import { describeReal } from './support.ts'

const since = Date.UTC(2024, 5, 1)
const until = Date.UTC(2025, 6, 1)

describeReal(
  'a year of linux-kbuild on 6.12',
  ['KBUILD_REVIEW_LORE', 'KBUILD_REVIEW_TREE_6_12'],
  (lore = '', kernel = '') => {
    let repository: Repository
    let scratch: string
    let series: readonly Series[]
    let before: string

    beforeAll(async () => {
      before = stateOf(kernel)
      scratch = mkdtempSync(join(tmpdir(), 'real-git-'))
      const opened = await openRepository(kernel, { environment: process.env, temporaryDirectory: scratch })
      if (opened.kind === 'none') throw new Error(opened.reason)
      repository = opened.repository
      const mails = (await readArchives(lore)).filter(({ date }) => date >= since && date < until)
      series = assembleSeries(mails, { maxMessages: mails.length }).filter(({ rerollOf }) => rerollOf === null)
    })

    afterAll(async () => {
      await repository.close()
      expect(readdirSync(scratch)).toEqual([])
      removeDirectory(scratch)
      expect(stateOf(kernel)).toBe(before)
    })

    it('is listed in a moment, 90,000 entries of it, and agrees with git', async () => {
      const started = performance.now()
      const tree = await openTree(repository, 'HEAD')
      const files: string[] = []
      const open = ['']
      for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
        for (const { name, kind } of tree?.list(directory) ?? []) {
          const path = directory === '' ? name : `${directory}/${name}`
          if (kind === 'directory') open.push(path)
          else files.push(path)
        }
      }
      expect(performance.now() - started).toBeLessThan(3_000)
      const theirs = git(kernel, ['ls-tree', '-r', '-z', '--name-only', 'HEAD']).split('\0').slice(0, -1)
      expect(files.sort()).toEqual(theirs.sort())
    })

    it('applies for the greater part, and says of each other patch which file and hunk', async () => {
      // Every third series: the whole year is what `npm run proof -- series` applies.
      const sample = series.filter((_, index) => index % 3 === 0)
      const outcomes: PatchOutcome[] = []
      for (const one of sample) outcomes.push(...patchesOf((await applySeries(repository, one)).application))
      const count = (how: string): number =>
        outcomes.filter((patch) => (patch.kind === 'applied' ? patch.how : patch.kind) === how).length
      expect(outcomes.length).toBeGreaterThan(400)
      expect(count('clean')).toBeGreaterThan(150)
      expect(count('already-applied')).toBeGreaterThan(30)
      expect(count('fuzz')).toBeGreaterThan(20)
      expect(outcomes.filter((patch) => patch.kind === 'refused' && patch.files.length === 0)).toEqual([])
      expect(count('refused') * 2).toBeLessThan(outcomes.length)
    })

    it('gives the trees that git gives with an index of the whole kernel', async () => {
      const index = join(scratch, 'whole-index')
      const objects = join(scratch, 'objects')
      const own = { GIT_INDEX_FILE: index, GIT_OBJECT_DIRECTORY: repositoryObjects(objects) }
      const env = { ...own, GIT_ALTERNATE_OBJECT_DIRECTORIES: join(kernel, '.git/objects') }
      git(kernel, ['read-tree', 'HEAD'], env)
      cpSync(index, `${index}.clean`)
      const singles = series.flatMap(({ patches }) => patches.slice(0, 1)).filter(({ index: at }) => at === 1)
      let compared = 0
      for (const patch of singles) {
        if (compared >= 24) break
        const { steps, application } = await applySeries(repository, onlyPatch(patch), { given: 'HEAD' })
        if (application.kind !== 'applied' || application.patches[0]?.how !== 'clean') continue
        compared += 1
        cpSync(`${index}.clean`, index)
        git(kernel, ['apply', '--cached', '--whitespace=nowarn', '-'], env, Buffer.from(patch.bytes, 'latin1'))
        expect([patch.title, steps[0]?.after.id]).toEqual([patch.title, git(kernel, ['write-tree'], env).trim()])
      }
      expect(compared).toBe(24)
      for (const name of ['whole-index', 'whole-index.clean', 'objects']) removeDirectory(join(scratch, name))
    })
  },
)

function patchesOf(application: Awaited<ReturnType<typeof applySeries>>['application']): readonly PatchOutcome[] {
  return application.kind === 'no-base' ? [] : application.patches
}

function onlyPatch(patch: Patch): Series {
  const base = { commit: null, prerequisitePatchIds: [], prerequisites: [], branch: null }
  const id = patch.envelope.id
  const none = { cover: null, missing: [], changeId: null, rerollOf: null, supersededBy: null, inferred: [] }
  return { id, version: 1, subject: patch.title, prefixes: [], expected: 1, patches: [patch], base, ...none }
}

function repositoryObjects(path: string): string {
  execFileSync('mkdir', ['-p', path])
  return path
}

function git(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, input?: Buffer): string {
  return execFileSync('git', args, {
    cwd,
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  })
}

/** What a reader of a repository could have left: entries of its git directory with their times, refs, worktrees, status. */
function stateOf(path: string): string {
  const gitDirectory = join(path, '.git')
  const files = readdirSync(gitDirectory).map((name) => `${name} ${statSync(join(gitDirectory, name)).mtimeMs}`)
  const objects = readdirSync(join(gitDirectory, 'objects')).length
  const said = [['for-each-ref'], ['worktree', 'list'], ['status', '--porcelain'], ['count-objects']].map((args) =>
    git(path, args),
  )
  return [...files, objects, ...said].join('\n')
}
