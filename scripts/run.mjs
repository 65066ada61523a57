/**
 * Runs a task of package.json under Node 24 with the packages installed, whatever Node and whatever state it finds.
 *
 * usage: node scripts/run.mjs TASK [ARGS...]
 */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { ensureNode, ensurePackages, root } from './bootstrap.mjs'

const bin = (name) => join(root, 'node_modules', ...name.split('/'))
const vitest = [bin('vitest/vitest.mjs')]
const tsc = [bin('typescript/bin/tsc')]
const prettier = [bin('prettier/bin/prettier.cjs')]

/** Each task is the commands it runs one after the other; the first that fails ends it. `...` stands for further arguments. */
const tasks = {
  demo: [['scripts/demo.ts', '...']],
  test: [
    [...tsc, '--noEmit'],
    [...vitest, 'run', '...'],
  ],
  'test:real': [['scripts/test-real.ts', '...']],
  proof: [['scripts/proof.ts', '...']],
  bench: [['bench/run.ts', '...']],
  lint: [
    [bin('eslint/bin/eslint.js'), '--max-warnings=0', '.'],
    [...prettier, '--check', '--log-level=warn', '.'],
  ],
  format: [[...prettier, '--write', '--log-level=warn', '.']],
  coverage: [[...vitest, 'run', '--coverage', '...']],
  build: [
    [...tsc, '-p', 'tsconfig.build.json'],
    [bin('publint/src/cli.js'), '--strict'],
  ],
  'new-rule': [['scripts/new-rule.ts', '...']],
}

function run(node, args) {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ''}` }
    const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], { cwd: root, stdio: 'inherit', env })
    // Ctrl-C reaches the whole foreground group by itself; a SIGTERM reaches only this process.
    process.on('SIGINT', () => {})
    process.once('SIGTERM', () => child.kill('SIGTERM'))
    child.on('exit', (code, signal) => resolve(signal === 'SIGINT' ? 130 : (code ?? 3)))
  })
}

const [name, ...rest] = process.argv.slice(2)
const commands = tasks[name]
if (!commands) {
  process.stderr.write(`usage: node scripts/run.mjs ${Object.keys(tasks).join('|')} [ARGS...]\n`)
  process.exit(2)
}
const node = ensureNode()
ensurePackages(node)
for (const command of commands) {
  const status = await run(
    node,
    command.flatMap((word) => (word === '...' ? rest : [word])),
  )
  if (status !== 0) process.exit(status)
}
