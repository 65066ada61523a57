import { pathOf } from '../../src/diff/file-diff.ts'
import type { Cond, Conditions } from '../../src/cond/conditions.ts'
import { printCond } from '../../src/cond/print.ts'
import { changedObjects } from '../../src/changes/changed-objects.ts'
import { pairDirectories } from '../../src/changes/directory-pairs.ts'
import type { KernelModel } from '../../src/kbuild/kernel-model.ts'
import { archOf } from '../../src/kbuild/source-arch.ts'
import type { Witness } from '../../src/review/knowledge.ts'
import { defineRule, type ChangeContext } from '../../src/review/rule.ts'
import { isKconfig, worldOf } from '../../src/review/world.ts'
import type { Span } from '../../src/text/span.ts'
import { always } from '../../src/cond/conditions.ts'
import { claimOf, tellsOf, type Claim } from './claim.ts'
import { differencesIn, type Difference } from './differences.ts'

/**
 * A patch says that it changes nothing, or names work that changes nothing by itself, and the objects that the two trees
 * build are not the same, or not under the same conditions. The makefiles of both trees are evaluated for all configurations at
 * once, and a configuration that Kconfig allows is looked for in which the difference shows: no such configuration, no finding.
 *
 * Silent on objects whose source comes or goes with the patch, and on those that got another name or another module: that is what moving
 * is. On a patch that touches Kconfig files too, since conditions of symbols that mean something else now cannot be compared. On
 * `move`, `rename`, `clean up` and `refactor` where the log tells of a change: in words like `now` and `only`, or by the name of the symbol or
 * object. And where no configuration was found, be it that none is known.
 */
export default defineRule({
  id: 'sd-presence-changed',
  severity: 'warning',
  scope: 'change',
  summary: 'A patch says that it changes nothing, and another set of objects is built.',
  since: '0.1.0',
  check(context) {
    const { patch, files } = context
    const claim = claimOf(patch)
    if (claim === null || files.some((file) => isKconfig(pathOf(file)))) return
    const makefiles = files.map(pathOf).filter((path) => worldOf(path) === 'kbuild')
    for (const [arch, own] of Map.groupBy(makefiles, archOf)) compareFor(context, { arch, makefiles: own, claim })
  },
})

type Asked = { readonly arch: string; readonly makefiles: readonly string[]; readonly claim: Claim }

/** Differences told of one patch; that there are more is to be seen from these. */
const maxTold = 3

function compareFor(context: ChangeContext, { arch, makefiles, claim }: Asked): void {
  const { before, after, knowledge, files, patch, report, unsure, at } = context
  const [old, young] = [knowledge.kernel(before, arch), knowledge.kernel(after, arch)]
  const touched = files.flatMap(({ oldPath, newPath }) => [oldPath, newPath].filter((path) => path !== null))
  const place = at(files.find((file) => makefiles.includes(pathOf(file)))?.patchLine ?? 1)
  if (old === null || young === null || old.conditions !== young.conditions) {
    unsure(place, 'what is built before and after cannot be compared')
    return
  }
  const changes = changedObjects(pairDirectories(old, young, touched), always)
  let told = 0
  for (const difference of differencesIn(changes, { before: old, after: young, touched })) {
    if (claim.kind === 'weak' && tellsOf(patch, namesOf(difference, young.conditions))) continue
    const makefile = difference.at?.file ?? nearest(makefiles, difference.path)
    const witness = knowledge.directory(after, makefile)?.witness(difference.when, 'any') ?? {
      kind: 'unknown' as const,
    }
    if (witness.kind === 'unknown')
      unsure(difference.at ?? place, `no configuration was found for \`${difference.path}\``)
    if (witness.kind !== 'found' || told++ >= maxTold) continue
    report(reportOf(difference, { model: young, witness, claim, place: difference.at ?? placeOf(makefile, context) }))
  }
}

/** The makefile whose directory is the nearest one above a path. */
function nearest(makefiles: readonly string[], path: string): string {
  const directoryOf = (file: string): string => file.slice(0, file.lastIndexOf('/') + 1)
  const above = makefiles.filter((file) => path.startsWith(directoryOf(file)))
  return above.toSorted((a, b) => directoryOf(b).length - directoryOf(a).length)[0] ?? makefiles[0] ?? ''
}

function placeOf(makefile: string, { files, at }: ChangeContext): Span {
  return at(files.find((file) => pathOf(file) === makefile)?.patchLine ?? 1)
}

/** By what a log would tell of a difference: the object, its directory, and the symbols. */
function namesOf({ path, when }: Difference, conditions: Conditions): readonly string[] {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.o$/, '')
  const symbols = conditions.support(when).flatMap((each) => (each.kind === 'symbol' ? [each.name] : []))
  return [name, ...symbols]
}

type Found = Extract<Witness, { kind: 'found' }>
type Telling = {
  readonly model: KernelModel
  readonly witness: Found
  readonly claim: Claim
  readonly place: Span
}

/** Columns of a condition and of a line of evidence; more lines of a configuration than these are cut. */
const maxCondition = 60
const maxSettings = 8

function reportOf(
  { path, before, after, isDirectory }: Difference,
  { model, witness, claim, place }: Telling,
): Parameters<ChangeContext['report']>[0] {
  const print = (of: Cond): string => printCond(model.conditions, of, { maxLength: maxCondition })
  const lines = [...witness.settings].map(([name, value]) => settingLine(name, value))
  const shown = lines.slice(0, maxSettings)
  const more = lines.length - shown.length
  const config = lines.map((line) => `${line}\\n`).join('')
  return {
    at: place,
    message: `\`${path}${isDirectory ? '/' : ''}\` is built otherwise than before, in a patch that says "${claim.words}"`,
    evidence: [
      `before: ${print(before)}`,
      `after:  ${print(after)}`,
      lines.length === 0
        ? `allnoconfig of ${witness.arch} tells them apart`
        : `allnoconfig of ${witness.arch} with this tells them apart:`,
      ...shown,
      ...(more > 0 ? [`and ${more} more`] : []),
    ],
    reproduce: [
      `printf '${config}' > /tmp/witness`,
      `make ARCH=${witness.arch} KCONFIG_ALLCONFIG=/tmp/witness allnoconfig`,
      `make ARCH=${witness.arch} -n ${directoryAbove(path)}`,
    ],
    subject: path,
  }
}

function settingLine(name: string, value: 0 | 1 | 2): string {
  return value === 0 ? `# CONFIG_${name} is not set` : `CONFIG_${name}=${value === 2 ? 'y' : 'm'}`
}

function directoryAbove(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
