import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applySeries, type AppliedSeries } from '../../../src/git/apply-series.ts'
import { openRepository, openTree, type Repository } from '../../../src/git/repository.ts'
import { createRepository, type FencedRepository, type Files } from '../../support/git.ts'
import { patchOf, seriesOf } from './patches.ts'

const lines = (...names: string[]): string =>
  names.map((name) => `obj-$(CONFIG_${name}) += ${name.toLowerCase()}.o\n`).join('')

const trees = ['ALDER', 'ASH', 'BEECH', 'BIRCH', 'CEDAR', 'ELM', 'FIR', 'HAZEL', 'LARCH', 'OAK', 'PINE', 'YEW']

const files: Files = {
  'drivers/boards/Makefile': lines(...trees),
  'drivers/boards/alder.c': 'int alder(void)\n{\n\treturn 0;\n}\n',
  'drivers/boards/table.bin': Uint8Array.of(0, 1, 2, 3),
  'drivers/codecs/Makefile': { link: '../boards/Makefile' },
  'scripts/check.sh': { program: '#!/bin/sh\necho check\n' },
}

let fenced: FencedRepository
let repository: Repository
let before: string
let start: string

async function open(): Promise<Repository> {
  before = fenced.snapshot()
  const opened = await openRepository(fenced.path, { environment: fenced.environment })
  if (opened.kind === 'none') throw new Error(opened.reason)
  return (repository = opened.repository)
}

beforeEach(() => {
  fenced = createRepository()
  start = fenced.commit('boards: begin', files)
})

afterEach(async () => {
  await repository.close()
  expect(fenced.snapshot()).toBe(before)
  fenced.remove()
})

/** Applies patches to a commit: `main` unless said otherwise. */
async function apply(patches: readonly string[], given = 'main'): Promise<AppliedSeries> {
  await open()
  return applySeries(repository, seriesOf(patches), { given })
}

/** What was said of each patch: how it went in, or why it was refused. */
function said({ application }: AppliedSeries): readonly unknown[] {
  if (application.kind === 'no-base') return [application.reason]
  return application.patches.map((patch) =>
    patch.kind === 'applied'
      ? `${patch.how}${patch.detail === '' ? '' : `: ${patch.detail}`}`
      : patch.files.map(({ path, reason, hunks }) =>
          [path, reason, ...hunks.map((h) => `${h.number}: ${h.reason}`)].join(' | '),
        ),
  )
}

const treeId = (revision: string): string => fenced.git('rev-parse', `${revision}^{tree}`).trim()

/** A patch that another history of the same files makes: `base` instead of what they are now, then `changed`. */
function foreignPatch(base: Files, changed: Files): string {
  const other = createRepository()
  other.commit('boards: before', { ...files, ...base })
  const text = other.formatPatch(other.commit('boards: change', changed))
  other.remove()
  return text
}

describe('applySeries', () => {
  it('gives each patch the tree that git gave its commit, whatever it changes', async () => {
    const commits = [
      fenced.commit('boards: change, add, delete', {
        'drivers/boards/Makefile': lines(...trees, 'ZELKOVA'),
        'drivers/boards/zelkova.c': 'int zelkova;',
        'scripts/check.sh': null,
        'drivers/boards/empty.c': '',
      }),
      fenced.commit('boards: rename and change', {
        'drivers/boards/alder.c': null,
        'drivers/trees/deep/alder.c': 'int alder(void)\n{\n\treturn 1;\n}\n',
      }),
      fenced.commit('boards: copy', { 'drivers/boards/Makefile.old': lines(...trees, 'ZELKOVA') }),
      fenced.commit('boards: modes, links, bytes', {
        'drivers/boards/zelkova.c': { program: 'int zelkova;' },
        'drivers/codecs/Makefile': 'obj-y += codec.o\n',
        'drivers/boards/empty.c': { link: '../codecs' },
        'drivers/boards/table.bin': Uint8Array.of(0, 3, 2, 1),
      }),
      fenced.commit('boards: odd names', { 'drivers/boards/Größe "x".c': 'int x;\n', 'two words': 'y\r\n' }),
      fenced.commit('boards: nothing at all', {}),
    ]
    const patches = commits.map((commit) => fenced.formatPatch(commit, '-M', '-C', '--find-copies-harder', '--binary'))
    const result = await apply(patches, start)
    expect(said(result)).toEqual([...commits.slice(1).map(() => 'clean'), 'clean: the mail carries no diff'])
    expect(result.steps.map(({ after }) => after.id)).toEqual(commits.map(treeId))
    expect(result.steps.map(({ before: tree }) => tree.id)).toEqual([start, ...commits.slice(0, -1)].map(treeId))
    expect(result.steps[1]?.after.read('drivers/trees/deep/alder.c')).toContain('return 1')
    expect(result.base?.read('drivers/trees/deep/alder.c')).toBeNull()
  })

  it('makes commits whose ids depend on nothing but the series and its base', async () => {
    const commit = fenced.commit('boards: add oak', { 'drivers/boards/oak.c': 'int oak;\n' })
    const patch = fenced.formatPatch(commit)
    const first = await apply([patch], start)
    await repository.close()
    const second = await apply([patch], start)
    expect(second.application).toEqual(first.application)
    const [applied] = second.application.kind === 'applied' ? second.application.patches : []
    expect(applied?.commit).toMatch(/^[\da-f]{40}$/)
    expect((await openTree(repository, applied?.commit ?? ''))?.read('drivers/boards/oak.c')).toBe('int oak;\n')
    const [object] = repository.reader.read([applied?.commit ?? ''], 1 << 20)
    expect(Buffer.from(object?.bytes ?? []).toString()).toBe(
      `tree ${treeId(commit)}\nparent ${start}\n` +
        'author Ada Author <ada@boards.example> 1717243320 +0000\n' +
        'committer Ada Author <ada@boards.example> 1717243320 +0000\n\nboards: add oak\n',
    )
  })

  it('says where hunks went that found their lines elsewhere', async () => {
    const patch = foreignPatch(
      { 'drivers/boards/Makefile': lines(...trees.slice(3)) },
      { 'drivers/boards/Makefile': lines(...trees.slice(3), 'ZELKOVA') },
    )
    expect(said(await apply([patch]))).toEqual(['clean: drivers/boards/Makefile hunk 1: 3 lines further down'])
  })

  it('sees that a patch is in already, with other changes around it', async () => {
    const commit = fenced.commit('boards: add zelkova', { 'drivers/boards/Makefile': lines(...trees, 'ZELKOVA') })
    fenced.commit('boards: add acer', { 'drivers/boards/Makefile': lines('ACER', ...trees, 'ZELKOVA') })
    const result = await apply([fenced.formatPatch(commit)])
    expect(said(result)).toEqual(['already-applied'])
    expect(result.steps[0]?.after.id).toBe(treeId('main'))
  })

  it('sees that deletions, renames and modes are in already', async () => {
    const commit = fenced.commit('boards: move', {
      'drivers/boards/alder.c': null,
      'drivers/boards/maple.c': 'int alder(void)\n{\n\treturn 0;\n}\n',
      'scripts/check.sh': '#!/bin/sh\necho check\n',
      'drivers/boards/table.bin': null,
    })
    const patch = fenced.formatPatch(commit, '-M', '--binary')
    expect(said(await apply([patch]))).toEqual(['already-applied'])
  })

  it('merges with the version that a patch is for, where the repository has it', async () => {
    const changed = fenced.commit('boards: add maple', {
      'drivers/boards/Makefile': lines(...trees.slice(0, 6), 'MAPLE', ...trees.slice(6)),
    })
    const patch = fenced.formatPatch(changed, '--full-index')
    fenced.git('checkout', '--quiet', start)
    fenced.commit('boards: drop fir, add holly', {
      'drivers/boards/Makefile': lines(...trees.slice(0, 4), 'HOLLY', ...trees.slice(4)),
    })
    const result = await apply([patch], 'HEAD')
    expect(said(result)).toEqual(['three-way: merged with the versions that its index lines name'])
    expect(result.steps[0]?.after.read('drivers/boards/Makefile')).toBe(
      lines(...trees.slice(0, 4), 'HOLLY', ...trees.slice(4, 6), 'MAPLE', ...trees.slice(6)),
    )
  })

  it('leaves no trace of a merge that has conflicts', async () => {
    const changed = fenced.commit('boards: rename cedar', {
      'drivers/boards/Makefile': lines(...trees).replace('cedar.o', 'cypress.o'),
    })
    const patch = fenced.formatPatch(changed, '--full-index')
    fenced.git('checkout', '--quiet', start)
    fenced.commit('boards: rename cedar otherwise', {
      'drivers/boards/Makefile': lines(...trees).replace('cedar.o', 'juniper.o'),
    })
    const more = foreignPatch({}, { 'drivers/boards/alder.c': 'int alder(void)\n{\n\treturn 2;\n}\n' })
    expect(said(await apply([patch, more], 'HEAD'))).toEqual([
      [
        'drivers/boards/Makefile | 1 of 1 hunk cannot be applied | ' +
          '1: line 5 is `obj-$(CONFIG_CEDAR) += juniper.o` where the patch has `obj-$(CONFIG_CEDAR) += cedar.o`',
      ],
      'clean',
    ])
  })

  it('applies with fuzz where the context differs at its end, and keeps the mode', async () => {
    const patch = foreignPatch(
      {
        'drivers/boards/Makefile': lines('ACER', ...trees.slice(1)),
        'scripts/check.sh': { program: '#!/bin/sh\necho check\n\n' },
      },
      {
        'drivers/boards/Makefile': lines('ACER', ...trees.slice(1, 3), 'BIRD', ...trees.slice(3)),
        'scripts/check.sh': { program: '#!/bin/sh\nset -e\necho check\n\n' },
        'drivers/boards/bird.c': 'int bird;\n',
      },
    )
    const result = await apply([patch])
    expect(said(result)).toEqual(['fuzz: drivers/boards/Makefile hunk 1: fuzz 1; scripts/check.sh hunk 1: fuzz 1'])
    const after = result.steps[0]?.after
    expect(after?.read('drivers/boards/Makefile')).toBe(lines(...trees.slice(0, 3), 'BIRD', ...trees.slice(3)))
    expect(after?.read('drivers/boards/bird.c')).toBe('int bird;\n')
    expect(after?.isExecutable('scripts/check.sh')).toBe(true)
  })

  it('renames and deletes with fuzz', async () => {
    const patch = foreignPatch(
      { 'drivers/boards/alder.c': 'long alder(void)\n{\n\treturn 0;\n}\n' },
      { 'drivers/boards/alder.c': null, 'drivers/boards/maple.c': 'long alder(void)\n{\n\treturn 7;\n}\n' },
    )
    const result = await apply([patch])
    expect(said(result)).toEqual(['fuzz: drivers/boards/maple.c hunk 1: fuzz 1'])
    expect(result.steps[0]?.after.read('drivers/boards/maple.c')).toContain('return 7')
    expect(result.steps[0]?.after.read('drivers/boards/alder.c')).toBeNull()
  })

  it('does not take for applied what GNU patch puts down blindly, or a second time', async () => {
    const blind = foreignPatch(
      { 'drivers/boards/Makefile': lines('A', 'B', 'C', 'D', 'E', 'F') },
      { 'drivers/boards/Makefile': lines('A', 'B', 'C', 'MAPLE', 'D', 'E', 'F') },
    )
    const again = foreignPatch(
      { 'drivers/boards/Makefile': lines('ALDER', 'BEECH', 'CEDAR', 'ELM', 'FIR', 'HAZEL') },
      { 'drivers/boards/Makefile': lines('ALDER', 'ASH', 'BEECH', 'CEDAR', 'ELM', 'FIR', 'HAZEL') },
    )
    expect(said(await apply([blind, again]))).toEqual([
      ['drivers/boards/Makefile | 1 of 1 hunk cannot be applied | 1: none of its lines is in the file'],
      ['drivers/boards/Makefile | 1 of 1 hunk cannot be applied | 1: its new lines are there already'],
    ])
  })

  it('explains every file of a patch that cannot be applied', async () => {
    const base: Files = {
      'drivers/boards/Makefile': lines(...trees).replace('elm.o', 'elm.o wych.o'),
      'drivers/boards/gone.c': 'int gone;\n',
      'drivers/boards/table.bin': Uint8Array.of(0, 9, 9, 9),
      'drivers/codecs/Makefile': 'obj-y += codec.o\n',
      'drivers/boards/alder.c': null,
    }
    const patch = foreignPatch(base, {
      'drivers/boards/Makefile': lines(...trees).replace('elm.o', 'elm.o wych.o cork.o'),
      'drivers/boards/gone.c': 'long gone;\n',
      'drivers/boards/table.bin': Uint8Array.of(0, 8, 8, 8),
      'drivers/codecs/Makefile': 'obj-m += codec.o\n',
      'drivers/boards/alder.c': 'int alder;\n',
    })
    expect(said(await apply([patch]))).toEqual([
      [
        'drivers/boards/Makefile | 1 of 1 hunk cannot be applied | ' +
          '1: line 6 is `obj-$(CONFIG_ELM) += elm.o` where the patch has `obj-$(CONFIG_ELM) += elm.o wych.o`',
        'drivers/boards/alder.c | is in the tree already',
        'drivers/boards/gone.c | is not in the tree',
        'drivers/boards/table.bin | is binary, and another one than the patch is for',
        'drivers/codecs/Makefile | is a symbolic link, and another one than the patch is for',
      ],
    ])
  })

  it('tries the patches after a refused one on the tree without it', async () => {
    const lost = foreignPatch({ 'drivers/boards/lost.c': 'int lost;\n' }, { 'drivers/boards/lost.c': 'long lost;\n' })
    const oak = foreignPatch({}, { 'drivers/boards/oak.c': 'int oak;\n' })
    const after = foreignPatch({ 'drivers/boards/oak.c': 'int oak;\n' }, { 'drivers/boards/oak.c': 'long oak;\n' })
    const result = await apply([lost, oak, after])
    expect(said(result)).toEqual([['drivers/boards/lost.c | is not in the tree'], 'clean', 'clean'])
    expect(result.steps.map(({ index }) => index)).toEqual([2, 3])
    expect(result.application).toMatchObject({ kind: 'conflict', first: { index: 1, kind: 'refused' } })
  })

  it('refuses a file where a directory is, and a file below a file or a link', async () => {
    const mail = (path: string): string => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+int x;\n`
    expect(
      said(await apply(['drivers/boards', 'scripts/check.sh/x.c', 'drivers/codecs/Makefile/x.c'].map(mail))),
    ).toEqual([
      ['drivers/boards | is a directory'],
      ['scripts/check.sh/x.c | `scripts/check.sh` is a file'],
      ['drivers/codecs/Makefile/x.c | `drivers/codecs/Makefile` is a file'],
    ])
  })

  it('does not apply a diff that was damaged, or that names a path outside', async () => {
    const evil = ['../outside.c', '/etc/outside.c', '.git/hooks/outside', 'drivers/.GIT/config'].map(
      (path) => `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+int x;\n`,
    )
    const cut = '--- a/drivers/boards/alder.c\n+++ b/drivers/boards/alder.c\n@@ -1,4 +1,4 @@\n int alder(void)\n {\n'
    const result = await apply([...evil, cut])
    expect(said(result).map((files) => String(files).replace(/^.*\| /, ''))).toEqual([
      'the diff is damaged at line 1 of the mail: the path `../outside.c` leads out of the tree',
      'the diff is damaged at line 1 of the mail: the path `/etc/outside.c` is absolute',
      "the diff is damaged at line 1 of the mail: the path `.git/hooks/outside` lies in git's own directory",
      "the diff is damaged at line 1 of the mail: the path `drivers/.GIT/config` lies in git's own directory",
      'the diff is damaged at line 6 of the mail: the diff ends inside a hunk: 4 old and 4 new lines are announced',
    ])
    expect(result.steps).toEqual([])
  })

  it('says of a symbolic link that it leads out of the tree', async () => {
    const commit = fenced.commit('boards: link', {
      'drivers/boards/inside': { link: '../codecs/../../scripts' },
      'drivers/boards/outside': { link: '../../../etc/passwd' },
      absolute: { link: '/etc/passwd' },
    })
    expect(said(await apply([fenced.formatPatch(commit)], start))).toEqual([
      'clean: the symbolic link absolute leads out of the tree; ' +
        'the symbolic link drivers/boards/outside leads out of the tree',
    ])
  })

  it('applies what other tools and mailers make of a diff', async () => {
    const change = ' int alder(void)\n {\n-\treturn 0;\n+\treturn 1;\n }\n'
    const hunk = `@@ -1,4 +1,4 @@\n${change}`
    const mails = {
      'without prefixes': `diff --git drivers/boards/alder.c drivers/boards/alder.c\n--- drivers/boards/alder.c\n+++ drivers/boards/alder.c\n${hunk}`,
      'diff -u': `--- linux/drivers/boards/alder.c\t2024-06-01\n+++ linux-new/drivers/boards/alder.c\t2024-06-02\n${hunk}`,
      'CRLF on the way': `--- a/drivers/boards/alder.c\n+++ b/drivers/boards/alder.c\n${hunk}-- \n2.40\n`.replaceAll(
        '\n',
        '\r\n',
      ),
      'prose that looks like a diff': `--- drivers/boards/oak.c\nwas wrong.\n--- a/drivers/boards/alder.c\n+++ b/drivers/boards/alder.c\n${hunk}`,
    }
    await open()
    for (const [what, text] of Object.entries(mails)) {
      const result = await applySeries(repository, seriesOf([text]), { given: 'main' })
      expect([what, ...said(result)]).toEqual([what, 'clean'])
      expect(result.steps[0]?.after.read('drivers/boards/alder.c')).toBe('int alder(void)\n{\n\treturn 1;\n}\n')
    }
  })

  it('keeps the line ends of a file in CRLF', async () => {
    start = fenced.commit('boards: add readme', { 'readme.txt': 'one\r\ntwo\r\nthree\r\n' })
    const commit = fenced.commit('boards: change readme', { 'readme.txt': 'one\r\n2\r\nthree\r\n' })
    const result = await apply([fenced.formatPatch(commit)], start)
    expect(result.steps[0]?.after.id).toBe(treeId(commit))
  })

  it('works in a repository with sha256 ids', async () => {
    fenced.remove()
    fenced = createRepository({ format: 'sha256' })
    start = fenced.commit('boards: begin', files)
    const commit = fenced.commit('boards: change', { 'drivers/boards/Makefile': lines('YEW') })
    const result = await apply([fenced.formatPatch(commit)], start)
    expect(result.steps[0]?.after.id).toBe(treeId(commit))
  })

  it('is not led astray by the configuration and the hooks of the repository', async () => {
    for (const [key, value] of [
      ['apply.whitespace', 'fix'],
      ['core.autocrlf', 'true'],
      ['core.hooksPath', '/nonexistent'],
      ['index.version', '4'],
      ['rerere.enabled', 'true'],
      ['core.fsmonitor', 'touch /tmp/never'],
    ] as const) {
      fenced.git('config', key, value)
    }
    fenced.git('config', 'core.autocrlf', 'false')
    const commit = fenced.commit('boards: blanks', { 'drivers/boards/alder.c': 'int alder;   \n' })
    fenced.git('config', 'core.autocrlf', 'true')
    const result = await apply([fenced.formatPatch(commit)], start)
    expect(result.steps[0]?.after.read('drivers/boards/alder.c')).toBe('int alder;   \n')
  })

  it('stops where the caller says so', async () => {
    await open()
    const commit = fenced.git('rev-parse', 'HEAD').trim()
    const stop = new AbortController()
    stop.abort()
    const series = seriesOf([fenced.formatPatch(commit)])
    await expect(applySeries(repository, series, { given: 'main', signal: stop.signal })).rejects.toMatchObject({
      code: 'aborted',
    })
  })

  it('reads the author that a mail names, without what would break a commit', async () => {
    await open()
    const patch = patchOf(foreignPatch({}, { 'drivers/boards/oak.c': 'int oak;\n' }))
    const author = { name: 'Ada <evil>\nparent 0000', address: 'ada@boards.example>\n' }
    const series = { ...seriesOf([]), patches: [{ ...patch, author, date: -5, title: 'a\0b' }] }
    const { application } = await applySeries(repository, series, { given: 'main' })
    const commit = application.kind === 'applied' ? application.patches[0]?.commit : ''
    const [object] = repository.reader.read([commit ?? ''], 1 << 20)
    expect(Buffer.from(object?.bytes ?? []).toString()).toContain(
      '\nauthor Ada evilparent 0000 <ada@boards.example> 0 +0000\n',
    )
    expect(Buffer.from(object?.bytes ?? []).toString()).toMatch(/\n\nab\n/)
  })
})
