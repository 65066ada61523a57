/**
 * A directory as make reads it in a build that has its output elsewhere (`make O=dir`): the sources are below a directory of their
 * own, and where make runs there is nothing but what the build has made (Documentation/kbuild/kbuild.rst, KBUILD_OUTPUT).
 */
import type { Evaluation } from '../make/evaluation.ts'
import { textValue } from '../make/value.ts'
import { onceFor } from '../text/once-for.ts'
import { oncePer } from '../text/once-per.ts'
import type { Tree } from '../text/tree.ts'
import { buildScripts } from './build-scripts.ts'
import type { BuildScripts } from './build-scripts.ts'
import { evaluateDirectory } from './evaluate-directory.ts'
import type { DirectoryScope } from './evaluate-directory.ts'
import type { KernelModel } from './kernel-model.ts'
import { normalise, parseOnce } from './parsed-files.ts'

/** What `$(srctree)` stands for in a separate build: a directory that no kernel has. */
export const sourceRoot = '<srctree>'

/** A makefile, evaluated for a separate build. */
export type SeparateBuild = {
  readonly evaluation: Evaluation
  /** Whether `$(src)` leads to the sources by itself: it does since Linux 6.10. Before, it is the same as `$(obj)`. */
  readonly srcIsSource: boolean
}

/** The path of a source from the top of the tree, of a name that begins with `$(srctree)`; null for any other. */
export function sourcePath(name: string): string | null {
  return name.startsWith(`${sourceRoot}/`) ? normalise(name.slice(sourceRoot.length + 1)) : null
}

/** Whether scripts/Makefile.build puts `VPATH`, the source tree, in front of `$(src)`. A tree without it is read as Linux 6.12. */
export function srcIsSource(tree: Pick<Tree, 'read'>): boolean {
  const text = tree.read('scripts/Makefile.build')
  return text === null || /^src\s*:=.*\$[({]VPATH[)}]/m.test(text)
}

/**
 * Evaluates a directory's makefile for a separate build; null where it has none. `$(wildcard ...)` and `include` look in the source
 * tree whatever the name begins with: for makefiles that is so (`--include-dir=$(abs_srctree)` of the top makefile), and a wildcard
 * that begins with neither `$(srctree)` nor `$(src)` finds more here than it would there.
 */
export function separateBuild(model: KernelModel, path: string): SeparateBuild | null {
  return separateBuilds(model)(path)
}

/** Those of a model, each evaluated once: several rules ask for the same ones. */
const separateBuilds = oncePer((model: KernelModel) => {
  const { scope, exported, isSource } = separateScope(model)
  return onceFor((path): SeparateBuild | null => {
    const evaluation = sameEvaluation(model, path) ?? evaluateDirectory(scope, path, exported).evaluation
    return evaluation === null ? null : { evaluation, srcIsSource: isSource }
  })
})

/** What differs in a separate build, with `src`, of which it is not known who asks. */
const differing: ReadonlySet<string> = new Set(['srctree', 'srcroot', 'VPATH'])

/** The evaluation of the model, where the makefile and what it includes ask for nothing that differs in a separate build. */
function sameEvaluation({ parts, top, tree }: KernelModel, path: string): Evaluation | null {
  const known = parts.get(path)
  if (known?.inherited !== top.exported) return null
  const { variables, others, files } = known.dependencies
  if (!variables.isDisjointFrom(differing) || !others.isDisjointFrom(differing)) return null
  const mayAsk = [...files].some((file) => mayReferToSrc.test(tree.read(file) ?? ''))
  return mayAsk ? null : known.evaluation
}

/** One of them anywhere, or a name that is put together. */
const mayReferToSrc = /src|VPATH|\$[({][^()\s{}]*\$/

/** What all directories of a model share in a separate build. */
function separateScope({ conditions, options, scripts, top, tree }: KernelModel) {
  const isSource = srcIsSource(tree)
  const exported = new Map(top.exported)
  for (const name of differing) exported.set(name, textValue(sourceRoot, null))
  const scope: DirectoryScope = {
    tree,
    conditions,
    parsed: parseOnce(tree, options.parse),
    scripts: isSource ? withSource(scripts) : scripts,
    symbolText: options.symbolText ?? (() => null),
  }
  return { scope, exported, isSource }
}

function withSource({ texts, prefixed }: BuildScripts): BuildScripts {
  const inSource = texts.map(([name, text]) => [name, name === 'src' ? `${sourceRoot}/${text}` : text] as const)
  return buildScripts(inSource, prefixed)
}
