import type { Cond, Conditions } from '../cond/conditions.ts'
import type { UnknownWords, Word } from '../make/guarded-words.ts'
import { compareHeld } from './changed-lists.ts'
import type { ListChange } from './changed-lists.ts'
import { swappedFlag } from './deciding-flags.ts'
import type { SwappedFlag } from './deciding-flags.ts'
import { doubtBetween } from './doubts.ts'
import type { Doubt } from './doubts.ts'
import type { ModelPair } from './directory-pairs.ts'
import { countCompiled } from './compiled-objects.ts'
import type { Language } from './compiled-objects.ts'
import { whereHeld } from '../kbuild/guarded-list.ts'
import type { Directory } from '../kbuild/kernel-model.ts'

/** Flags that a variable gained, lost or has under another condition, and for how many objects they count. */
export type FlagChange = Pick<ListChange, 'gained' | 'lost' | 'regated'> & {
  readonly kind: 'flags'
  /** The directory whose makefile sets them; null for the top Makefile and what it includes. */
  readonly path: string | null
  readonly variable: string
  /** A flag that decides now where another did, both being there before and after; null where none does. */
  readonly swapped: SwappedFlag | null
  /** Null where it is not known who uses the variable. */
  readonly objects: number | null
}

/** The variables of Documentation/kbuild/makefiles.rst §3.7, "Compilation flags". */
const ofDirectory = /^(?:cc|as|ld|rust|cpp)flags(?:-remove)?-y$/
const ofSubtree = /^subdir-(?:cc|as|rust)flags-y$/
const ofObject = /^(?:CFLAGS|AFLAGS|LDFLAGS|RUSTFLAGS|CPPFLAGS|HOSTCFLAGS|HOSTCXXFLAGS|HOSTLDFLAGS|HOSTLDLIBS)_./

/** What scripts/Makefile.lib asks before it adds the flags of sanitizers and the like: `KASAN_SANITIZE_core.o := n`. */
const ofSwitch =
  /^[A-Z]+_(?:SANITIZE|PROFILE|INSTRUMENT(?:_BARRIERS)?)(?:_.+\.o)?$|^OBJECT_FILES_NON_STANDARD(?:_.+\.o)?$/

/** How the flags that makefiles of directories set differ between two models of the same conditions. */
export function changedFlags(pair: ModelPair, care: Cond): readonly FlagChange[] {
  return pair.pairs.flatMap(({ path, old, young }) => {
    if (old === null || young === null || old.evaluation === young.evaluation) return []
    const names = [...new Set([...old.evaluation.names, ...young.evaluation.names])].filter(isFlagVariable).sort()
    return names.flatMap((variable) => {
      const [was, is] = [wordsIn(old, variable), wordsIn(young, variable)]
      const doubt = doubtBetween(unknownIn(old, variable), unknownIn(young, variable))
      const change = compareFlags(pair.after.conditions, { was, is, care, doubt })
      if (change === null) return []
      return [{ kind: 'flags' as const, path, variable, ...change, objects: countObjects(pair, young, variable) }]
    })
  })
}

function isFlagVariable(name: string): boolean {
  return ofDirectory.test(name) || ofSubtree.test(name) || ofObject.test(name) || ofSwitch.test(name)
}

function wordsIn({ evaluation }: Directory, variable: string): readonly Word[] {
  return evaluation.words(variable).words
}

function unknownIn({ evaluation }: Directory, variable: string): readonly UnknownWords[] {
  return evaluation.words(variable).unknown
}

type Compared = {
  readonly was: readonly Word[]
  readonly is: readonly Word[]
  readonly care: Cond
  readonly doubt: Doubt
}

/** How two lists of flags differ: what is there, and which of two that contradict each other comes last. */
export function compareFlags(
  conditions: Conditions,
  { was, is, care, doubt }: Compared,
): Pick<FlagChange, 'gained' | 'lost' | 'regated' | 'swapped'> | null {
  const [before, after] = [whereHeld(conditions, paired(was)), whereHeld(conditions, paired(is))]
  const held = compareHeld(conditions, { was: before, is: after, care, doubt })
  const swapped = swappedFlag(conditions, was, is)
  if (held === null && swapped === null) return null
  return { ...(held ?? { gained: [], lost: [], regated: [] }), swapped }
}

/** Options that take the next word as their argument (gcc(1)); `-I dir` is one flag. */
const withArgument: ReadonlySet<string> = new Set([
  '-I',
  '-D',
  '-U',
  '-include',
  '-isystem',
  '-T',
  '-x',
  '--param',
  '-z',
])

function paired(words: readonly Word[]): readonly Word[] {
  const flags: Word[] = []
  let open: Word | null = null
  for (const word of words) {
    if (open !== null && open.when === word.when) flags.push({ ...word, text: `${open.text} ${word.text}` })
    else if (withArgument.has(word.text)) {
      open = word
      continue
    } else flags.push(word)
    open = null
  }
  return open === null ? flags : [...flags, open]
}

function countObjects({ after }: ModelPair, directory: Directory, variable: string): number | null {
  if (ofSwitch.test(variable)) return variable.endsWith('.o') ? 1 : countCompiled(after, [directory], 'any')
  const language = languageOf(variable)
  if (ofObject.test(variable)) return /^HOST/.test(variable) ? null : 1
  if (language === null) return null
  const isBelow = ofSubtree.test(variable)
  const reached = isBelow
    ? [...after.directories.values()].filter(
        ({ path }) => directory.path === '.' || path === directory.path || path.startsWith(`${directory.path}/`),
      )
    : [directory]
  return countCompiled(after, reached, language)
}

function languageOf(variable: string): Language | null {
  const name = variable.replace(/^subdir-/, '')
  if (name.startsWith('cc')) return 'c'
  if (name.startsWith('as')) return 'assembler'
  if (name.startsWith('rust')) return 'rust'
  return name.startsWith('cpp') ? 'any' : null
}
