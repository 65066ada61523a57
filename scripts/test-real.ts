/**
 * `npm run test:real`: the tests on real mails, kernels and services. Says what it skips and why.
 */
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { layOutReference, referenceEnvironment } from './reference.ts'

const root = resolve(import.meta.dirname, '..')
const say = (text: string): void => {
  process.stderr.write(`test:real: ${text}\n`)
}

const reference = layOutReference(root, process.env, say)
if (reference === null)
  say('skipped: tests on list archives and kernels, because neither KBUILD_REVIEW_SHARED nor ../shared is there')
for (const [command, what] of [
  ['b4', 'the comparison with b4 am'],
  ['make', 'the oracles that GNU make answers'],
  ['patch', 'applying with fuzz'],
  ['public-inbox-index', 'lists that public-inbox serves'],
  ['/usr/sbin/dovecot', 'mailboxes that dovecot serves'],
] as const) {
  if (spawnSync(command, ['--version'], { stdio: 'ignore' }).error)
    say(`skipped: ${what}, because ${command} is not installed`)
}

const result = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...(reference ? referenceEnvironment(reference) : {}), KBUILD_REVIEW_REAL: '1' },
  },
)
process.exit(result.status ?? 130)
