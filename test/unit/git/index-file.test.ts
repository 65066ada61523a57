import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { formatIndex, parseIndex } from '../../../src/git/index-file.ts'
import type { TreeItem } from '../../../src/git/tree-object.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'
import { fc } from '../../support/random.ts'

const formats = ['sha1', 'sha256'] as const
const repositories = new Map<string, FencedRepository>()
let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'index-'))
  for (const format of formats) repositories.set(format, createRepository({ format }))
})

afterAll(() => {
  removeDirectory(directory)
  for (const repository of repositories.values()) repository.remove()
})

/** Runs git on an index file. */
function git(format: string, file: string, args: readonly string[], input = ''): string {
  const repository = repositories.get(format)
  const env = { ...repository?.environment, GIT_INDEX_FILE: file }
  return execFileSync('git', args, { cwd: repository?.path, env, input, encoding: 'utf8' })
}

const name = fc.string({
  unit: fc.constantFrom('a', 'b', 'Z', '.c', '-', '_', '0', 'é', ' '),
  minLength: 1,
  maxLength: 12,
})
/** Paths that one tree can have: none is the directory of another, for git drops the one for the other. */
const paths = fc
  .uniqueArray(
    fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => `d/${parts.map((part) => `x${part}`).join('/')}.c`),
    { maxLength: 20 },
  )
  .map((all) => all.filter((path) => !all.some((other) => other.startsWith(`${path}/`))))

function itemsFor(names: readonly string[], format: string): ReadonlyMap<string, TreeItem> {
  const length = format === 'sha1' ? 40 : 64
  const modes = ['100644', '100755', '120000', '160000']
  return new Map(
    names.map((path, index) => [
      path,
      { mode: modes[index % 4] ?? '', id: (index + 1).toString(16).padStart(length, 'a') },
    ]),
  )
}

describe('an index that is written here', () => {
  for (const format of formats) {
    it(`is read by git, and one that git writes is read here (${format})`, () => {
      fc.assert(
        fc.property(paths, (names) => {
          const items = itemsFor(names, format)
          const ours = join(directory, 'ours')
          writeFileSync(ours, formatIndex(items, format))
          const lines = [...items].map(([path, { mode, id }]) => `${mode} ${id} 0\t${path}\0`)
          const listed = git(format, ours, ['ls-files', '--stage', '-z'])
            .split('\0')
            .filter((line) => line !== '')
          expect(listed.sort()).toEqual(lines.map((line) => line.slice(0, -1)).sort())
          const theirs = join(directory, 'theirs')
          rmSync(theirs, { force: true })
          git(format, theirs, ['update-index', '-z', '--index-info'], lines.join(''))
          const parsed = names.length === 0 ? null : parseIndex(readFileSync(theirs), format)
          if (names.length > 0) expect(new Map(parsed?.items)).toEqual(items)
        }),
        { numRuns: 25 },
      )
    })
  }

  it('holds a name of more than 4,095 bytes', () => {
    const items = itemsFor([`d/${'y'.repeat(5000)}`, 'd/z'], 'sha1')
    writeFileSync(join(directory, 'long'), formatIndex(items, 'sha1'))
    expect(git('sha1', join(directory, 'long'), ['ls-files', '-z'])).toBe(`d/${'y'.repeat(5000)}\0d/z\0`)
    expect(parseIndex(readFileSync(join(directory, 'long')), 'sha1')?.items).toEqual(items)
  })

  it('says that a merge is undecided', () => {
    const id = 'a'.repeat(40)
    const stages = [1, 2, 3].map((stage) => `100644 ${id} ${stage}\tMakefile\0`)
    const file = join(directory, 'unmerged')
    git('sha1', file, ['update-index', '-z', '--index-info'], `${stages.join('')}100644 ${id} 0\tKconfig\0`)
    const parsed = parseIndex(readFileSync(file), 'sha1')
    expect(parsed).toEqual({ items: new Map([['Kconfig', { mode: '100644', id }]]), unmerged: true })
  })

  it('is not read where it is of another version, or none', () => {
    const file = join(directory, 'version4')
    git(
      'sha1',
      file,
      ['-c', 'index.version=4', 'update-index', '-z', '--index-info'],
      `100644 ${'a'.repeat(40)} 0\tx\0`,
    )
    expect(parseIndex(readFileSync(file), 'sha1')).toBeNull()
    expect(parseIndex(Buffer.from('not an index'), 'sha1')).toBeNull()
    expect(parseIndex(Buffer.alloc(0), 'sha1')).toBeNull()
  })
})
