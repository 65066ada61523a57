import type { Patch } from '../series/series.ts'
import type { Tree } from '../text/tree.ts'

/** A patch that applied, with the tree on either side of it. */
export type Step = { readonly patch: Patch; readonly before: Tree; readonly after: Tree }
