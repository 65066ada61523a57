import { always } from '../../src/cond/conditions.ts'
import type { KernelModel } from '../../src/kbuild/kernel-model.ts'

/** The flags that every compilation of a kind has, whatever is configured and for which architecture. */
export type GlobalFlags = {
  readonly has: (flag: string) => boolean
}

/**
 * The flags of `KBUILD_CFLAGS` or `KBUILD_HOSTCFLAGS` that the top Makefile and scripts/Makefile.* add in all configurations; those of an
 * architecture's makefile are left out, and those that a later flag undoes.
 */
export function globalFlags(model: KernelModel, variable: 'KBUILD_CFLAGS' | 'KBUILD_HOSTCFLAGS'): GlobalFlags {
  const { evaluation, exported } = model.top
  const value = exported.get(variable)
  const words = evaluation === null || value === undefined ? [] : evaluation.wordsOf(value).words
  const fromTop = words.filter(({ when, origin: { file } }) => when === always && !file.startsWith('arch/'))
  const found = new Set(fromTop.map(({ text }) => text))
  const all = new Set(words.map(({ text }) => text))
  return { has: (flag) => found.has(flag) && !all.has(oppositeOf(flag)) }
}

/** `-Wno-vla` of `-Wvla`, and the other way round (gcc(1), "Warning Options"). */
export function oppositeOf(flag: string): string {
  const [, letter = '', no, name = ''] = /^-([Wfm])(no-)?(.*)$/.exec(flag) ?? []
  return letter === '' ? '' : `-${letter}${no === undefined ? 'no-' : ''}${name}`
}
