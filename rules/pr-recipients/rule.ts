import { pathOf, type FileDiff } from '../../src/diff/file-diff.ts'
import { sectionsOf, type MaintainersSection } from '../../src/review/maintainers.ts'
import { defineRule, type ChangeContext } from '../../src/review/rule.ts'
import type { Envelope } from '../../src/series/series.ts'

/**
 * MAINTAINERS names for each file those who want to see a change of it; of a file that every build reads, it had better be
 * them. Only the most precise sections count (scripts/get_maintainer.pl ranks them by depth), and one person or list of
 * a section is enough: they read their list, and who is left out of a long Cc is a matter of taste.
 *
 * Silent where it is not known who got the patch (local commits, pull requests: no To and Cc), on what came through a
 * list of the section without naming it (List-Id), on patches by the section's own people, and on sections that nobody
 * looks after. MAINTAINERS is read from the tree before the patch: a patch does not choose who reviews it.
 */
export default defineRule({
  id: 'pr-recipients',
  severity: 'warning',
  scope: 'change',
  summary: 'A change of the build infrastructure that its maintainers and their list were not sent.',
  since: '0.1.0',
  check(context) {
    const { before, files, knowledge, patch, report, at } = context
    const reached = recipientsOf(patch.envelope)
    if (reached === null || !files.some((file) => isInfrastructure(pathOf(file)))) return
    const sections = knowledge.maintainers(before)
    const told = new Set<string>()
    for (const file of files.filter((each) => isInfrastructure(pathOf(each)))) {
      for (const section of unreached(sections, file, { context, reached })) {
        if (told.has(section.name)) continue
        told.add(section.name)
        const message = `\`${pathOf(file)}\` belongs to "${section.name}", and nobody of that section is among the recipients`
        const evidence = [
          ...section.lists.map((list) => `MAINTAINERS: L: ${list}`),
          ...section.maintainers.map((person) => `MAINTAINERS: M: ${person}`),
        ]
        const suggestion = {
          message: `send it to ${section.lists[0] ?? section.maintainers[0] ?? ''} as well`,
          edits: [],
        }
        report({ at: at(file.patchLine), message, evidence, suggestion, subject: section.name })
      }
    }
  },
})

/** Files that every build, every module or every selftest goes through. */
const infrastructure: readonly RegExp[] = [
  /^(Makefile|Kbuild|Kconfig)$/,
  /^scripts\/(Makefile\.[^/]+|Kbuild\.include|Kconfig\.include)$/,
  /^scripts\/(basic|kconfig|mod)\//,
  /^usr\/(Makefile|Kconfig|gen_init_cpio\.c|gen_initramfs\.sh|include\/Makefile)$/,
  /^tools\/testing\/selftests\/(Makefile|lib\.mk)$/,
  /^Documentation\/kbuild\//,
]

function isInfrastructure(path: string): boolean {
  return infrastructure.some((pattern) => pattern.test(path))
}

/** Every address that a patch went to, lower case; null where it went to nobody, so far as is known. */
function recipientsOf({ to, cc, from, replyTo, headers }: Envelope): ReadonlySet<string> | null {
  if (to.length + cc.length === 0) return null
  const written = [...to, ...cc, from, ...replyTo].map(({ address }) => address.toLowerCase())
  // `<linux-kbuild.vger.kernel.org>` is the list that delivered the mail (RFC 2919 §2)
  const lists = headers.filter(([name]) => name === 'list-id' || name === 'x-mailing-list')
  const delivered = lists.flatMap(([, value]) => listAddresses(value.toLowerCase()))
  return new Set([...written, ...delivered])
}

/** The addresses that a List-Id or X-Mailing-List may stand for: each dot may be the one that was an at sign. */
function listAddresses(value: string): string[] {
  const name = /<([^<>\s]{1,200})>/.exec(value)?.[1] ?? value.trim()
  if (name.includes('@')) return [name]
  const labels = name.split('.')
  return labels.slice(1).map((_, at) => `${labels.slice(0, at + 1).join('.')}@${labels.slice(at + 1).join('.')}`)
}

type Known = { readonly context: ChangeContext; readonly reached: ReadonlySet<string> }

/** The most precise sections of a file of which nobody was reached. */
function unreached(
  sections: readonly MaintainersSection[],
  file: FileDiff,
  { context, reached }: Known,
): MaintainersSection[] {
  const matches = sectionsOf(sections, pathOf(file)).filter(
    ({ section, depth }) => depth >= 0 && isLookedAfter(section),
  )
  const deepest = matches[0]?.depth
  const author = context.patch.author.address.toLowerCase()
  return matches
    .filter(({ depth }) => depth === deepest)
    .map(({ section }) => section)
    .filter(({ lists, maintainers, reviewers }) =>
      [...lists, ...maintainers, ...reviewers]
        .map((address) => address.toLowerCase())
        .every((address) => address !== author && !reached.has(address)),
    )
}

function isLookedAfter({ status, lists, maintainers }: MaintainersSection): boolean {
  return lists.length + maintainers.length > 0 && !/^(orphan|obsolete)/i.test(status ?? '')
}
