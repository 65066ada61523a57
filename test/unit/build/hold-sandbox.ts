/** Opens sandbox after sandbox and runs a command without end in each, until it is killed. usage: hold-sandbox.ts DIRECTORY WORD */
import { probeSandbox } from '../../../src/build/sandbox-probe.ts'
import { openSandbox } from '../../../src/build/sandbox.ts'

const [temporaryDirectory = '', word = ''] = process.argv.slice(2)
const probe = await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory })
if (probe.kind === 'missing') throw new Error(probe.reason)
const limits = { seconds: 60, memory: 64 * 2 ** 20, processes: 64, disk: 2 ** 20, log: 1000 }
for (;;) {
  const ground = { kind: 'layers', layers: [] } as const
  const opened = await openSandbox({
    support: probe.support,
    limits,
    ground,
    evidence: null,
    directories: [],
    environment: {},
  })
  if (opened.kind === 'failed') throw new Error(opened.reason)
  const script = `sleep ${word} & setsid sleep ${word} & wait`
  const command = { command: ['sh', '-c', script], directory: '/build', timeoutMs: 100 }
  process.stdout.write('running\n')
  await opened.sandbox.run(command)
  await opened.sandbox.close()
}
