import type { FileDiff } from '../../src/diff/file-diff.ts'
import { defineRule, type ChangeContext } from '../../src/review/rule.ts'
import { isKconfig, isMakefile } from '../../src/review/world.ts'

/**
 * What every patch has: a licence in each new file (Documentation/process/license-rules.rst, "License identifier syntax"), the
 * sign-off of who sends it, and tags that others can read (submitting-patches.rst, "Sign your work", "Describe your changes").
 *
 * Silent on an RFC without a sign-off, which asks for opinions and not to be merged, and on local commits, which are signed
 * when they are sent. Whether the commit of a `Fixes:` brought the fault takes the history, and is not asked. Nor is a
 * `Closes:` behind `Reported-by:`: nobody knows from here whether the report is on the web.
 */
export default defineRule({
  id: 'pr-tags-spdx',
  severity: 'info',
  scope: 'change',
  summary: 'A new build file without a licence, a patch without a sign-off, a `Fixes:` that names no commit.',
  since: '0.1.0',
  check(context) {
    for (const file of context.files) checkLicence(file, context)
    checkSignOff(context)
    checkFixes(context)
  },
})

function checkLicence({ kind, newPath }: FileDiff, { after, report }: ChangeContext): void {
  if (kind !== 'add' || newPath === null) return
  const text = after.read(newPath)
  if (text === null || text.trim() === '' || !wantsLicence(newPath, text)) return
  if (text.includes('SPDX-License-Identifier:')) return
  const end = text.indexOf('\n')
  const line = text.startsWith('#!') ? 'second' : 'first'
  report({
    at: { file: newPath, start: 0, end: end === -1 ? text.length : end },
    message: `\`${newPath}\` is new and has no licence`,
    suggestion: { message: `say it in the ${line} line: # SPDX-License-Identifier: and its name`, edits: [] },
    subject: 'SPDX',
  })
}

/** What the build reads or runs. Other files have other ways to say it, and checkpatch.pl asks for them. */
function wantsLicence(path: string, text: string): boolean {
  return (
    isMakefile(path) || isKconfig(path) || path.endsWith('/.gitignore') || /^#!.*\b(sh|bash|perl|python3?)\b/.test(text)
  )
}

function checkSignOff({ patch, series, at, report }: ChangeContext): void {
  const { to, cc } = patch.envelope
  const isSent = to.length + cc.length > 0
  const isAsking = series.prefixes.some((prefix) => /^(rfc|rft|poc|wip)/i.test(prefix))
  // looked for in the whole mail: a log that quotes a diff ends there for whoever reads it, git included
  if (!isSent || isAsking || /^signed-off-by:/im.test(patch.text)) return
  report({
    at: at(1),
    message: 'nobody has signed this patch off',
    suggestion: { message: 'git commit --amend --signoff, where you may', edits: [] },
    subject: 'Signed-off-by',
  })
}

/** `Fixes: 54a4f0239f2e ("KVM: MMU: ...")`: at least twelve characters of the hash, then the title. */
function checkFixes({ patch, at, report }: ChangeContext): void {
  const fixes = patch.trailers.filter(({ name, from }) => from === null && /^fixes$/i.test(name))
  for (const { name, value } of fixes) {
    const hash = /^(?:commit\s+)?([0-9a-f]{7,40})\b/i.exec(value)?.[1]
    // a bug tracker's address is written so as well, and a reader can follow it
    if (hash === undefined || (hash.length >= 12 && /^[0-9a-f]+ \(["'“]/i.test(value))) continue
    const line = patch.text.split('\n').findIndex((each) => each.startsWith(`${name}: ${value.slice(0, 20)}`))
    report({
      at: at(line === -1 ? 1 : line + 1),
      message:
        hash.length < 12
          ? `\`Fixes:\` has ${hash.length} characters of the commit's hash, twelve are wanted`
          : `\`Fixes:\` is not in the form that scripts read`,
      evidence: ['Fixes: 54a4f0239f2e ("title of the commit")'],
      subject: `Fixes ${hash}`,
    })
  }
}
