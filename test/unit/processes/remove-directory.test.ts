import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'

/** Makes a file after the other for half a second, as long as there is the directory. */
const writer = `
const { writeFileSync, writeSync } = require('node:fs')
const end = Date.now() + 500
for (let at = 0; Date.now() < end; at++) {
  try { writeFileSync(process.argv[1] + '/' + at, '') } catch { process.exit() }
  if (at === 1000) writeSync(1, 'begun')
}`

it('removes a directory in which somebody still writes, as long as that ends', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'remove-directory-'))
  const child = spawn(process.execPath, ['--eval', writer, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  removeDirectory(directory)
  await ended
  expect(existsSync(directory)).toBe(false)
})

it('removes a file, and minds nothing that is not there', () => {
  const directory = mkdtempSync(join(tmpdir(), 'remove-directory-'))
  mkdirSync(join(directory, 'drivers'))
  writeFileSync(join(directory, 'drivers', 'Makefile'), 'obj-y += alder.o\n')
  removeDirectory(join(directory, 'drivers', 'Makefile'))
  removeDirectory(join(directory, 'drivers', 'Makefile'))
  expect(existsSync(join(directory, 'drivers'))).toBe(true)
  removeDirectory(directory)
  expect(existsSync(directory)).toBe(false)
})
