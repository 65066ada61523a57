import { never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'
import type { Directory, KernelModel } from './kernel-model.ts'

/** A flag that makefiles of directories give an object, or take from it. */
export type ObjectFlag = {
  /** The variable that holds it: `ccflags-y`, `CFLAGS_8250_core.o`, `CFLAGS_REMOVE_main.o`. */
  readonly variable: string
  /** The directory whose makefile sets it. */
  readonly directory: string
  readonly effect: 'add' | 'remove'
  readonly flag: Word
}

export type ObjectFlags = {
  readonly flags: readonly ObjectFlag[]
  /** Where words of these variables are not known. */
  readonly unknown: readonly { readonly variable: string; readonly reason: string; readonly when: Cond }[]
}

type Language = { readonly plain: readonly string[]; readonly below: string; readonly single: string }

/** `_c_flags`, `_a_flags` and `_rust_flags` of scripts/Makefile.lib: what they are made of besides KBUILD_*FLAGS. */
const languages: Readonly<Record<'c' | 'assembler' | 'rust' | 'linker', Language>> = {
  c: { plain: ['ccflags-y'], below: 'subdir-ccflags-y', single: 'CFLAGS' },
  assembler: { plain: ['asflags-y'], below: 'subdir-asflags-y', single: 'AFLAGS' },
  rust: { plain: ['rustflags-y'], below: 'subdir-rustflags-y', single: 'RUSTFLAGS' },
  linker: { plain: ['ldflags-y'], below: '', single: 'LDFLAGS' },
}

/**
 * The flags of an object that a directory lists, in the order of the command line: those of the directories above it
 * (`subdir-ccflags-y` reaches down through KBUILD_CFLAGS), of its directory, its own, and those taken away again.
 */
export function flagsOf(
  model: KernelModel,
  { directory, word }: { readonly directory: Directory; readonly word: string },
  language: keyof typeof languages,
): ObjectFlags {
  const { plain, below, single } = languages[language]
  const flags: ObjectFlag[] = []
  const unknown: ObjectFlags['unknown'][number][] = []
  const read = (from: Directory, variable: string, effect: ObjectFlag['effect']): void => {
    const words = from.evaluation.words(variable)
    for (const flag of words.words) {
      if (flag.when !== never) flags.push({ variable, directory: from.path, effect, flag })
    }
    for (const each of words.unknown) unknown.push({ variable, reason: each.unknown.reason, when: each.when })
  }
  if (below !== '') for (const above of [...ancestors(model, directory), directory]) read(above, below, 'add')
  for (const variable of plain) {
    read(directory, variable, 'add')
    read(directory, variable.replace(/-y$/, '-remove-y'), 'remove')
  }
  read(directory, `${single}_${word}`, 'add')
  read(directory, `${single}_REMOVE_${word}`, 'remove')
  return { flags, unknown }
}

/** The directories above one, from the top down. */
function ancestors(model: KernelModel, { path }: Directory): readonly Directory[] {
  const parts = path === '.' ? [] : path.split('/')
  return parts.flatMap((_, index) => model.directories.get(index === 0 ? '.' : parts.slice(0, index).join('/')) ?? [])
}
