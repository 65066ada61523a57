import { decodeBytes } from '../text/decode.ts'

/** A file name as a diff writes it, and where it ends. */
type Quoted = { readonly name: string; readonly end: number }

/** PATH_MAX of Linux, in bytes. */
const longestPath = 4096

/** Directories that a path may have. The deepest of Linux 6.12 has 12; whoever walks paths upwards relies on an end. */
const deepestPath = 100

/** Every byte as an octal escape, and the quotes. */
const longestQuoted = 4 * longestPath + 2

const escapes: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
  ['"', 34],
  ['\\', 92],
])

/**
 * The name that a C-quoted string at the start of a line stands for (git's quote.c `unquote_c_style()`), and the offset
 * behind its closing quote. Octal escapes are bytes, decoded as UTF-8 where they are that. Null where it is no such string.
 */
export function unquote(line: string): Quoted | null {
  if (!line.startsWith('"')) return null
  const text = line.slice(0, longestQuoted)
  const parts: Uint8Array[] = []
  let at = 1
  while (at < text.length) {
    const stop = nextSpecial(text, at)
    if (stop === -1) return null
    parts.push(Buffer.from(text.slice(at, stop), 'utf8'))
    if (text[stop] === '"') return { name: decodeBytes(Buffer.concat(parts)).text, end: stop + 1 }
    const escape = readEscape(text, stop + 1)
    if (escape === null) return null
    parts.push(Uint8Array.of(escape.byte))
    at = escape.end
  }
  return null
}

function nextSpecial(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (text[at] === '"' || text[at] === '\\') return at
  return -1
}

function readEscape(text: string, at: number): { readonly byte: number; readonly end: number } | null {
  const simple = escapes.get(text[at] ?? '')
  if (simple !== undefined) return { byte: simple, end: at + 1 }
  const octal = text.slice(at, at + 3)
  return /^[0-3][0-7]{2}$/.test(octal) ? { byte: Number.parseInt(octal, 8), end: at + 3 } : null
}

/** How far from the end of a name a date is looked for: `2024-06-01 12:00:00.000000000 +0200` is 35 long. */
const timestampLength = 40

/**
 * The name in the rest of a `--- ` or `+++ ` line: unquoted, without the tab or timestamp that `diff -u` puts behind it
 * (git's apply.c `find_name_traditional()`).
 */
export function nameOfFileLine(rest: string): string {
  const quoted = unquote(rest)
  if (quoted !== null) return quoted.name
  const tab = rest.indexOf('\t')
  const name = tab === -1 ? rest : rest.slice(0, tab)
  const from = Math.max(0, name.length - timestampLength)
  const tail = name.slice(from)
  const date = / \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?(?: [+-]\d{4})?$/.exec(tail)
  return date === null ? name : name.slice(0, from + date.index)
}

/** Whether the rest of a `--- ` or `+++ ` line carries the time 0, by which `diff -N` marks a file that is not there. */
export function hasEpochTimestamp(rest: string): boolean {
  const tail = rest.slice(-timestampLength)
  const date = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.0{1,9})?(?: ([+-]\d\d)(\d\d))?$/.exec(tail)
  if (date === null) return false
  const [, day = '', time = '', hours = '+00', minutes = '00'] = date
  return Date.parse(`${day}T${time}${hours}:${minutes}`) === 0
}

/** A path without its first component; the path where it has but one. */
export function withoutFirst(path: string): string {
  return path.slice(path.indexOf('/') + 1)
}

/**
 * Why a path may not be used, as what follows its name in a sentence: it would leave the tree, or name git's own directory (git's read-cache.c `verify_path()`
 * with core.protectHFS and core.protectNTFS). Null where it may.
 */
export function pathProblem(path: string): string | null {
  if (path === '') return 'is empty'
  if (path.length > longestPath) return 'is longer than a system allows'
  if (/[\0\n]/.test(path)) return 'holds a control character'
  if (path.startsWith('/')) return 'is absolute'
  const parts = path.split(/[/\\]/)
  if (parts.length > deepestPath) return `lies more than ${deepestPath} directories deep`
  for (const part of parts) {
    if (part === '..') return 'leads out of the tree'
    if (part === '' || part === '.') return 'is not a plain path'
    if (isGitDirectory(part)) return "lies in git's own directory"
  }
  return null
}

/** Characters that HFS+ ignores in a name: git's utf8.c `next_hfs_char()`. */
const ignoredByHfs = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

function isGitDirectory(part: string): boolean {
  const [name = ''] = part.replace(ignoredByHfs, '').toLowerCase().split(':')
  const plain = name.replace(/[. ]{1,64}$/, '')
  return plain === '.git' || plain === 'git~1'
}
