import { appendFileSync, readFileSync } from 'node:fs'

// usage: node tally.mjs REPORT NAMES: prints how many tests of a JSON report of vitest passed and failed, and appends to the file NAMES
// which failed, each with the first lines of why.
const [report, names] = process.argv.slice(2)
const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))

const failed = testResults.flatMap(({ name, status, message, assertionResults }) => {
  const tests = assertionResults.filter((test) => test.status === 'failed')
  if (tests.length === 0) return status === 'failed' ? [describe(name, '', message)] : []
  return tests.map(({ fullName, failureMessages }) => describe(name, fullName, failureMessages[0] ?? ''))
})

function describe(file, test, why) {
  const reason = why
    .split('\n')
    .slice(0, 12)
    .map((line) => `    ${line.slice(0, 300)}\n`)
  return `${file.slice(file.lastIndexOf('/test/') + 1)} ${test}\n${reason.join('')}`
}

if (failed.length > 0) appendFileSync(names, failed.join(''))
// A file that could not even be loaded holds no test that failed.
process.stdout.write(`${numPassedTests} ${Math.max(numFailedTests, failed.length)}\n`)
