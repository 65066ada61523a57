import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** A mail of an archive: its commit, and when it came there (milliseconds since 1970). */
export type Delivered = { readonly commit: string; readonly arrivedAt: number }

/** An epoch of an archive that comes to be again, mail by mail: it borrows the objects of the real one. */
export type GrowingMirror = {
  /** What `archive` of a list names. */
  readonly directory: string
  /** All mails of the real epoch, oldest first; a clock that went back is that of the mail before. */
  readonly mails: readonly Delivered[]
  /** How many mails have come; after a restart as many as before it. */
  readonly arrived: () => number
  /** Lets the first `count` mails have come. */
  readonly grow: (count: number) => void
}

/** Opens the mirror of one epoch in a directory, which is made where it is not there. Nothing is written to the real one. */
export function openGrowingMirror(directory: string, epoch: string): GrowingMirror {
  const own = join(directory, 'git', '0.git')
  const mails = deliveries(epoch)
  if (!existsSync(own)) {
    mkdirSync(own, { recursive: true })
    git(own, 'init', '--quiet', '--bare', '--initial-branch=master')
    writeFileSync(join(own, 'objects', 'info', 'alternates'), `${resolve(epoch, 'objects')}\n`)
  }
  const head = git(own, 'for-each-ref', '--format=%(objectname)', 'refs/heads/master').trim()
  let count = head === '' ? 0 : mails.findIndex(({ commit }) => commit === head) + 1
  return {
    directory,
    mails,
    arrived: () => count,
    grow: (wanted) => {
      const last = mails[wanted - 1]
      if (wanted <= count || last === undefined) return
      git(own, 'update-ref', 'refs/heads/master', last.commit)
      count = wanted
    },
  }
}

function deliveries(epoch: string): readonly Delivered[] {
  let latest = 0
  return git(epoch, 'log', '--reverse', '--topo-order', '--format=%H %ct', 'HEAD')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [commit = '', seconds = ''] = line.split(' ')
      latest = Math.max(latest, Number(seconds) * 1000)
      return { commit, arrivedAt: latest }
    })
}

function git(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', ['--git-dir', directory, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
}
