/** What a subject line says of a mail. Nothing is guessed here: what is not written is null. */
export type Subject = {
  /**
   * `patch`: the brackets say PATCH, RFC, a version or a count. `pull`: a pull request. `notice`: a machine reports a
   * commit or a patch of somebody's tree (tip-bot, -mm, stable, LKP). `plain`: none of these.
   */
  readonly kind: 'patch' | 'pull' | 'notice' | 'plain'
  /** `Re:`, `Fwd:`, `AW:` and the like stand before the brackets that say PATCH. */
  readonly reply: boolean
  /** `v3` is 3, `v3.1` 3.1, and `v2b` 2.2: it comes after v2 and before v3. */
  readonly version: number | null
  /** `2/5`: 2, and 0 for a cover letter. A patch to be put in between may have a fraction: `0.5/3`. */
  readonly index: number | null
  readonly total: number | null
  /** The other words of the brackets as written, without repetition: `RFC`, `RESEND`, `net-next`, `6.6`. */
  readonly prefixes: readonly string[]
  /** The rest, white space collapsed, without the colon that some put behind the bracket. */
  readonly title: string
}

/** What `parseSubject` collects from the brackets, word by word. */
type Draft = {
  patch: boolean
  pull: boolean
  notice: boolean
  version: number | null
  index: number | null
  total: number | null
  prefixes: string[]
}

/** Longer subjects are cut before they are read: RFC 5322 §2.1.1 allows lines of 998 characters, and few have two. */
const maxSubject = 4096

/** Reply and forward words of the mail programs met on lists, Chinese and Japanese ones included. */
const replyWord =
  /(?:re|aw|fwd|fw|wg|sv|vs|antw|antwort|odp|rv|tr|回复|答复|回覆|转发|轉寄|返信)(?:\[\d{1,3}\]|\^\d{1,3})? ?[:：]\s*/iuy

/** Words that make a bracket without PATCH one of a patch: `[RFC 1/5]`, `[POC]`. */
const patchLike = new Set(['rfc', 'rft', 'poc', 'wip'])

/** Branch suffixes that are written with their dash, also glued to PATCH: `[PATCH-next]`, `[PATCH -tip]`. */
const dashedBranch = new Set(['-next', '-tip', '-mm', '-rc', '-stable'])

/** Titles of notices without telling brackets: Andrew Morton's -mm, the stable queue. */
const noticeTitle =
  /^\+ \S{1,200} added to |\.patch (?:added to|removed from) -?mm|^FAILED: patch "|^Patch ".{1,300}" has been added to the /u

/**
 * Reads a decoded, unfolded subject. Leading brackets are read as a whole, nested ones too, as git mailinfo's
 * cleanup_subject() drops them; where two say a version or count, the last one counts. Time is linear in the length.
 */
export function parseSubject(subject: string): Subject {
  const line = subject.slice(0, maxSubject).replace(/[\u200b-\u200f\ufeff]/gu, '')
  const draft: Draft = {
    patch: false,
    pull: false,
    notice: false,
    version: null,
    index: null,
    total: null,
    prefixes: [],
  }
  let reply = false
  let at = 0
  for (;;) {
    at = skipSpace(line, at)
    const word = draft.patch ? 0 : replyLength(line, at)
    const end = word > 0 ? at + word : closingBracket(line, at)
    if (end === null) break
    if (word > 0) reply = true
    else readBracket(draft, line.slice(at + 1, end - 1))
    at = end
  }
  const title = line
    .slice(at)
    .replace(/^[:\s]+/u, '')
    .replace(/\s+/gu, ' ')
    .trim()
  const { version, index, total } = draft
  return { kind: kindOf(draft, title), reply, version, index, total, prefixes: [...new Set(draft.prefixes)], title }
}

function kindOf(draft: Draft, title: string): Subject['kind'] {
  if (draft.pull) return 'pull'
  if ((draft.notice && !draft.patch) || noticeTitle.test(title)) return 'notice'
  const says = draft.patch || draft.version !== null || draft.index !== null
  return says || draft.prefixes.some((word) => patchLike.has(word.toLowerCase())) ? 'patch' : 'plain'
}

function skipSpace(line: string, from: number): number {
  let at = from
  while (at < line.length && /\s/u.test(line.charAt(at))) at++
  return at
}

function replyLength(line: string, at: number): number {
  replyWord.lastIndex = at
  return replyWord.exec(line)?.[0].length ?? 0
}

/** The offset behind the bracket that closes the one at `at`; null where there is none at `at`, or it is never closed. */
function closingBracket(line: string, at: number): number | null {
  if (line.charAt(at) !== '[') return null
  let depth = 0
  for (let offset = at; offset < line.length; offset++) {
    const character = line.charAt(offset)
    if (character === '[') depth++
    else if (character === ']' && --depth === 0) return offset + 1
  }
  return null
}

/** Reads the words of one bracket. */
function readBracket(draft: Draft, content: string): void {
  const words = content.split(/[\s,;()[\]]+/u).filter((word) => word !== '')
  if (/^(?:git[ -])?pull(?:[ -]request)?\b/iu.test(content.trim())) draft.pull = true
  if (words.some(isTreeName)) draft.notice = true
  for (let at = 0; at < words.length; at++) at += readPhrase(draft, words, at) ?? readOne(draft, words[at] ?? '')
}

/** `tip:`, `linus:master`, `masahiroy-kbuild:kbuild`: the tree whose commit a machine reports. */
const isTreeName = (word: string): boolean => /^[\w.-]{1,60}:[\w./-]{0,100}$/u.test(word)

/** Versions and counts of more than one word, `take 2`, `1 of 3`: how many words more they take, null where it is none. */
function readPhrase(draft: Draft, words: readonly string[], at: number): number | null {
  const [first = '', second = '', third = ''] = words.slice(at, at + 3)
  const number = /^#?(\d{1,3})$/u.exec(second)?.[1]
  if (number !== undefined && /^(?:take|try|rev|version|round)$/iu.test(first)) {
    draft.version = Number(number)
    return 1
  }
  if (/^\d{1,4}$/u.test(first) && second.toLowerCase() === 'of' && /^\d{1,4}$/u.test(third)) {
    draft.index = Number(first)
    draft.total = Number(third)
    return 2
  }
  return null
}

/** Reads one word; 0, since it takes no more of them. */
function readOne(draft: Draft, word: string): 0 {
  if (readCount(draft, word) || readVersion(draft, word) || readGlued(draft, word)) return 0
  const parts = word.split('/')
  const known = parts.every((part) => patchLike.has(part.toLowerCase()) || /^patch$/iu.test(part))
  if (parts.length > 1 && known) for (const part of parts) readOne(draft, part)
  else draft.prefixes.push(word)
  return 0
}

function readCount(draft: Draft, word: string): boolean {
  const count = /^(\d{1,4}(?:\.\d{1,2})?)\/(\d{1,4})$/u.exec(word)
  if (count === null) return false
  draft.index = Number(count[1])
  draft.total = Number(count[2])
  return true
}

function readVersion(draft: Draft, word: string): boolean {
  const written = /^-?(?:v|rev)\.?(\d{1,3})(?:\.(\d{1,2})|([a-i]))?[.:]?$/iu.exec(word)
  if (written === null) return false
  const [, major = '', minor, letter] = written
  if (minor !== undefined && isKernelRelease(Number(major), Number(minor))) return false
  const fraction = letter === undefined ? Number(minor ?? 0) : letter.toLowerCase().charCodeAt(0) - 0x60
  draft.version = Number(`${major}.${fraction}`)
  return true
}

/** `v6.12` in a bracket names the tree of a backport, `v3.1` a reroll of one patch: rerolls of rerolls stay small. */
const isKernelRelease = (major: number, minor: number): boolean => minor > 3 || (major === 6 && minor === 1)

/** `PATCH` itself, and what people glue to it or to RFC and to each other: `PATCH1/8`, `PATCHv3`, `RFC-PATCH`, `v3-1/2`. */
function readGlued(draft: Draft, word: string): boolean {
  const [, head = '', rest = ''] = /^(patch(?:es|set)?|rfc|v\d{1,3}|\d{1,4}\/\d{1,4})(.*)$/isu.exec(word) ?? []
  if (head === '') return false
  const tail = dashedBranch.has(rest.toLowerCase()) ? rest : rest.replace(/^[-_:#/]/u, '')
  if (tail === rest && rest !== '' && !dashedBranch.has(tail.toLowerCase()) && !/^v?\d/iu.test(tail)) return false
  if (/^patch/iu.test(head)) draft.patch = true
  else if (/^rfc$/iu.test(head)) draft.prefixes.push(head)
  else if (rest === '' || !(readCount(draft, tail) || readVersion(draft, tail))) return false
  else return readCount(draft, head) || readVersion(draft, head)
  if (tail !== '') readOne(draft, tail)
  return true
}
