import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { collectSeries } from '../../src/app/collect-series.ts'
import { judgeSeries } from '../../src/app/judge-series.ts'
import { openModels } from '../../src/app/kept-models.ts'
import { openFiles, openKernel, openMailParser } from '../../src/app/wire.ts'
import { createFacts } from '../../src/review/facts.ts'
import { hears } from '../../src/review/level.ts'
import { ignoreCommentRule } from '../../src/review/suppression.ts'
import { rules as allRules } from '../../rules/index.ts'
import { levelOf } from '../../rules/levels.ts'
import { commandLine } from '../support/command-line.ts'
import { rawMails } from './archive.ts'
import { describeReal } from './support.ts'

/** Patches that are applied; the proof of the faces wants a hundred. */
const wanted = Number(process.env['KBUILD_REVIEW_HOOK_PATCHES'] ?? '30')

/** The release is of 17 November 2024; patches of the weeks around it apply to it. */
const since = Date.UTC(2024, 10, 1)

describeReal(
  'git am of real patches with the hook',
  ['KBUILD_REVIEW_LORE', 'KBUILD_REVIEW_TREE_6_12'],
  (lore = '', kernel = '') => {
    let work = ''
    let clone = ''
    let patches: readonly { readonly path: string; readonly plainMs: number }[] = []

    const run = (args: readonly string[], hook: 'on' | 'off') => {
      const env = { ...process.env, KBUILD_REVIEW_HOOK: hook, XDG_CACHE_HOME: join(work, 'cache') }
      const identity = ['-c', 'user.name=A Maintainer', '-c', 'user.email=maintainer@boards.example']
      const started = performance.now()
      const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd: clone, env, encoding: 'utf8' })
      return { status, output: stdout + stderr, ms: performance.now() - started }
    }
    const undo = (): void => {
      run(['am', '--abort'], 'off')
      run(['reset', '--quiet', '--hard', 'start'], 'off')
    }
    const hook = (...args: string[]): string =>
      execFileSync(process.execPath, [...commandLine, 'hook', ...args, '--tree', clone], {
        encoding: 'utf8',
      })

    beforeAll(async () => {
      work = mkdtempSync(join(tmpdir(), 'real-hook-'))
      clone = join(work, 'linux')
      execFileSync('git', ['clone', '--quiet', '--shared', kernel, clone])
      run(['tag', 'start'], 'off')
      patches = await applying(join(lore, 'linux-kbuild'))
      hook('install')
    })
    afterAll(() => {
      hook('uninstall')
      removeDirectory(work)
    })

    /** The first single patches of the list that apply as they are, and how long git takes for them alone. */
    const applying = async (archive: string): Promise<typeof patches> => {
      const found: { path: string; plainMs: number }[] = []
      for (const { raw } of await rawMails(archive)) {
        if (found.length === wanted) break
        if (!isSinglePatch(raw.toString('latin1'))) continue
        const path = join(work, `${found.length}.eml`)
        writeFileSync(path, raw)
        const { status, ms } = run(['am', path], 'off')
        if (status === 0) found.push({ path, plainMs: ms })
        undo()
      }
      return found
    }

    it('ends as `check` does, on every patch, with the same findings', async () => {
      expect(patches).toHaveLength(wanted)
      const check = await openCheck(clone, join(work, 'cache'))
      const overheads: number[] = []
      const stopped: string[] = []
      const wrong: object[] = []
      for (const { path, plainMs } of patches) {
        const expected = await check.findings(path)
        const { status, output, ms } = run(['am', path], 'on')
        const told = [...output.matchAll(/^(\S+): (?:error|warning): .*\[([a-z-]+)\]$/gm)].map(
          ([, at, rule]) => `${at} ${rule}`,
        )
        const title = run(['log', '-1', '--format=%s'], 'off').output.trim()
        if (status === 1) stopped.push(path)
        if (
          status !== (expected.length > 0 ? 1 : 0) ||
          told.sort().join() !== expected.join() ||
          output.includes('not judged')
        )
          wrong.push({ path, title, status, told, expected, output })
        overheads.push(ms - plainMs)
        undo()
      }
      await check.close()
      const [median = NaN] = overheads.toSorted((a, b) => a - b).slice(Math.floor(overheads.length / 2))
      const summary = `${patches.length} patches, ${stopped.length} stopped; the median overhead is ${Math.round(median)} ms`
      process.stdout.write(`${summary}\n`)
      expect(wrong).toEqual([])
    })
  },
)

function isSinglePatch(mail: string): boolean {
  const [head = ''] = mail.split(/\r?\n\r?\n/, 1)
  const date = Date.parse(/^Date: *(.+)$/im.exec(head)?.[1] ?? '')
  return date >= since && /^Subject: *\[PATCH(?: v\d+)?\]/im.test(head) && /^diff --git /m.test(mail)
}

/** What `check FILE` finds of errors and warnings, in the words of its text. */
async function openCheck(tree: string, cacheDirectory: string) {
  const surroundings = { env: process.env, cacheDirectory, clock: Date.now }
  const opened = await openKernel(tree, surroundings)
  if (opened.kind === 'none') throw new Error(opened.reason)
  const { repository } = opened
  const parser = openMailParser()
  const facts = createFacts({ model: openModels(repository, surroundings).model })
  const local = allRules.filter(({ id }) => hears('local', levelOf(id)))
  const rules = [...local, ignoreCommentRule(allRules.map(({ id }) => id))]
  return {
    findings: async (path: string): Promise<readonly string[]> => {
      const { series } = await collectSeries(await openFiles([{ kind: 'path', path }], surroundings, parser))
      const reviews = await Promise.all(series.map((each) => judgeSeries(each, { repository, rules, facts, base: {} })))
      return reviews
        .flatMap(({ findings }) => findings.filter(({ severity }) => severity !== 'info'))
        .map(
          (finding) =>
            `${finding.path === '/patch' ? `patch:${finding.line}` : `${finding.path}:${finding.line}:${finding.column}`} ${finding.rule}`,
        )
        .sort()
    },
    close: async () => {
      await parser.close()
      await repository.close()
    },
  }
}
