// What bench/lint.ts measures, in a process of its own: `probe.ts TREE CACHE` runs all tree rules over all build files of HEAD, with
// nothing kept from earlier.
import { rules } from '../../rules/index.ts'
import { lintKernel } from '../../src/app/lint-kernel.ts'
import { openKernel, openModels } from '../../src/app/wire.ts'

const [directory = '.', cacheDirectory = ''] = process.argv.slice(2)
const surroundings = { env: process.env, cacheDirectory, clock: Date.now }
const opened = await openKernel(directory, surroundings)
if (opened.kind === 'none') throw new Error(opened.reason)
const { repository } = opened
const models = openModels(repository, surroundings)
const lint = await lintKernel({ repository, revision: 'HEAD', rules, paths: [''], models, threads: surroundings })
await repository.close()
if (lint === null) throw new Error('no HEAD')
const { user, system } = process.cpuUsage()
// From the start of the process, with all that it loads.
const seconds = (performance.now() / 1000).toFixed(1)
const cpuSeconds = ((user + system) / 1e6).toFixed(1)
const megabytes = (process.resourceUsage().maxRSS / 1024).toFixed(0)
process.stdout.write(
  `all of 6.12 cold: ${seconds} s, ${cpuSeconds} s of CPU, ${megabytes} MB, ${lint.files} files, ${lint.findings.length} findings\n`,
)
