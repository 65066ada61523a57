import { rulesOf } from '../../src/kbuild/directory-rules.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import type { Report } from '../../src/review/finding.ts'
import { createIgnoreMatcher, type Ignores } from '../../src/review/gitignore.ts'
import { isEntered, kbuildDirectories } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { entryAt, selftestsUnderReview } from '../../src/review/selftests.ts'
import { prefetchOnce } from '../../src/text/prefetch-once.ts'

/**
 * What a build makes is matched by a .gitignore: `git status` says nothing after it. The products are the programs of selftests, and
 * in directories of the kernel host and user programs, what `targets`, `always-y` and `extra-y` name, and what a rule makes that
 * `clean-files` names.
 *
 * Silent on a tree without a .gitignore at its top, which is a part of a kernel; on names that another file lists than the makefile of the
 * directory, that hold a wildcard or lead out of the directory; on what is tracked; and on `targets` where recipes alone lead to a directory:
 * make goes there for certain files, and images that nobody asks for are listed with the others.
 */
export default defineRule({
  id: 'gi-not-ignored',
  severity: 'warning',
  scope: 'tree',
  summary: 'A file that the build makes is matched by no .gitignore.',
  since: '0.1.0',
  check(context) {
    if (context.tree.read('.gitignore') === null) return
    const ignores = createIgnoreMatcher(context.tree)
    prefetchOnce(context.tree)(context.makefiles.flatMap(({ path }) => ignoreFilesFor(path)))
    for (const { directory, makefile, lists } of selftestsUnderReview(context)) {
      const words = programLists.flatMap((list) => lists[list]).filter(({ inOutput }) => inOutput)
      visibleProducts({ directory, makefile, words }, ignores, context).forEach(context.report)
    }
    for (const found of kbuildDirectories(context)) {
      const { path, makefile } = found.directory
      const words = [...productsOf(found), ...cleanedProducts(found)]
      const seen = visibleProducts({ directory: path === '.' ? '' : path, makefile, words }, ignores, context)
      if (seen.length > 0 && isEntered(found)) seen.forEach(context.report)
    }
  },
})

/** The .gitignore files that a file beside this one is matched with. */
function ignoreFilesFor(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.map((_, depth) => [...parts.slice(0, depth), '.gitignore'].join('/'))
}

const programLists = ['TEST_GEN_PROGS', 'TEST_GEN_PROGS_EXTENDED', 'TEST_GEN_FILES', 'TEST_CUSTOM_PROGS'] as const

function productsOf({ directory, reached }: KbuildDirectory): readonly Word[] {
  const { hostPrograms, userPrograms, always, extra } = directory.lists
  const targets = reached ? directory.evaluation.words('targets').words : []
  return [...hostPrograms, ...userPrograms, ...always, ...extra, ...targets]
}

/** What `clean-files` names and a rule of the makefile makes, where make comes by for all that a directory has. */
function cleanedProducts({ model, directory, reached }: KbuildDirectory): readonly Word[] {
  const { evaluation, path } = directory
  if (!reached || !evaluation.names.includes('clean-files')) return []
  const rules = rulesOf(model.conditions, evaluation)
  return evaluation
    .words('clean-files')
    .words.filter(({ text }) => (rules.target(`${path}/${text}`)?.recipes.length ?? 0) > 0)
}

type Products = { readonly directory: string; readonly makefile: string; readonly words: readonly Word[] }

/** The products that `git status` shows, each once. */
function visibleProducts(
  { directory, makefile, words }: Products,
  ignores: Ignores,
  { tree }: TreeContext,
): readonly Report[] {
  const told = new Set<string>()
  return words.flatMap(({ text, origin }): Report[] => {
    const path = normalise(directory === '' ? text : `${directory}/${text}`)
    if (told.has(path) || origin.file !== makefile || !/^[\w.+@][\w./+@-]*$/.test(text) || text.endsWith('/')) return []
    if (!path.startsWith(directory) || ignores(path) || entryAt(tree, directory, text) !== 'missing') return []
    told.add(path)
    return [
      {
        at: origin,
        subject: path,
        message: `\`${text}\` is made by the build, and no .gitignore matches it`,
        evidence: ['`git status` shows it after a build'],
      },
    ]
  })
}
