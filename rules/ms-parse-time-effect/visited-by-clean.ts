import { exprWords, textOf } from '../../src/make/expr-text.ts'
import { visitNodes } from '../../src/make/visit.ts'
import type { MakefileView } from '../../src/review/rule.ts'

/** Lists whose directories scripts/Makefile.clean visits, whatever the configuration; `core-y` and its like are of arch makefiles. */
const directoryLists = /^(?:obj|subdir|core|drivers|libs|net|virt)-/

/**
 * Whether a makefile above says that `make clean` visits a directory: in a list (`obj-$(CONFIG_A) += boot/`), or by
 * `$(MAKE) $(clean)=...boot`. Directories that are only entered by `$(MAKE) $(build)=dir` are not.
 */
export function isVisitedByClean(directory: string, open: (path: string) => MakefileView | null): boolean {
  for (let above = parentOf(directory); above !== null; above = parentOf(above)) {
    const below = above === '' ? directory : directory.slice(above.length + 1)
    const prefix = above === '' ? '' : `${above}/`
    const makefiles = [open(`${prefix}Kbuild`), open(`${prefix}Makefile`)]
    if (makefiles.some((makefile) => makefile !== null && names(makefile, below, directory))) return true
  }
  return false
}

function parentOf(directory: string): string | null {
  if (directory === '') return null
  return directory.slice(0, Math.max(0, directory.lastIndexOf('/')))
}

function names({ syntax, text }: MakefileView, below: string, directory: string): boolean {
  const listed = [...visitNodes(syntax.nodes)].flatMap(({ node }) =>
    node.kind === 'assignment' && directoryLists.test(textOf(text, node.name)) ? exprWords(text, node.value) : [],
  )
  const words = listed.map((word) => textOf(text, word).replace(/\/$/, ''))
  if (words.includes(below) || words.includes(directory)) return true
  const name = directory.slice(directory.lastIndexOf('/') + 1)
  const started = [...text.matchAll(/\$[({]clean[)}]=(\S+)/g)].map((match) => match[1] ?? '')
  return started.some((target) => target.endsWith(`/${name}`) || target === `$(${name})` || target === directory)
}
