import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRange, type RangeOptions, type RangeResult } from '../../../src/git/range.ts'
import { openRepository, type Repository } from '../../../src/git/repository.ts'
import { createRepository, type FencedRepository } from '../../support/git.ts'

let fenced: FencedRepository
let repository: Repository
let before: string

beforeEach(() => {
  fenced = createRepository()
  fenced.commit('boards: begin', { 'drivers/boards/Makefile': 'obj-y += alder.o\n' })
  fenced.git('tag', 'start')
})

afterEach(async () => {
  await repository.close()
  expect(fenced.snapshot()).toBe(before)
  fenced.remove()
})

async function read(range: string, options: RangeOptions = {}): Promise<RangeResult> {
  before = fenced.snapshot()
  const opened = await openRepository(fenced.path, { environment: fenced.environment })
  if (opened.kind === 'none') throw new Error(opened.reason)
  repository = opened.repository
  return readRange(repository, range, options)
}

const said = (result: RangeResult): unknown =>
  result.kind === 'none' ? result.reason : result.series.patches.map(({ title }) => title)

describe('readRange', () => {
  it('makes a patch of each commit, oldest first, on the trees that the commits have', async () => {
    fenced.commit('boards: add birch\n\nA board of its own.\n\nSigned-off-by: Ada <ada@boards.example>', {
      'drivers/boards/Makefile': 'obj-y += alder.o\nobj-y += birch.o\n',
    })
    fenced.commit('boards: größer', { 'drivers/boards/birch.c': '/* größer */\n' })
    const result = await read('start..')
    if (result.kind === 'none') throw new Error(result.reason)
    const { series, applied } = result
    const [birch] = series.patches
    expect(said(result)).toEqual(['boards: add birch', 'boards: größer'])
    expect(birch).toMatchObject({
      index: 1,
      total: 2,
      author: { name: 'Ada Author', address: 'ada@boards.example' },
      date: Date.UTC(2024, 5, 1, 12, 2),
      log: 'A board of its own.\n\nSigned-off-by: Ada <ada@boards.example>',
      trailers: [{ name: 'Signed-off-by', value: 'Ada <ada@boards.example>', from: null }],
      problems: [],
      envelope: { id: fenced.git('rev-parse', 'HEAD~').trim(), origin: { kind: 'commit' } },
    })
    const line = birch?.files[0]?.hunks[0]?.lines.find(({ kind }) => kind === 'add')
    expect(birch?.text.split('\n')[(line?.patchLine ?? 0) - 1]).toBe('+obj-y += birch.o')
    expect(Buffer.from(series.patches[1]?.bytes ?? '', 'latin1').toString()).toContain('+/* größer */')
    expect(applied.steps.map(({ before: from, after }) => [from.id, after.id])).toEqual([
      [fenced.git('rev-parse', 'HEAD~2^{tree}').trim(), fenced.git('rev-parse', 'HEAD~^{tree}').trim()],
      [fenced.git('rev-parse', 'HEAD~^{tree}').trim(), fenced.git('rev-parse', 'HEAD^{tree}').trim()],
    ])
    expect(applied.application).toMatchObject({
      kind: 'applied',
      base: { commit: fenced.git('rev-parse', 'start').trim(), how: 'given', certain: true },
    })
  })

  it('reads one revision, and the first commit of all on an empty tree', async () => {
    const result = await read('start')
    expect(said(result)).toEqual(['boards: begin'])
    if (result.kind === 'series') {
      expect(result.applied.base?.list('')).toEqual([])
      expect(result.series.patches[0]?.files[0]?.kind).toBe('add')
    }
  })

  it('leaves merges out, and says so; what they merged is read', async () => {
    fenced.git('checkout', '--quiet', '-b', 'codecs')
    fenced.commit('codecs: begin', { 'drivers/codecs/Makefile': 'obj-y += codec.o\n' })
    fenced.git('checkout', '--quiet', 'main')
    fenced.commit('boards: add birch', { 'drivers/boards/birch.c': 'int birch;\n' })
    fenced.git('merge', '--quiet', '--no-edit', 'codecs')
    const result = await read('start..main')
    expect(said(result)).toEqual(['boards: add birch', 'codecs: begin'])
    expect(result.kind === 'series' ? result.series.inferred : []).toEqual([
      expect.stringMatching(/^merge [\da-f]{12} is left out/),
    ])
  })

  it('shows renames, programs and bytes, whatever the configuration says of diffs', async () => {
    for (const [key, value] of [
      ['diff.noprefix', 'true'],
      ['diff.renames', 'false'],
      ['diff.external', 'false'],
      ['diff.context', '0'],
      ['format.pretty', 'oneline'],
      ['log.showSignature', 'true'],
      ['color.ui', 'always'],
    ] as const) {
      fenced.git('config', key, value)
    }
    fenced.commit('boards: move', {
      'drivers/boards/Makefile': null,
      'drivers/trees/Makefile': 'obj-y += alder.o\n',
      'scripts/check.sh': { program: 'echo\n' },
      'table.bin': Uint8Array.of(0, 1),
    })
    const result = await read('start..HEAD')
    const files = result.kind === 'series' ? (result.series.patches[0]?.files ?? []) : []
    expect(
      files.map(({ kind, oldPath, newPath, newMode, binary }) => [kind, oldPath, newPath, newMode, binary]),
    ).toEqual([
      ['rename', 'drivers/boards/Makefile', 'drivers/trees/Makefile', null, false],
      ['add', null, 'scripts/check.sh', '100755', false],
      ['add', null, 'table.bin', '100644', true],
    ])
  })

  it('says why a range is none', async () => {
    fenced.commit('boards: add birch', { 'drivers/boards/birch.c': 'int birch;\n' })
    fenced.commit('boards: add cedar', { 'drivers/boards/cedar.c': 'int cedar;\n' })
    expect(said(await read('nowhere..HEAD'))).toContain('bad revision')
    for (const [range, reason] of [
      ['HEAD..start', '`HEAD..start` has no commits'],
      ['start...HEAD', '`start...HEAD` is a symmetric difference, not a range'],
      ['--all', '`--all` is no range of commits: it is an option'],
    ] as const) {
      expect(said(await readRange(repository, range))).toBe(reason)
    }
    expect(said(await readRange(repository, 'start..HEAD', { maxCommits: 1 }))).toBe(
      '`start..HEAD` has more than 1 commits',
    )
  })
})
