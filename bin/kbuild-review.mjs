#!/usr/bin/env node
/**
 * Starts the command line: from dist/ where the package was installed, from src/ in a checkout.
 * In a checkout under an older Node it first brings Node 24 and the packages, as `npm test` does.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepareProcess } from './prepare.mjs'
import { answerFromMemory } from './resident.mjs'
import { ensureNode, ensurePackages, root } from '../scripts/bootstrap.mjs'

const inCheckout = existsSync(join(root, 'src', 'cli', 'main.ts'))
const node = ensureNode()
if (inCheckout) ensurePackages(node)
const entry = inCheckout ? join(root, 'src', 'cli', 'main.ts') : join(root, 'dist', 'src', 'cli', 'main.js')

if (node === process.execPath) {
  if (!(await answerFromMemory(process.argv.slice(2)))) {
    prepareProcess(process.argv[2])
    await import(entry)
  }
} else {
  const own = fileURLToPath(import.meta.url)
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', own, ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  process.on('SIGINT', () => {})
  process.once('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => process.exit(signal === 'SIGINT' ? 130 : (code ?? 3)))
}
