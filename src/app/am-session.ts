import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What `git am` is at: the state that it keeps below `rebase-apply` (git's builtin/am.c). Mails are numbered from 1, in files of that
 * number with four digits or more.
 */
export type AmSession = {
  readonly directory: string
  /** The mail that is being applied, or that was applied last. */
  readonly current: number
  readonly last: number
}

/** The file of ours among that state; it goes with it. */
const toldName = 'kbuild-review-told'

/** What `git am` is at in a git directory; null where none is under way. A `git rebase --apply` is none: it applies no mails. */
export function readAmSession(gitDirectory: string): AmSession | null {
  const directory = join(gitDirectory, 'rebase-apply')
  if (!existsSync(join(directory, 'applying'))) return null
  const [current, last] = [readNumber(join(directory, 'next')), readNumber(join(directory, 'last'))]
  return current === null || last === null ? null : { directory, current, last }
}

/** The mails from a number on that are there, as paths. */
export function mailsFrom({ directory, last }: AmSession, first: number): readonly string[] {
  const paths: string[] = []
  for (let number = Math.max(1, first); number <= Math.min(last, first + mostMails); number += 1) {
    const path = join(directory, String(number).padStart(4, '0'))
    if (existsSync(path)) paths.push(path)
  }
  return paths
}

/** Mails looked at for the series that one stands in: the longest series of two lists in three years has 332 patches. */
const mostMails = 400

/** Whether something was told before in this session. */
export function wasTold({ directory }: AmSession, what: string): boolean {
  const path = join(directory, toldName)
  return existsSync(path) && readFileSync(path, 'utf8').split('\n').includes(what)
}

/** Remembers for the rest of the session that something was told. */
export function rememberTold({ directory }: AmSession, what: string): void {
  appendFileSync(join(directory, toldName), `${what}\n`)
}

function readNumber(path: string): number | null {
  const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
  return /^\d{1,9}$/.test(text) ? Number(text) : null
}
