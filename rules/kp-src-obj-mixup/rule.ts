import { rulesOf } from '../../src/kbuild/directory-rules.ts'
import { separateBuild } from '../../src/kbuild/separate-build.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import type { Report } from '../../src/review/finding.ts'
import { kbuildDirectories, whenHolds } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { bareTargets } from './bare-targets.ts'
import { blindWildcards } from './blind-wildcards.ts'
import { generatedIncludes } from './generated-includes.ts'
import { generatedPrerequisites, type GeneratedPrerequisite } from './generated-prerequisites.ts'
import { prefixedWords } from './prefixed-words.ts'
import { sourceTargets, type SourceTarget } from './source-targets.ts'
import { sourcesByObj, type SourceByObj } from './sources-by-obj.ts'

/**
 * A makefile is evaluated as a build with `O=` reads it, where `$(src)` and `$(obj)` are two directories; each name is then held
 * against what is in the tree, and what a rule or a list makes. Built in the source tree all of these work by accident.
 *
 * A source that is named by `$(obj)` is found by VPATH; it is told of as a warning. Silent on what is neither in the tree nor made by anything in sight, which
 * may come from elsewhere; on rules that make a file of the tree anew (`_shipped` and its like); on names that make works out when it
 * runs; and where `$(src)` is the same as `$(obj)`, in trees before 6.10.
 */
export default defineRule({
  id: 'kp-src-obj-mixup',
  severity: 'error',
  scope: 'tree',
  summary: 'A generated file is looked for among the sources, or a source among what is built.',
  since: '0.1.0',
  check(context) {
    for (const found of kbuildDirectories(context)) {
      const { path, makefile: file } = found.directory
      const makefile = context.makefile(file)
      if (makefile === null || path === '.' || !isPartOfBuild(makefile)) continue
      const build = separateBuild(found.model, path)
      if (build === null) continue
      const rules = rulesOf(found.model.conditions, build.evaluation)
      const reports = [
        ...sourceTargets(found, rules, context).map((each) => describeTarget(each, context)),
        ...(build.srcIsSource ? sourcesByObj(found, rules, context) : []).map((each) =>
          describeSource(each, found, context),
        ),
        ...bareTargets(found, rules),
        ...generatedPrerequisites(found, rules, context).map((each) => describe(each, found, context)),
        ...generatedIncludes(makefile, build.evaluation, context),
        ...blindWildcards(makefile, build.evaluation, context),
        ...prefixedWords(found, build.evaluation, context),
      ]
      reports.forEach(context.report)
    }
  },
})

function describeTarget({ word, path, isMade }: SourceTarget, { makefile }: TreeContext): Report {
  const written = writtenAt(word, makefile)
  return {
    at: word.origin,
    message: isMade
      ? `\`${written}\` is made in the source tree, which may be read-only and have other builds`
      : `\`${written}\` is no target of the build: the object lies in \`$(obj)\`, which is another directory with \`O=\``,
    subject: path,
    evidence: ['$(obj) is for what is built; with `O=` it is another directory'],
    ...inObjects(word, written),
  }
}

function describeSource(
  { word, target }: SourceByObj,
  { directory }: KbuildDirectory,
  { makefile }: TreeContext,
): Report {
  const written = writtenAt(word, makefile)
  const name = target.replace(`${directory.path}/`, '')
  const edits = [{ at: { ...word.origin, end: word.origin.start + '$(obj)'.length }, text: '$(src)' }]
  return {
    at: word.origin,
    severity: 'warning',
    message: `\`${written}\`, which \`${name}\` needs, is a source: with \`O=\` make finds it there by VPATH alone`,
    subject: `source ${word.text} ${target}`,
    evidence: [
      'Documentation/kbuild/makefiles.rst, "Custom Rules": "Always use $(src)',
      'when referring to files located in the src tree."',
    ],
    suggestion: { message: `use \`$(src)${written.slice('$(obj)'.length)}\``, edits },
  }
}

function describe(
  { word, path, target }: GeneratedPrerequisite,
  found: KbuildDirectory,
  { makefile }: TreeContext,
): Report {
  const written = writtenAt(word, makefile)
  const name = (each: string): string => each.replace(`${found.directory.path}/`, '')
  return {
    at: word.origin,
    message: `\`${name(target)}\` needs \`${written}\`, which is not there with \`O=\`: ${name(path)} is made where the objects are`,
    subject: `${path} ${target}`,
    evidence: [`a rule makes $(obj)/${name(path)}, and no source has that name`],
    ...whenHolds(found, word.when),
    ...inObjects(word, written),
  }
}

/** What stands in the makefile for a word. */
function writtenAt({ origin, text }: Word, makefile: TreeContext['makefile']): string {
  const written = makefile(origin.file)?.text.slice(origin.start, origin.end) ?? ''
  return written === '' || /\s/.test(written) ? text : written
}

/** `$(obj)/` in place of `$(src)/`, where that is what is written. */
function inObjects({ origin }: Word, written: string): Pick<Report, 'suggestion'> {
  const [src] = /^\$[({]src[)}](?=\/)/.exec(written) ?? []
  if (src === undefined) return {}
  const edits = [{ at: { ...origin, end: origin.start + src.length }, text: '$(obj)' }]
  return { suggestion: { message: `use \`$(obj)${written.slice(src.length)}\``, edits } }
}
