import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { findCgroups } from '../../../src/build/cgroups.ts'
import { probeSandbox } from '../../../src/build/sandbox-probe.ts'

const parent = mkdtempSync(join(tmpdir(), 'killed-'))
chmodSync(parent, 0o711)
afterAll(() => removeDirectory(parent))
const probe = await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory: parent })

/** Names of groups of a process in the places where it makes them. */
function groupsOf(pid: number): string[] {
  const place = probe.kind === 'ready' ? probe.support.cgroups : null
  if (place === null) return []
  const parents = place.kind === 'cgroup2' ? [place.directory] : [place.memory, place.pids]
  return parents.flatMap((path) => readdirSync(path)).filter((name) => name.startsWith(`kbuild-review-sandbox-${pid}-`))
}

function livingWith(word: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(word)
      } catch {
        return false
      }
    })
}

/** Waits until something is so, for three seconds at most. */
async function settles(isSo: () => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    if (isSo()) return true
    await sleep(50)
  }
  return isSo()
}

describe.skipIf(probe.kind === 'missing')('a process that holds a sandbox', () => {
  // In each 100 ms a sandbox is opened, runs until its time is over, and is closed: the moments fall into all of these.
  it.each([0, 15, 40, 70, 95, 110, 135, 160])(
    'leaves nothing behind when it is killed %i ms after its first command began',
    async (delayMs) => {
      const word = `7654${delayMs}.5`
      const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-sandbox.ts'), parent, word], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await sleep(delayMs)
      child.kill('SIGKILL')
      await new Promise((resolve) => child.once('exit', resolve))
      expect(await settles(() => livingWith(word).length === 0), livingWith(word).join()).toBe(true)
      // What the first process of the namespaces could not remove, being killed too, goes when the next one looks for a place.
      findCgroups()
      await probeSandbox({ uid: process.getuid?.() ?? 0, temporaryDirectory: parent })
      expect(groupsOf(child.pid ?? 0)).toEqual([])
      expect(await settles(() => readdirSync(parent).length === 0), readdirSync(parent).join()).toBe(true)
    },
  )
})
