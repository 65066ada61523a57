import type { AllArchs } from '../kbuild/all-archs.ts'
import type { KernelModel } from '../kbuild/kernel-model.ts'
import type { KconfigModel } from '../kconfig/model.ts'
import type { WholeKconfig } from '../kconfig/whole-tree.ts'
import type { KconfigFile } from '../kconfig/syntax.ts'
import type { Makefile } from '../make/cst.ts'
import type { FileDiff } from '../diff/file-diff.ts'
import type { Patch, Series } from '../series/series.ts'
import type { LineIndex } from '../text/line-index.ts'
import type { Span } from '../text/span.ts'
import type { Tree } from '../text/tree.ts'
import type { Closures } from './closures.ts'
import type { KbuildDirectory, Knowledge } from './knowledge.ts'
import type { Report, Severity } from './finding.ts'
import type { Transient } from './ledger.ts'
import type { World } from './world.ts'

export type { World } from './world.ts'

/** A parsed makefile of a tree. */
export type MakefileView = {
  readonly path: string
  readonly world: World
  readonly text: string
  readonly syntax: Makefile
  readonly lines: LineIndex
}

/** A parsed Kconfig file of a tree. */
export type KconfigView = {
  readonly path: string
  readonly text: string
  readonly syntax: KconfigFile
  readonly lines: LineIndex
}

type Channel = {
  /** Reports a finding. */
  readonly report: (report: Report) => void
  /** Says that something could not be decided: counted, never mailed. */
  readonly unsure: (at: Span, because: string) => void
}

/** What a rule of scope `tree` sees: one tree, and of it the files that the review is about. */
export type TreeContext = Channel & {
  readonly tree: Tree
  /** The makefiles under review: in a check those that the series touches or that include them, in a lint all. */
  readonly makefiles: readonly MakefileView[]
  readonly kconfigs: readonly KconfigView[]
  /** Any makefile of the tree, parsed once; null where there is none. */
  readonly makefile: (path: string) => MakefileView | null
  /** Any Kconfig file of the tree, parsed once; null where there is none. */
  readonly kconfig: (path: string) => KconfigView | null
} & Known

/** What is known of a tree as a whole; each answer is worked out when it is first asked for. */
type Known = {
  /** What the Kconfig files say for an `ARCH` (`x86_64` where left out); null where there is no top Kconfig. */
  readonly symbols: (arch?: string) => KconfigModel | null
  /** What is built for an `ARCH` (`x86_64` where left out) under all configurations; null where that is too large to know. */
  readonly kernel: (arch?: string) => KernelModel | null
  /** The directory of a Kbuild or Makefile, for its own architecture; null where make would read another file there. */
  readonly directory: (makefile: string) => KbuildDirectory | null
  /** What makefiles are read with that make is started with by themselves, such as those of selftests. */
  readonly closures: () => Closures
  /** The Kconfig files of all architectures together. */
  readonly wholeKconfig: () => WholeKconfig
  /** What is seen of all architectures at once; null where the tree is no whole kernel. */
  readonly allArchs: () => AllArchs | null
}

/** What a rule of scope `change` sees: one patch, with the tree on either side of it. */
export type ChangeContext = Channel & {
  readonly before: Tree
  readonly after: Tree
  /** What is known of `before`, `after`, or another tree of the series. */
  readonly knowledge: Knowledge
  readonly patch: Patch
  readonly series: Series
  readonly files: readonly FileDiff[]
  /** What rules of scope `tree` find after this patch and no longer at the end of the series. */
  readonly passing: readonly Transient[]
  /** A place in the patch's own text (its log, a line of the diff), 1-based line of `Patch.text`; its file is `patchTextPath`. */
  readonly at: (line: number) => Span
}

type Described = {
  /** The directory's name, the configuration's key and the text in brackets. */
  readonly id: string
  readonly severity: Severity
  readonly summary: string
  /**
   * It says that something is nowhere, in the whole tree: a patch of the series that was not judged may bring it, so that such a series
   * leaves it open.
   */
  readonly absence?: true
  /** The release of kbuild-review that brought it. */
  readonly since: string
  /** Set where what it says is a matter of taste, or news rather than a fault: told only where it is asked for. */
  readonly preview?: true
}

/** Runs on the tree before and after; the engine reports what is new. */
export type TreeRule = Described & { readonly scope: 'tree'; readonly check: (context: TreeContext) => void }
/** Runs once for a patch. */
export type ChangeRule = Described & { readonly scope: 'change'; readonly check: (context: ChangeContext) => void }

export type Rule = TreeRule | ChangeRule

/** Gives a rule its type; rules are pure, synchronous and keep nothing between runs. */
export function defineRule<R extends Rule>(rule: R): R {
  return rule
}
