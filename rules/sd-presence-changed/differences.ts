import { always, never, type Cond } from '../../src/cond/conditions.ts'
import { sourceOf } from '../../src/kbuild/built-objects.ts'
import type { changedObjects } from '../../src/changes/changed-objects.ts'
import type { KernelModel } from '../../src/kbuild/kernel-model.ts'
import type { Span } from '../../src/text/span.ts'

/** An object, or a directory with all its objects, that is built under another condition; `when` is where that shows. */
export type Difference = {
  readonly path: string
  readonly isDirectory: boolean
  readonly before: Cond
  readonly after: Cond
  readonly when: Cond
  readonly at: Span | null
}

type Models = { readonly before: KernelModel; readonly after: KernelModel; readonly touched: readonly string[] }

/**
 * The changes that no move, rename or clean-up makes: another condition, an object that nothing builds any more though its source
 * is still there, and one that is built now though its source was there before.
 */
export function differencesIn(
  changes: ReturnType<typeof changedObjects>,
  { before, after, touched }: Models,
): readonly Difference[] {
  return changes.flatMap((change): Difference[] => {
    switch (change.kind) {
      case 'regated':
        return [differing(after, { ...change, isDirectory: false })]
      case 'directory': {
        const isMoved = touched.some((path) => path.startsWith(`${change.path}/`))
        return isMoved ? [] : [differing(after, { ...change, at: null, isDirectory: true })]
      }
      case 'lost': {
        const { path, when, source } = change
        const isLeft = source !== null && !touched.includes(source)
        return isLeft ? [differing(after, { path, before: when, after: never, at: null, isDirectory: false })] : []
      }
      case 'gained': {
        const { path, when, at } = change
        const source = sourceOf(before.tree, path)
        const wasThere = source !== null && !touched.includes(source)
        return wasThere ? [differing(after, { path, before: never, after: when, at, isDirectory: false })] : []
      }
      default:
        return []
    }
  })
}

/** `when` holds where the directory is visited, too: its own conditions alone show nothing where make does not go there. */
function differing({ conditions, directories }: KernelModel, of: Omit<Difference, 'when'>): Difference {
  const { path, isDirectory, before, after, at } = of
  const differs = conditions.or(conditions.without(before, after), conditions.without(after, before))
  const visit = directories.get(path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '.')?.when ?? always
  return { path, isDirectory, before, after, at, when: conditions.and(differs, visit) }
}
