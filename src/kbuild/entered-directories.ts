import { always, never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Seeds } from '../make/initial-variables.ts'
import { oncePer } from '../text/once-per.ts'
import { prefetchOnce } from '../text/prefetch-once.ts'
import type { Tree } from '../text/tree.ts'
import { textOfSymbols } from './configuration.ts'
import { childrenOf } from './descend.ts'
import type { Visit } from './descend.ts'
import { evaluateDirectory } from './evaluate-directory.ts'
import type { DirectoryScope } from './evaluate-directory.ts'
import { anyOf } from './guarded-list.ts'
import type { Directory, KernelModel } from './kernel-model.ts'
import { parseOnce } from './parsed-files.ts'
import { recipeDescentsOf } from './recipe-descents.ts'
import type { RecipeDescent } from './recipe-descents.ts'

/** A directory that make comes to because a recipe says so, and not by `obj-y` and its like. */
export type EnteredDirectory = Directory & {
  /** The recipes that enter it; empty for one that another entered directory lists. */
  readonly by: readonly RecipeDescent[]
}

export type EnteredDirectories = {
  /** All makes that recipes of the top, arch and directory makefiles start for a directory, in the order in which they are found. */
  readonly descents: readonly RecipeDescent[]
  /**
   * The directories that recipes alone lead to, by path: their lists, evaluation and rules are asked like those of any other. Of a
   * directory that the ordinary descent reaches too there are `descents` alone.
   */
  readonly directories: ReadonlyMap<string, EnteredDirectory>
}

/** How make comes to a directory, and what it finds exported there. */
type Arrival = {
  readonly path: string
  readonly visit: Visit
  readonly exported: Seeds
  readonly by: RecipeDescent | null
}

type Walk = {
  readonly model: KernelModel
  readonly scope: DirectoryScope
  readonly descents: RecipeDescent[]
  readonly entered: Map<string, EnteredDirectory>
  readonly open: Arrival[]
}

const buildScript = 'scripts/Makefile.build'

/** Directories that are entered; Linux 6.12 has 20 for x86_64. */
const maxEntered = 1000

/** What a makefile says that starts a make for a directory, or includes another that may: all others need not be evaluated. */
const mayStartMake = /[({](?:build|clean|asm-generic|hdr-inst)[)}]=|\bobj=|^ *[-s]?include\b/m

/** Whether a makefile of a tree says so: each is read once for all models of the tree. */
const startsMakeIn = oncePer((tree: Tree) => {
  const known = new Map<string, boolean>()
  return (makefile: string): boolean => {
    const answer = known.get(makefile) ?? mayStartMake.test(tree.read(makefile) ?? '')
    known.set(makefile, answer)
    return answer
  }
})

/** Follows the recipes of a model: to arch/x86/boot, and from there to arch/x86/boot/compressed. To be kept by who asks twice. */
export function enterDirectories(model: KernelModel): EnteredDirectories {
  const { top, directories, parts } = model
  const walk: Walk = { model, scope: scopeOf(model), descents: [], entered: new Map(), open: [] }
  if (top.evaluation !== null) follow(walk, { evaluation: top.evaluation, when: always }, top.exported)
  const startsMake = startsMakeIn(model.tree)
  prefetchOnce(model.tree)(directories.values().map(({ makefile }) => makefile))
  for (const [path, directory] of directories) {
    if (!startsMake(directory.makefile)) continue
    const { inherited, exported } = parts.get(path) ?? { inherited: top.exported, exported: new Map() }
    follow(walk, directory, new Map([...inherited, ...exported]))
  }
  for (let next = walk.open.pop(); next !== undefined; next = walk.open.pop()) enter(walk, next)
  return { descents: walk.descents, directories: walk.entered }
}

function scopeOf({ tree, conditions, scripts, options }: KernelModel): DirectoryScope {
  const { configuration, symbolText = () => null } = options
  return {
    tree,
    conditions,
    parsed: parseOnce(tree, options.parse),
    scripts,
    symbolText: configuration === undefined ? symbolText : textOfSymbols(configuration),
  }
}

/** Notes where the recipes of a makefile lead. */
function follow(
  { model, descents, open }: Walk,
  caller: Parameters<typeof recipeDescentsOf>[1],
  exported: Seeds,
): void {
  const { conditions, directories } = model
  for (const by of recipeDescentsOf(conditions, caller)) {
    descents.push(by)
    if (by.script !== buildScript || directories.has(by.directory)) continue
    const need = (variable: string): Cond => (by.variables.includes(`${variable}=1`) ? by.when : never)
    const visit = { when: by.when, needBuiltin: need('need-builtin'), needModorder: need('need-modorder') }
    open.push({ path: by.directory, visit, exported, by })
  }
}

/** Evaluates a directory, or lets it be known that make comes to it in one more way. */
function enter(walk: Walk, { path, visit, exported, by }: Arrival): void {
  const { model, entered, open, scope } = walk
  const { conditions } = model
  const known = entered.get(path)
  if (known === undefined && entered.size >= maxEntered) return
  const ways = [known ?? [], visit].flat()
  const joined: Visit = {
    when: anyOf(conditions, ways),
    needBuiltin: anyOf(
      conditions,
      ways.map(({ needBuiltin }) => ({ when: needBuiltin })),
    ),
    needModorder: anyOf(
      conditions,
      ways.map(({ needModorder }) => ({ when: needModorder })),
    ),
  }
  const callers = [...(known?.by ?? []), ...(by === null ? [] : [by])]
  if (known !== undefined) {
    entered.set(path, { ...known, ...joined, by: callers })
    return
  }
  const parts = evaluateDirectory(scope, path, exported)
  const { makefile, evaluation, lists } = parts
  if (makefile === null || evaluation === null) return
  const directory = { path, makefile, evaluation, lists, ...joined, by: callers }
  entered.set(path, directory)
  const handedOn = new Map([...exported, ...parts.exported])
  for (const [child, below] of childrenOf(conditions, lists, joined)) {
    const childPath = `${path}/${child}`
    if (!model.directories.has(childPath)) open.push({ path: childPath, visit: below, exported: handedOn, by: null })
  }
  follow(walk, directory, handedOn)
}
