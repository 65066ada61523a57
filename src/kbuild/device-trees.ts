import { never } from '../cond/conditions.ts'
import type { Word } from '../make/guarded-words.ts'
import { wordsWhen } from './guarded-list.ts'
import type { Directory, KernelModel } from './kernel-model.ts'

/** A device tree blob, or an overlay, that a directory lists. */
export type DeviceTree = {
  /** As listed, relative to the directory: `board.dtb`, `camera.dtbo`. */
  readonly word: Word
  /** `board-dtbs`: the base and the overlays that it is put together from; empty for one that is compiled from a source. */
  readonly parts: readonly Word[]
}

/**
 * `dtb-y`, with `dtb-` where OF_ALL_DTBS is set, and `multi-dtb-y` of scripts/Makefile.dtbs (scripts/Makefile.lib before 6.12): a
 * `board.dtb` is composite where `board-dtbs` is not empty. Names that end in `/` are not among them.
 */
export function deviceTreesOf({ conditions }: KernelModel, { evaluation }: Directory): readonly DeviceTree[] {
  const names = new Set(evaluation.names)
  const read = (list: string): readonly Word[] => (names.has(list) ? evaluation.words(list).words : [])
  const all = conditions.symbolIs('OF_ALL_DTBS', 'y')
  const listed = [...read('dtb-y'), ...wordsWhen(conditions, read('dtb-'), all)]
  return listed
    .filter(({ when }) => when !== never)
    .map((word) => {
      const parts = word.text.endsWith('.dtb') ? read(`${word.text.slice(0, -'.dtb'.length)}-dtbs`) : []
      return { word, parts: wordsWhen(conditions, parts, word.when) }
    })
}
