import { never } from '../../src/cond/conditions.ts'
import type { DirectoryRules } from '../../src/kbuild/directory-rules.ts'
import type { Directory } from '../../src/kbuild/kernel-model.ts'
import type { Report } from '../../src/review/finding.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { once } from '../../src/text/once.ts'

/**
 * Targets without a directory that have the name of something the directory builds. make knows that by its path from the top, so that
 * the rule is about a file that nobody asks for. Other bare names are goals for people, or files in the top directory.
 */
export function bareTargets({ directory }: KbuildDirectory, rules: DirectoryRules): readonly Report[] {
  const { evaluation } = directory
  const built = once(() => builtNames(directory))
  return rules.all.flatMap(({ kind, targets }) =>
    kind === 'pattern'
      ? []
      : targets.flatMap((word): readonly Report[] => {
          const { text, origin } = word
          if (text.includes('/') || !text.includes('.') || !built().has(text) || word.when === never) return []
          if (rules.phony(text) !== never || evaluation.rules.some(isOfTop(text))) return []
          return [
            {
              at: origin,
              message: `this rule is about \`${text}\` in the top directory: make knows the one of this directory as \`$(obj)/${text}\``,
              subject: `bare ${text}`,
              evidence: ['make runs in the top directory of the build, and compares names'],
              suggestion: { message: `use \`$(obj)/${text}\``, edits: [{ at: origin, text: `$(obj)/${text}` }] },
            },
          ]
        }),
  )
}

/** The names that the lists of a directory have. */
function builtNames({ lists, evaluation }: Directory): ReadonlySet<string> {
  return new Set(
    [
      ...[lists.builtin, lists.module, lists.library, lists.always, lists.extra, lists.hostPrograms].flat(),
      ...[...lists.composites.values()].flatMap(({ builtinParts, moduleParts }) => [...builtinParts, ...moduleParts]),
      ...(evaluation.names.includes('targets') ? evaluation.words('targets').words : []),
    ].map(({ text }) => text),
  )
}

/** Whether a rule needs the bare name: then it is a file of the top directory, such as vmlinux. */
function isOfTop(name: string): (rule: DirectoryRules['all'][number]) => boolean {
  return ({ prerequisites }) => prerequisites.some(({ text }) => text === name)
}
