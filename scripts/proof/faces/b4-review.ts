import { spawnSync } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { z } from 'zod'
import { unpackPackages } from './debian-packages.ts'
import type { KernelCopy } from './kernel-copy.ts'

/** What b4 made of a check command's answers, and what was not as it should be. */
export type B4Seen = { readonly version: string; readonly patches: number; readonly wrong: readonly string[] }

/** A mail of a thread, and what b4 must show of it: a status, and the rules that are named in its details. */
export type B4Mail = {
  readonly id: string
  readonly bytes: Buffer
  readonly expected: { readonly status: 'pass' | 'warn' | 'fail'; readonly rules: readonly string[] }
}

const result = z.strictObject({
  tool: z.string(),
  status: z.enum(['pass', 'warn', 'fail']),
  summary: z.string(),
  url: z.string(),
  details: z.string(),
})
const answer = z.object({
  b4: z.string(),
  commands: z.tuple([z.array(z.string()), z.array(z.string())]),
  perpatch: z.record(z.string(), z.array(result)),
  series: z.array(result),
})

/**
 * Lets b4 check patches with the configuration that README.md gives: b4's code for `b4 review`, of the newest Debian, reads the
 * command from git's configuration, hands over each mail as it does, and takes the answer apart.
 */
export function checkWithB4(
  mails: readonly B4Mail[],
  { copy, root, say }: { readonly copy: KernelCopy; readonly root: string; readonly say: (text: string) => void },
): B4Seen {
  const b4 = unpackPackages('sid', ['b4', 'python3-liblore', 'python3-ezgb', 'python3-patatt'], say)
  const bin = join(copy.work, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(
    join(bin, 'kbuild-review'),
    `#!/bin/sh\nexec '${process.execPath}' --disable-warning=ExperimentalWarning '${join(root, 'src/cli/main.ts')}' "$@"\n`,
  )
  chmodSync(join(bin, 'kbuild-review'), 0o755)
  appendFileSync(join(copy.directory, '.git/config'), configurationOf(readFileSync(join(root, 'README.md'), 'utf8')))
  const thread = join(copy.work, 'thread.mbox')
  writeFileSync(thread, Buffer.concat(mails.map(({ bytes }) => mboxEntry(bytes))))
  const ran = spawnSync('/usr/bin/python3', [join(import.meta.dirname, 'b4-review.py'), thread], {
    cwd: copy.directory,
    encoding: 'utf8',
    env: {
      ...copy.environment,
      PATH: `${bin}${delimiter}${copy.environment['PATH'] ?? ''}`,
      PYTHONPATH: join(b4, 'usr/lib/python3/dist-packages'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  })
  if (ran.status !== 0) throw new Error(`b4: ${ran.stderr}`)
  const shown = answer.parse(JSON.parse(ran.stdout))
  const wrong = mails.flatMap(({ id, expected }) => {
    const results = shown.perpatch[id] ?? []
    const [first] = results
    if (results.length !== 1 || first?.tool !== 'kbuild-review') return [`${id}: ${JSON.stringify(results)}`]
    const rules = expected.rules.filter((rule) => !first.details.includes(`[${rule}]`))
    if (first.status === expected.status && first.summary !== '' && rules.length === 0) return []
    return [`${id}: ${JSON.stringify(first)} and not ${JSON.stringify(expected)}`]
  })
  return { version: shown.b4, patches: Object.keys(shown.perpatch).length, wrong }
}

/** The lines that README.md tells people to put into git's configuration. b4 passes over `review-*` in a .b4-config (b4/__init__.py, `wtglobs`). */
function configurationOf(readme: string): string {
  const [, lines] = /^ {4}\[b4\]\n((?: {8}.*\n)+)/m.exec(readme) ?? []
  if (lines === undefined) throw new Error('README.md has no configuration for b4')
  return `[b4]\n${lines}`
}

/** As mailbox.mbox of Python reads it: lines that look like the beginning of a mail are quoted. */
function mboxEntry(bytes: Buffer): Buffer {
  const text = bytes
    .toString('latin1')
    .replace(/^From .*\n/, '')
    .replaceAll(/^From /gm, '>From ')
  return Buffer.from(`From mboxrd@z Thu Jan  1 00:00:00 1970\n${text}\n`, 'latin1')
}
