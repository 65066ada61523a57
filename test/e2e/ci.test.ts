import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'

const run = resolve(import.meta.dirname, '../../.ci/run')
const top = mkdtempSync(join(tmpdir(), 'kbuild-review-ci-'))
afterAll(() => removeDirectory(top))

type Npm = {
  /** What the report of `npm test` says; left out, none is written. */
  readonly report?: object
  readonly status?: number
  readonly prints?: string
  /** A task that fails. */
  readonly failing?: string
}

/** What .ci/run says where npm does this, from the list of what failed on. */
function ci({ report, status = 0, prints = '', failing = 'none' }: Npm): { status: number | null; said: string } {
  const bin = mkdtempSync(join(top, 'bin-'))
  const program = (name: string, script: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  writeFileSync(join(bin, 'report'), report === undefined ? '' : JSON.stringify(report))
  writeFileSync(join(bin, 'prints'), prints)
  program(
    'npm',
    `case "$*" in
test*) cat '${bin}/prints'; cp '${bin}/report' "\${5#--outputFile.json=}"; exit ${status} ;;
*${failing}) echo 'pump.ts: not as it should be'; exit 2 ;;
esac`,
  )
  // Nothing is installed by who is not root.
  program('id', 'echo 1000')
  const env = {
    ...process.env,
    PATH: [bin, process.env['PATH']].join(delimiter),
    KBUILD_REVIEW_SHARED: join(bin, 'none'),
  }
  const { status: ended, stdout } = spawnSync(run, { env, encoding: 'utf8' })
  const from = stdout.indexOf('ci: what failed')
  return { status: ended, said: from === -1 ? (stdout.trim().split('\n').at(-1) ?? '') : stdout.slice(from) }
}

const passing = { numPassedTests: 3, numFailedTests: 0, testResults: [] }
const file = (name: string, rest: object): object => ({ name: `/src/test/unit/${name}.test.ts`, message: '', ...rest })

it('passes where all tests do', () => {
  expect(ci({ report: passing })).toEqual({ status: 0, said: '3 passed, 0 failed' })
})

it('names each test that failed, and each file that could not be loaded or cleared away', () => {
  const failed = {
    status: 'failed',
    fullName: 'a pump runs dry',
    failureMessages: ['expected 1 to be 2\n  at pump.ts:3'],
  }
  const testResults = [
    file('pump', { status: 'failed', assertionResults: [{ status: 'passed' }, failed] }),
    file('valve', { status: 'failed', message: 'ENOTEMPTY: not empty', assertionResults: [{ status: 'passed' }] }),
  ]
  expect(ci({ report: { numPassedTests: 2, numFailedTests: 1, testResults }, status: 1 })).toEqual({
    status: 1,
    said: `ci: what failed:
  test/unit/pump.test.ts a pump runs dry
      expected 1 to be 2
        at pump.ts:3
  test/unit/valve.test.ts 
      ENOTEMPTY: not empty
2 passed, 2 failed
`,
  })
})

it('names what belongs to no test', () => {
  const prints = 'all is well\nUnhandled Rejection\nError: a pipe broke\n'
  expect(ci({ report: passing, status: 1, prints })).toEqual({
    status: 1,
    said: expect.stringMatching(
      /exit 1 although no test failed: npm test .*\n {6}Unhandled Rejection\n {6}Error: a pipe broke\n3 passed, 1 failed\n$/,
    ) as string,
  })
  expect(ci({ report: passing, failing: 'build' })).toEqual({
    status: 1,
    said: `ci: what failed:
  exit 2: npm run --silent build
      pump.ts: not as it should be
3 passed, 1 failed
`,
  })
})

it('fails where no test was run', () => {
  expect(ci({ prints: 'out of memory\n', status: 134 }).said).toMatch(
    /no test was run: npm test .*\n {6}out of memory\n0 passed, 1 failed\n$/,
  )
  const nothing = { numPassedTests: 0, numFailedTests: 0, testResults: [] }
  expect(ci({ report: nothing })).toEqual({
    status: 1,
    said: 'ci: what failed:\n  no test at all\n0 passed, 1 failed\n',
  })
})
