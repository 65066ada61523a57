import { never } from '../../src/cond/conditions.ts'
import { sourcePath } from '../../src/kbuild/separate-build.ts'
import type { Evaluation } from '../../src/make/evaluation.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import type { Report } from '../../src/review/finding.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import type { TreeContext } from '../../src/review/rule.ts'

/**
 * The lists that scripts/Makefile.lib, Makefile.host and Makefile.clean put `$(obj)/` before, but for `targets`: of that
 * kc-if-changed-not-in-targets tells.
 */
const lists: readonly string[] = [
  ...['obj-y', 'obj-m', 'lib-y', 'always-y', 'extra-y', 'subdir-y', 'clean-files'],
  ...['hostprogs', 'userprogs', 'hostprogs-always-y', 'userprogs-always-y'],
]

/** For each list the first word that has a directory already, and how many more have. */
export function prefixedWords(
  { directory }: KbuildDirectory,
  evaluation: Evaluation,
  { makefile }: TreeContext,
): readonly Report[] {
  const known = new Set(evaluation.names)
  const own = makefile(directory.makefile)?.text ?? ''
  return lists.flatMap((list): readonly Report[] => {
    // Where a rule of the makefile itself takes the words for names of files, they have to be paths.
    if (!known.has(list) || own.includes(`$(${list})`)) return []
    const prefixed = evaluation
      .words(list)
      .words.filter((word) => word.when !== never && hasPrefix(word, list, directory.path))
    const [first] = prefixed
    if (first === undefined) return []
    const more = prefixed.length === 1 ? '' : `, and ${prefixed.length - 1} more words of it are prefixed`
    const isHere = first.text.startsWith(`${directory.path}/`)
    const name = first.text.slice(directory.path.length + 1)
    const written = makefile(first.origin.file)?.text.slice(first.origin.start, first.origin.end) ?? ''
    return [
      {
        at: first.origin,
        message: `\`${list}\` is relative to the directory: Kbuild makes \`$(obj)/${first.text.replace(/^<srctree>/, '$(srctree)')}\` of this${more}`,
        subject: `${list} ${first.text}`,
        ...(isHere &&
          /^\$[({]obj[)}]\/[\w.-]+$/.test(written) && {
            suggestion: { message: `use \`${name}\``, edits: [{ at: first.origin, text: name }] },
          }),
      },
    ]
  })
}

/** `./` before a name is another name for make, and none for `rm`. */
function hasPrefix({ text }: Word, list: string, directory: string): boolean {
  if (sourcePath(text) !== null || text.startsWith(`${directory}/`) || /^\/\w/.test(text)) return true
  return text.startsWith('./') && list !== 'clean-files'
}
