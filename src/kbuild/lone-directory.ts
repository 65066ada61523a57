import { always } from '../cond/conditions.ts'
import { evaluateDirectory } from './evaluate-directory.ts'
import type { Directory, KernelModel } from './kernel-model.ts'
import { parseOnce } from './parsed-files.ts'

/**
 * A directory that make is not sent to from the top, as far as the model knows: what scripts/Makefile.build would make of it
 * by itself, with all that the top exports. Null where it has no makefile.
 */
export function loneDirectory(
  { tree, conditions, scripts, top, options }: KernelModel,
  path: string,
): Directory | null {
  const parsed = parseOnce(tree, options.parse)
  const scope = { tree, conditions, parsed, scripts, symbolText: options.symbolText ?? (() => null) }
  const { makefile, evaluation, lists } = evaluateDirectory(scope, path, top.exported)
  if (makefile === null || evaluation === null) return null
  return { path, makefile, evaluation, lists, when: always, needBuiltin: always, needModorder: always }
}
