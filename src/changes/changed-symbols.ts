import { kernelEnvironment, loadKconfig } from '../kconfig/load.ts'
import type { KconfigModel, KconfigSymbol } from '../kconfig/model.ts'
import { isKconfig } from '../kconfig/is-kconfig.ts'
import { parseEach } from '../kconfig/files.ts'
import { parseKconfig } from '../kconfig/parse.ts'
import type { KconfigFile } from '../kconfig/syntax.ts'
import type { Tree } from '../text/tree.ts'
import { DiagramTooLarge } from '../cond/bdd.ts'
import { compareSymbols, describeSymbol } from './compare-symbols.ts'
import type { KernelModel } from '../kbuild/kernel-model.ts'
import { sourceArch } from '../kbuild/source-arch.ts'
import { symbolUsers } from './symbol-users.ts'
import { createTristates } from './tristate-conditions.ts'
import type { TristateConditions } from './tristate-conditions.ts'

/** Symbols, or choices, that Kconfig defines otherwise than before; those of which the same is to be told are together. */
export type SymbolChange = {
  readonly kind: 'symbol'
  readonly names: readonly string[]
  /** The directory below arch/ for which this is so; null where it is that of the model. */
  readonly arch: string | null
  readonly change:
    /** `is` in a few words: `bool, default y, depends on PCI`. */
    | { readonly kind: 'new'; readonly is: string }
    /** `users` are makefiles and Kconfig files that still refer to it; `under` is the architecture that alone had it. */
    | { readonly kind: 'gone'; readonly was: string; readonly users: readonly string[]; readonly under: string | null }
    | { readonly kind: 'renamed'; readonly to: string; readonly users: readonly string[] }
    | { readonly kind: 'changed'; readonly what: readonly string[] }
    /** The choice that has this symbol as its first member. */
    | { readonly kind: 'choice'; readonly what: readonly string[] }
}

/** Gives what the Kconfig files of a tree say, for a directory below arch/, from the file `root` on. */
export type KconfigOf = (tree: Tree, srcarch: string, root: string) => KconfigModel

/** Architectures besides that of the model that are looked at because their files were touched. */
const maxOtherArchs = 3
/** Files that no other leads to, and that are looked at by themselves. */
const maxUnread = 5

/**
 * The symbols that mean something else than before, all their definitions taken together: new ones, gone ones with who still refers to
 * them, and those of another type, prompt, dependency, default, selection or range. A symbol that only moved is none of them.
 */
export function changedSymbols(
  { before, after }: { readonly before: KernelModel; readonly after: KernelModel },
  touched: readonly string[],
  kconfigOf: KconfigOf = createKconfigLoader(),
): readonly SymbolChange[] {
  const files = touched
    .filter(isKconfig)
    .filter((file) => !isSameStatements(before.tree.read(file), after.tree.read(file)))
  if (files.length === 0) return []
  const own = sourceArch(after.tree, after.arch)
  const archs = [...new Set(files.map((file) => archOf(file) ?? own))]
  const others = archs.filter((arch) => arch !== own).slice(0, maxOtherArchs)
  const read = (srcarch: string, root: string): Read => {
    const [old, young] = [kconfigOf(before.tree, srcarch, root), kconfigOf(after.tree, srcarch, root)]
    return { arch: srcarch === own ? null : srcarch, old, young }
  }
  const asked = archs.includes(own) ? [own, ...others] : others
  const models = asked.map((srcarch) => read(srcarch, 'Kconfig'))
  const isRead = (file: string): boolean =>
    models.some(({ old, young }) => old.files.has(file) || young.files.has(file))
  const unread = files.filter((file) => !isRead(file)).slice(0, maxUnread)
  const alone = unread.map((file) => read(archOf(file) ?? own, file))
  return told([...models, ...alone].map((each) => ({ arch: each.arch, changes: changesOf(each, after, files) })))
}

type Read = Models & { readonly arch: string | null }
type ArchChanges = { readonly arch: string | null; readonly changes: readonly UnplacedChange[] }

/** Each change once, for the first architecture that has it. */
function told(all: readonly ArchChanges[]): readonly SymbolChange[] {
  const known = new Set<string>()
  return all.flatMap(({ arch, changes }) =>
    changes.flatMap((change) => {
      const key = JSON.stringify([change.names, change.change])
      if (known.has(key)) return []
      known.add(key)
      return [{ ...change, arch }]
    }),
  )
}

/** The directory below arch/ that a Kconfig file belongs to; null for those of all architectures. */
function archOf(file: string): string | null {
  return /^arch\/([^/]+)\//.exec(file)?.[1] ?? null
}

/** Loads what is asked for anew, but parses each text once. */
export function createKconfigLoader(): KconfigOf {
  const parsed = new Map<string, KconfigFile>()
  const parse = (text: string): KconfigFile => {
    const file = parsed.get(text) ?? parseKconfig(text)
    parsed.set(text, file)
    return file
  }
  const files = parseEach(parse)
  return (tree, srcarch, root) =>
    loadKconfig(tree, { env: kernelEnvironment(srcarch === 'x86' ? 'x86_64' : srcarch, srcarch), files, root })
}

/** Whether two texts hold the same statements, but for help texts, comments and blanks. */
function isSameStatements(left: string | null, right: string | null): boolean {
  if (left === null || right === null) return left === right
  const [one, other] = [left, right].map((text) =>
    JSON.stringify(parseKconfig(text).statements, (key, part: unknown) => (positions.has(key) ? undefined : part)),
  )
  return one === other
}

const positions: ReadonlySet<string> = new Set(['start', 'end', 'textStart', 'valueStart'])

type Models = { readonly old: KconfigModel; readonly young: KconfigModel }
type UnplacedChange = Omit<SymbolChange, 'arch'>

function changesOf({ old, young }: Models, after: KernelModel, files: readonly string[]): readonly UnplacedChange[] {
  const reached = filesBelow([old, young], files)
  const mayDiffer = (symbol: KconfigSymbol | undefined): boolean =>
    symbol?.definitions.some(({ at }) => reached.has(at.file)) ?? false
  const tristates = createTristates([old, young])
  const gone = [...old.symbols.values()].filter(({ name }) => !young.symbols.has(name))
  const come = [...young.symbols.values()].filter(({ name }) => !old.symbols.has(name))
  const makefiles = [...after.directories.values()].map(({ makefile }) => makefile)
  const users = symbolUsers(new Set(gone.map(({ name }) => name)), { tree: after.tree, makefiles, kconfig: young })
  const renamed = renamedSymbols(tristates, gone, come)
  const isRenamed = new Set(
    [...renamed, ...renamed.map(([from, to]) => [to, from] as const)].map(([name]) => name.name),
  )
  const single = (name: string, change: SymbolChange['change']): UnplacedChange => ({
    kind: 'symbol',
    names: [name],
    change,
  })
  return grouped([
    ...renamed.map(([from, to]) =>
      single(from.name, { kind: 'renamed', to: to.name, users: users.get(from.name) ?? [] }),
    ),
    ...gone
      .filter(({ name }) => !isRenamed.has(name))
      .map((symbol) =>
        single(symbol.name, {
          kind: 'gone',
          was: symbol.type,
          users: users.get(symbol.name) ?? [],
          under: onlyArch(symbol),
        }),
      ),
    ...come
      .filter(({ name }) => !isRenamed.has(name))
      .map((symbol) => single(symbol.name, { kind: 'new', is: describeSymbol(tristates, symbol) })),
    ...[...young.symbols.values()].flatMap((symbol) => {
      const was = old.symbols.get(symbol.name)
      return mayDiffer(symbol) || mayDiffer(was) ? changed(tristates, was, symbol, single) : []
    }),
    ...changedChoices(tristates, { old, young }, reached),
  ])
}

/** The given files and all that they bring in, by whatever way: what encloses a `source` line is in the conditions of what it reads. */
function filesBelow(models: readonly KconfigModel[], files: readonly string[]): ReadonlySet<string> {
  const reached = new Set(files)
  for (const model of models) {
    // A file is read after those that bring it in, but may be brought in again later.
    for (let before = -1; before !== reached.size;) {
      before = reached.size
      for (const [file, sources] of model.files) {
        if (sources.some((source) => reached.has(source.file))) reached.add(file)
      }
    }
  }
  return reached
}

function changed(
  tristates: TristateConditions,
  was: KconfigSymbol | undefined,
  is: KconfigSymbol,
  make: (name: string, change: SymbolChange['change']) => UnplacedChange,
): readonly UnplacedChange[] {
  if (was === undefined) return []
  const what = compareWithin(tristates, was, is)
  return what.length === 0 ? [] : [make(is.name, { kind: 'changed', what })]
}

/** What is otherwise; nothing where conditions grow too large to be compared. */
function compareWithin(tristates: TristateConditions, was: KconfigSymbol, is: KconfigSymbol): readonly string[] {
  try {
    return compareSymbols(tristates, was, is)
  } catch (error) {
    if (error instanceof DiagramTooLarge) return []
    throw error
  }
}

/** The architecture whose files alone define a symbol; null where others do. */
function onlyArch({ definitions }: KconfigSymbol): string | null {
  const archs = new Set(definitions.map(({ at }) => archOf(at.file)))
  const [only] = archs
  return archs.size === 1 ? (only ?? null) : null
}

/** Symbols that are gone, each with the new one of the same prompt and type. */
function renamedSymbols(
  tristates: TristateConditions,
  gone: readonly KconfigSymbol[],
  come: readonly KconfigSymbol[],
): readonly (readonly [KconfigSymbol, KconfigSymbol])[] {
  const left = new Set(come)
  return gone.flatMap((from) => {
    const [prompt] = from.prompts
    const to = [...left].find(
      (each) => each.type === from.type && prompt !== undefined && each.prompts[0]?.text === prompt.text,
    )
    if (to === undefined || !tristates.isSame(from.dependency, to.dependency)) return []
    left.delete(to)
    return [[from, to] as const]
  })
}

/** Choices have no names: those that share a member are one, and go by their first member. */
function changedChoices(
  tristates: TristateConditions,
  { old, young }: Models,
  reached: ReadonlySet<string>,
): readonly UnplacedChange[] {
  const former = new Map([...old.choices.values()].flatMap((choice) => choice.members.map((name) => [name, choice])))
  return [...young.choices.values()].flatMap((choice): UnplacedChange[] => {
    if (!choice.definitions.some(({ at }) => reached.has(at.file))) return []
    const was = choice.members.map((name) => former.get(name)).find((each) => each !== undefined)
    const what = was === undefined ? [] : compareWithin(tristates, was, choice)
    const [first = ''] = choice.members
    return what.length === 0 ? [] : [{ kind: 'symbol', names: [first], change: { kind: 'choice', what } }]
  })
}

/** Changes with those that read the same put together, in the order of their first names. */
function grouped(changes: readonly UnplacedChange[]): readonly UnplacedChange[] {
  const groups = new Map<string, UnplacedChange>()
  for (const each of changes) {
    const key = JSON.stringify(each.change)
    const known = groups.get(key)
    groups.set(key, known === undefined ? each : { ...known, names: [...known.names, ...each.names] })
  }
  return [...groups.values()]
    .map((each) => ({ ...each, names: each.names.toSorted() }))
    .sort((left, right) => ((left.names[0] ?? '') < (right.names[0] ?? '') ? -1 : 1))
}
