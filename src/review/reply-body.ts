import type { Conflict } from '../series/application.ts'
import type { Patch } from '../series/series.ts'
import { andMore, patchSection, wholeSection, type ChangeSection } from './change-sections.ts'
import type { Placed, Severity } from './finding.ts'
import { isMailedId } from './mailed-id.ts'
import { quotePatch } from './quote.ts'
import { listEntry, logLine, prose, remarkLines } from './remark.ts'
import type { Review } from './review.ts'

/** What every reply of a run says of itself. */
export type ReplyVoice = {
  /** What was run: `kbuild-review 0.1.0: 12 rules on the build files, before and after each patch; nothing was built`. */
  readonly ran: string
  /** The lines below `-- `: who runs this, and what it obeys. */
  readonly signature: readonly string[]
}

/** A patch and what is said of it. */
export type Remarks = { readonly patch: Patch; readonly findings: readonly Placed[] }

/** A body and the findings that it tells. */
export type Body = { readonly text: string; readonly told: readonly Placed[] }

/** A reader's patience: lines of a mail, and remarks in it. */
const maxLines = 99
const maxRemarks = 10
/** Lines that say what changes in the build, the title counted. */
const maxChangeLines = 15

/**
 * The body of a reply to one patch, or with several of a summary. It has less than 100 lines and at most 10 remarks. What changes in
 * the build is told where there is room for it beside the remarks.
 */
export function findingsBody(review: Review, remarks: readonly Remarks[], voice: ReplyVoice): Body {
  const [only] = remarks
  const isSummary = remarks.length > 1
  const sections = isSummary || only === undefined ? wholeSection(review) : patchSection(review, only.patch.index)
  const ranked = remarks.flatMap(({ findings }) => findings).sort((a, b) => rank[a.severity] - rank[b.severity])
  for (let count = Math.min(maxRemarks, ranked.length); ; count--) {
    const told = new Set(ranked.slice(0, Math.max(1, count)))
    const full = layOut(review, remarks, { voice, told, changes: changeLines(sections) })
    const lines = full.length <= maxLines ? full : layOut(review, remarks, { voice, told, changes: [] })
    if (lines.length <= maxLines || count <= 1) return { text: `${lines.join('\n')}\n`, told: [...told] }
  }
}

const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2 }

type Contents = {
  readonly voice: ReplyVoice
  readonly told: ReadonlySet<Placed>
  readonly changes: readonly string[]
}

function layOut(review: Review, remarks: readonly Remarks[], { voice, told, changes }: Contents): readonly string[] {
  const chosen = remarks.map(({ patch, findings }) => ({ patch, findings: findings.filter((each) => told.has(each)) }))
  const sections = chosen
    .filter(({ findings }) => findings.length > 0)
    .flatMap((section) => [
      ...(remarks.length > 1 ? ['', ...prose(`Patch ${section.patch.index}, ${section.patch.title}:`), ''] : ['']),
      ...sectionLines(section),
    ])
  const left = remarks.flatMap(({ findings }) => findings).length - told.size
  const counted =
    left === 0 ? [] : ['', ...prose(`${left} more remark${left === 1 ? '' : 's'}: the command below tells all.`)]
  const lines = [
    ...introduction(review, voice),
    ...sections,
    ...counted,
    ...changes,
    ...reproduction(review, [...told]),
    ...signature(voice),
  ]
  return withoutDoubleBlanks(lines)
}

function introduction({ application }: Review, { ran }: ReplyVoice): readonly string[] {
  if (application.kind === 'no-base') return prose(`This is an automated review by ${ran}.`)
  const { commit, detail } = application.base
  const uneven = application.patches.flatMap((each) =>
    each.kind === 'applied' && (each.how === 'fuzz' || each.how === 'three-way')
      ? prose(`Patch ${each.index} went on with ${each.how === 'fuzz' ? 'fuzz' : 'a three-way merge'}: ${each.detail}.`)
      : [],
  )
  return [
    ...prose(`This is an automated review by ${ran}.`),
    ...prose(`Base: ${commit.slice(0, 12)} (${detail}).`),
    ...uneven.slice(0, 6),
  ]
}

/** What changes in the build, wrapped, behind a blank line: whole entries, as many as there is room for. */
function changeLines(sections: readonly ChangeSection[]): readonly string[] {
  const entries = sections.flatMap(({ title, lines }) => [prose(`${title}:`), ...lines.map(listEntry)])
  const told: string[] = []
  for (const [at, entry] of entries.entries()) {
    const reserved = at === entries.length - 1 ? 0 : 1
    if (told.length + entry.length + reserved > maxChangeLines) {
      told.push(...listEntry(andMore))
      break
    }
    told.push(...entry)
  }
  return told.length === 0 ? [] : ['', ...told]
}

/** The quotes with the remarks under their lines, then the remarks that have no line in the mail. */
function sectionLines({ patch, findings }: Remarks): readonly string[] {
  const anchored = new Map<number, readonly string[]>()
  const elsewhere: string[] = []
  for (const finding of findings) {
    const { placement } = finding
    const lines = remarkLines(finding, patch)
    if (placement.kind === 'summary') elsewhere.push('', ...lines)
    else anchored.set(placement.mailLine, [...(anchored.get(placement.mailLine) ?? []), '', ...lines])
  }
  return [...quotePatch(patch, anchored), ...elsewhere]
}

/** The body of a reply to a series that does not apply to the tree that it names. */
export function conflictBody(review: Review, patch: Patch | undefined, voice: ReplyVoice): string | null {
  const { application, series } = review
  if (application.kind !== 'conflict') return null
  const { index, files } = application.first
  const title = patch ? `, ${patch.title},` : ''
  const lines = [
    ...introduction(review, voice),
    '',
    ...prose(`Patch ${index}${title} does not apply to it:`),
    '',
    ...conflictLines(files),
    '',
    ...prose(
      `${index < series.expected ? 'The patches from there on were' : 'It was'} not judged. Which tree is the series for?`,
    ),
    ...reproduction(review, []),
    ...signature(voice),
  ]
  return `${withoutDoubleBlanks(lines).join('\n')}\n`
}

/** The body of a reply that has nothing to quote: paragraphs behind what was run and on which base. */
export function plainBody(review: Review, paragraphs: readonly string[], voice: ReplyVoice): string {
  const told = paragraphs.flatMap((paragraph) => ['', ...prose(paragraph)])
  const lines = [...introduction(review, voice), ...told, ...reproduction(review, []), ...signature(voice)]
  return `${withoutDoubleBlanks(lines).join('\n')}\n`
}

/** At most this many lines on what was refused. */
const maxConflictLines = 40

function conflictLines(files: readonly Conflict[]): readonly string[] {
  const lines = files.flatMap(({ path, hunks, reason }) => [
    ...prose(`${path}: ${reason}`),
    ...hunks.flatMap((hunk) => [logLine(`hunk ${hunk.number}: ${hunk.header}`), ...reasonLines(hunk.reason)]),
  ])
  const left = lines.length - maxConflictLines
  return left > 0 ? [...lines.slice(0, maxConflictLines), `[ ${left} more lines ]`] : lines
}

/** What a hunk was refused for quotes lines of both sides: it is broken between them, never within one. */
function reasonLines(reason: string): readonly string[] {
  return reason.split(/(?= where the patch has )/).map((part) => logLine(`  ${part.trim()}`))
}

/** Commands that work as they are pasted in a kernel checkout, one a line. */
function reproduction({ series, application, builds = [] }: Review, told: readonly Placed[]): readonly string[] {
  if (application.kind === 'no-base' || !isFetchable(series.id)) return []
  const fetch = `b4 am -v ${series.version} -o - ${series.id}`
  const [built] = builds
  const build = built === undefined ? '' : ` --build ${built.profile}`
  const check = `${fetch} | kbuild-review check${build} --base ${application.base.commit.slice(0, 12)} -`
  const further = [...new Set(told.flatMap(({ reproduce = [] }) => reproduce))].slice(0, maxCommands)
  return ['', 'Reproduce:', '', `  ${check}`, ...further.map((command) => `  ${command}`)]
}

const maxCommands = 4

/** An id that an archive knows, and that no shell reads as anything else. */
function isFetchable(id: string): boolean {
  return isMailedId(id) && /^[A-Za-z0-9][\w.+=@-]*$/.test(id)
}

function signature({ signature: lines }: ReplyVoice): readonly string[] {
  return ['', '-- ', ...lines]
}

function withoutDoubleBlanks(lines: readonly string[]): readonly string[] {
  return lines.filter((line, at) => line !== '' || lines[at - 1] !== '')
}
