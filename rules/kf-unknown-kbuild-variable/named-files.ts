import type { Makefile } from '../../src/make/cst.ts'
import { visitNodes } from '../../src/make/visit.ts'
import type { Directory } from '../../src/kbuild/kernel-model.ts'
import { once } from '../../src/text/once.ts'

/** What the makefiles of a directory name at all, so that flags for it may count. */
export type NamedFiles = {
  /**
   * Whether some list, rule or text of the makefiles names a file with this stem: `lib/core` for `lib/core.o`, or by its base alone
   * `core`.
   */
  readonly hasStem: (stem: string, by: 'whole' | 'base') => boolean
  /** Why lists are not known in full; null where they are. */
  readonly doubt: string | null
}

/**
 * The files that a directory names: by what its lists and rules expand to, and by what is written anywhere but in the names of
 * variables. More than is built, never less, but for lists that are not known.
 */
export function namedFiles(directory: Directory, makefiles: readonly Makefile[]): NamedFiles {
  const { lists, evaluation } = directory
  const texts = makefiles.map(withoutNames)
  const expanded = once(() => expandedNames(directory))
  const [unknown] = lists.unknown
  const open = evaluation.unknownEffects.find(({ names }) => names !== null)
  return {
    doubt: unknown?.unknown.reason ?? open?.unknown.reason ?? null,
    // Most names are written somewhere, which takes no evaluation.
    hasStem: (stem, by) => {
      if (texts.some((text) => mentions(text, stem, by))) return true
      const { words, bases } = expanded()
      return words.has(stem) || (by === 'base' && bases.has(stem))
    },
  }
}

/** What lists and rules expand to, with and without endings; `bases` without directories. */
function expandedNames({ path, evaluation }: Directory): Readonly<Record<'words' | 'bases', ReadonlySet<string>>> {
  const words = new Set<string>()
  const bases = new Set<string>()
  const add = (text: string): void => {
    const own = path !== '.' && text.startsWith(`${path}/`) ? text.slice(path.length + 1) : text
    for (const name of [own, own.replace(/\.[^./]*$/, '')]) {
      words.add(name)
      bases.add(name.slice(name.lastIndexOf('/') + 1))
    }
  }
  for (const name of evaluation.names.filter((each) => listName.test(each))) {
    for (const { text } of evaluation.words(name).words) add(text)
  }
  for (const { text } of evaluation.rules.flatMap((rule) => [...rule.targets, ...rule.prerequisites])) add(text)
  return { words, bases }
}

/** Variables that hold names of files: all lists of Kbuild, those of parts, and whatever else is called so. */
const listName = /-(?:y|m|objs|cxxobjs|dtbs|)$|^(?:targets|hostprogs|userprogs|extra|always)|obj|src|files|targets|lib/i

/** A makefile's text without the left sides of its assignments. */
function withoutNames({ text, nodes }: Makefile): string {
  let rest = ''
  let at = 0
  for (const { node } of visitNodes(nodes)) {
    if (node.kind !== 'assignment') continue
    rest += `${text.slice(at, node.name.range.start)} `
    at = node.name.range.end
  }
  return rest + text.slice(at)
}

/** Whether a text has the stem as a name, with or without an ending, and not as the end of a longer path. */
function mentions(text: string, stem: string, by: 'whole' | 'base'): boolean {
  for (let at = text.indexOf(stem); at !== -1; at = text.indexOf(stem, at + 1)) {
    const before = text.charAt(at - 1)
    const after = text.charAt(at + stem.length)
    const isStart = !/[\w.-]/.test(before) && (before !== '/' || by === 'base' || /[)}]/.test(text.charAt(at - 2)))
    if (isStart && !/[\w-]/.test(after)) return true
  }
  return false
}
