import { pathOf } from '../../src/diff/file-diff.ts'
import { defineRule, type ChangeContext } from '../../src/review/rule.ts'

/** Where the kernel's copy of dtc and libfdt comes from, and the script that copies it. */
const script = 'scripts/dtc/update-dtc-source.sh'
const list = 'devicetree-compiler@vger.kernel.org'

/**
 * scripts/dtc/ is a copy: update-dtc-source.sh overwrites the files that it names with those of the dtc repository, and with
 * them what anybody changed here. Which files these are is read from the script of the tree itself; the makefile and the
 * scripts beside them are the kernel's own.
 *
 * Silent on what that script makes (it rewrites version_gen.h each time), on patches that say themselves that they take something
 * over from upstream, and on those that were sent to the owners as well. That an interface was removed before anybody was warned takes the
 * history to decide, and is not asked.
 */
export default defineRule({
  id: 'pr-foreign-owned-or-frozen',
  severity: 'info',
  scope: 'change',
  summary: 'A file is changed whose master copy is in another repository.',
  since: '0.1.0',
  check(context) {
    const { before, files, report, at } = context
    const copied = files.filter((file) => isCopied(pathOf(file), before.read(script) ?? ''))
    if (copied.length === 0 || isTakenOver(context)) return
    for (const file of copied) {
      report({
        at: at(file.patchLine),
        message: `\`${pathOf(file)}\` is a copy, and the next update of dtc undoes this`,
        evidence: [`${script} takes it from the dtc repository`],
        suggestion: { message: `send it to ${list}; \`${script}\` brings it here`, edits: [] },
        subject: 'dtc',
      })
    }
  },
})

/** Whether the script copies a file: DTC_SOURCE and FDTOVERLAY_SOURCE beside it, LIBFDT_SOURCE in libfdt/. */
function isCopied(path: string, text: string): boolean {
  const name = /^scripts\/dtc\/(libfdt\/)?([\w.-]+)$/.exec(path)
  if (name === null) return false
  const variables = name[1] === undefined ? ['DTC_SOURCE', 'FDTOVERLAY_SOURCE'] : ['LIBFDT_SOURCE']
  return variables.some((variable) => wordsOf(text, variable).includes(name[2] ?? ''))
}

/** The words of `NAME="..."` or `NAME=word` at the start of a line. */
function wordsOf(text: string, variable: string): readonly string[] {
  const start = text.indexOf(`\n${variable}=`)
  if (start === -1) return []
  const value = text.slice(start + variable.length + 2)
  const end = value.startsWith('"') ? value.indexOf('"', 1) : value.indexOf('\n')
  return value
    .slice(0, end === -1 ? undefined : end)
    .split(/[\s"\\]+/)
    .filter((word) => word !== '')
}

function isTakenOver({ patch, files }: ChangeContext): boolean {
  const { to, cc } = patch.envelope
  const wasSent = [...to, ...cc].some(({ address }) => address.toLowerCase() === list)
  const isSync = files.some((file) => pathOf(file) === 'scripts/dtc/version_gen.h')
  return wasSent || isSync || /\b(upstream|dtc\.git|sync(ed)?)\b/i.test(`${patch.title}\n${patch.log}`)
}
