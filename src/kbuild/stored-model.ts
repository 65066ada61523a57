/**
 * A model of all configurations as bytes, and back. What a makefile was read for stays (lists, exports, what it looked at); the
 * evaluations themselves are made again when something asks for more.
 */
import { createConditions } from '../cond/conditions.ts'
import type { Conditions, Variable } from '../cond/conditions.ts'
import type { Seeds } from '../make/initial-variables.ts'
import type { Tree } from '../text/tree.ts'
import { buildScripts } from './build-scripts.ts'
import type { BuildScripts } from './build-scripts.ts'
import type { Dependencies } from './dependencies.ts'
import type { Visit } from './descend.ts'
import { evaluateDirectory } from './evaluate-directory.ts'
import type { DirectoryParts, DirectoryScope } from './evaluate-directory.ts'
import type { Descent, Directory, KernelModel, MissingDirectory, ModelOptions } from './kernel-model.ts'
import { lazyEvaluation } from './lazy-evaluation.ts'
import type { LazyOptions } from './lazy-evaluation.ts'
import { parseOnce } from './parsed-files.ts'
import { createFields, UnfitStore } from './stored-fields.ts'
import type { Fields } from './stored-fields.ts'
import { createFileTable, loadLists, storeLists } from './stored-lists.ts'
import { loadSeeds, storeSeeds } from './stored-seeds.ts'
import type { SymbolTypes } from './symbol-types.ts'
import { evaluateTop } from './top-makefile.ts'
import type { TopMakefile } from './top-makefile.ts'
import { createTypeLedger } from './type-ledger.ts'
import type { SymbolKind, TypeLedger } from './type-ledger.ts'

/** What a model is made with so that it can be kept: no configuration, and types that remember what they were asked. */
export type KeptOptions = Omit<ModelOptions, 'configuration' | 'typeOf' | 'symbolText'> & {
  readonly ledger: TypeLedger
}

/** The options of `modelKernel` for a model that can be kept. */
export function modelOptions({ ledger, ...rest }: KeptOptions): ModelOptions {
  return { ...rest, ledger, typeOf: ledger.typeOf, symbolText: ledger.symbolText }
}

/** The bytes that `loadModel` makes a model of; null where the model is not one that can be kept. */
export function storeModel(model: KernelModel): Uint8Array | null {
  const { ledger } = model.options
  if (ledger === undefined || model.options.configuration !== undefined) return null
  const { variables, nodes } = model.conditions.dump()
  const table = createFileTable()
  const seeds: Seeds[] = []
  const placeOf = (each: Seeds): number => (seeds.includes(each) ? seeds.indexOf(each) : seeds.push(each) - 1)
  const parts = [...model.parts].map(([path, each]) => [
    ...[path, each.makefile, storeLists(table, each.lists)],
    ...[placeOf(each.exported), placeOf(each.inherited), storeDependencies(each.dependencies)],
  ])
  const { top, scripts } = model
  const stored = {
    arch: model.arch,
    answers: [...ledger.answers.keys()],
    kinds: [...ledger.answers.values()].map((kind) => letters[kind]).join(''),
    variables: variables.map((each) => (each.kind === 'symbol' ? [each.name, each.type] : each.atom)),
    scripts: [scripts.texts, [...scripts.prefixed]],
    top: [top.evaluation !== null, placeOf(top.exported), storeDependencies(top.dependencies)],
    parts,
    seeds: seeds.map(storeSeeds),
    directories: [...model.directories.values()].map(({ path, ...visit }) => [path, ...storeVisit(visit)]),
    missing: model.missing.map(({ path, ...visit }) => [path, ...storeVisit(visit)]),
    descents: [...model.descents].map(([path, { own, children }]) => [
      ...[path, ...storeVisit(own)],
      [...children].flatMap(([name, visit]) => [name, ...storeVisit(visit)]),
    ]),
    files: table.files,
  }
  return join(JSON.stringify(stored), nodes)
}

/**
 * The model that `storeModel` was given, of the same tree; null for bytes that are no such thing. `types` answer for symbols that
 * the model had not asked for.
 */
export function loadModel(
  bytes: Uint8Array,
  tree: Tree,
  { types, ...options }: Omit<KeptOptions, 'ledger'> & { readonly types: SymbolTypes },
): KernelModel | null {
  try {
    const [text, nodes] = part(bytes)
    // The readers look at everything that they are given.
    const stored = JSON.parse(text) as Record<string, unknown>
    const fields = createFields(nodes.length / 3 + 2, createFields(0, []).texts(stored['files']))
    if (stored['arch'] !== options.arch) return null
    const ledger = loadLedger(fields, stored, types)
    const conditions = createConditions({ typeOf: ledger.typeOf })
    const variables = fields.array(stored['variables']).map((each) => loadVariable(fields, each))
    if (!conditions.restore({ variables, nodes })) return null
    return assemble(fields, stored, { tree, conditions, options: modelOptions({ ...options, ledger }) })
  } catch (error) {
    // A store that someone cut short, or wrote for another program: SyntaxError of JSON, RangeError of what is too deep or long.
    if (error instanceof UnfitStore || error instanceof SyntaxError || error instanceof RangeError) return null
    throw error
  }
}

/** The length of the text, the text, and then the numbers, which begin at a multiple of four. */
function join(text: string, nodes: Int32Array): Uint8Array {
  const json = Buffer.from(text, 'utf8')
  const start = alignedAfter(json.length)
  const bytes = Buffer.alloc(start + nodes.byteLength, ' ')
  bytes.writeUInt32LE(json.length, 0)
  json.copy(bytes, 4)
  Buffer.from(nodes.buffer, nodes.byteOffset, nodes.byteLength).copy(bytes, start)
  return bytes
}

function part(bytes: Uint8Array): readonly [text: string, nodes: Int32Array] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = buffer.readUInt32LE(0)
  const rest = buffer.length - alignedAfter(length)
  if (rest < 0 || rest % 12 !== 0) throw new UnfitStore('the store is cut short')
  // A copy, as a view of numbers has to start at a multiple of four.
  const nodes = new Int32Array(Uint8Array.from(buffer.subarray(alignedAfter(length))).buffer)
  return [buffer.toString('utf8', 4, 4 + length), nodes]
}

const alignedAfter = (length: number): number => Math.ceil((4 + length) / 4) * 4

const letters: Readonly<Record<SymbolKind, string>> = { bool: 'b', tristate: 't', text: 'x' }
const kinds: Readonly<Record<string, SymbolKind>> = { b: 'bool', t: 'tristate', x: 'text' }

function loadLedger(fields: Fields, stored: Record<string, unknown>, types: SymbolTypes): TypeLedger {
  const written = fields.text(stored['kinds'])
  const answers = fields.texts(stored['answers']).map((name, index) => {
    const kind = kinds[written[index] ?? '']
    if (kind === undefined) throw new UnfitStore('no kind of symbol')
    return [name, kind] as const
  })
  return createTypeLedger(types, answers)
}

function loadVariable(fields: Fields, stored: unknown): Variable {
  if (Array.isArray(stored)) {
    const [name, type] = fields.texts(stored)
    if (name === undefined || (type !== 'bool' && type !== 'tristate')) throw new UnfitStore('no symbol')
    return { kind: 'symbol', name, type }
  }
  const { kind, key, negated } = fields.record(stored)
  if (kind !== 'probe' && kind !== 'value' && kind !== 'undecided') throw new UnfitStore('no atom')
  const atom = { kind, key: fields.text(key) } as const
  return { kind: 'atom', atom: negated === undefined ? atom : { ...atom, negated: fields.text(negated) } }
}

function storeDependencies({ files, directories, variables, others }: Dependencies): readonly unknown[] {
  return [[...files], [...directories], [...variables], [...others]]
}

function loadDependencies(fields: Fields, stored: unknown): Dependencies {
  const [files, directories, variables, others] = fields.array(stored).map((names) => new Set(fields.texts(names)))
  if (files === undefined || directories === undefined || variables === undefined || others === undefined)
    throw new UnfitStore('no dependencies')
  return { files, directories, variables, others }
}

function storeVisit({ when, needBuiltin, needModorder }: Visit): readonly number[] {
  return [when, needBuiltin, needModorder]
}

function loadVisit(fields: Fields, entries: readonly unknown[], at: number): Visit {
  const [when, needBuiltin, needModorder] = [entries[at], entries[at + 1], entries[at + 2]].map(fields.cond)
  return { when: when ?? 0, needBuiltin: needBuiltin ?? 0, needModorder: needModorder ?? 0 }
}

type Frame = { readonly tree: Tree; readonly conditions: Conditions; readonly options: ModelOptions }

function assemble(fields: Fields, stored: Record<string, unknown>, frame: Frame): KernelModel {
  const { tree, conditions, options } = frame
  const parsed = parseOnce(tree, options.parse)
  const symbolText = options.symbolText ?? (() => null)
  const scripts = loadScripts(fields, stored['scripts'])
  const scope: DirectoryScope = { tree, conditions, parsed, scripts, symbolText }
  const seeds = fields.array(stored['seeds']).map((each) => loadSeeds(fields, each))
  const reading: LazyOptions = { text: (path) => tree.read(path), parsed }
  const source: Source = { fields, seeds, scope, arch: options.arch, reading }
  const top = loadTop(source, stored['top'])
  const parts = new Map(fields.array(stored['parts']).map((each) => loadParts(source, each)))
  const directories = new Map<string, Directory>()
  for (const each of fields.array(stored['directories'])) {
    const directory = loadDirectory(fields, each, parts)
    directories.set(directory.path, directory)
  }
  const missing = fields.array(stored['missing']).map((each): MissingDirectory => {
    const entries = fields.array(each)
    return { path: fields.text(entries[0]), ...loadVisit(fields, entries, 1) }
  })
  const descents = new Map(fields.array(stored['descents']).map((each) => loadDescent(fields, each, parts)))
  return { tree, arch: options.arch, conditions, scripts, top, directories, missing, parts, descents, options }
}

type Source = {
  readonly fields: Fields
  readonly seeds: readonly Seeds[]
  readonly scope: DirectoryScope
  readonly arch: string
  /** How a makefile tells without being evaluated that it has no rules. */
  readonly reading: LazyOptions
}

function loadScripts(fields: Fields, stored: unknown): BuildScripts {
  const [texts, prefixed] = fields.array(stored)
  const pairs = fields.array(texts).map((each) => {
    const [name = '', text = ''] = fields.texts(each)
    return [name, text] as const
  })
  return buildScripts(pairs, new Set(fields.texts(prefixed)))
}

function loadTop({ fields, seeds, scope, arch }: Source, stored: unknown): TopMakefile {
  const [isThere, exported, dependencies] = fields.array(stored)
  const evaluation = lazyEvaluation('Makefile', () => again(evaluateTop({ ...scope, arch }).evaluation))
  return {
    evaluation: isThere === true ? evaluation : null,
    exported: seedsAt(fields, seeds, exported),
    dependencies: loadDependencies(fields, dependencies),
  }
}

function loadParts({ fields, seeds, scope, reading }: Source, stored: unknown): readonly [string, DirectoryParts] {
  const [name, file, lists, exported, inheritedPlace, dependencies] = fields.array(stored)
  const path = fields.text(name)
  const makefile = file === null ? null : fields.text(file)
  const inherited = seedsAt(fields, seeds, inheritedPlace)
  const evaluate = () => again(evaluateDirectory(scope, path, inherited).evaluation)
  const parts: DirectoryParts = {
    makefile,
    evaluation: makefile === null ? null : lazyEvaluation(makefile, evaluate, reading),
    lists: loadLists(fields, lists),
    exported: seedsAt(fields, seeds, exported),
    inherited,
    dependencies: loadDependencies(fields, dependencies),
  }
  return [path, parts]
}

/** What there was when the model was made is there again: the tree is the same. */
function again<T>(evaluation: T | null): T {
  if (evaluation === null) throw new Error('a makefile that was modelled is gone')
  return evaluation
}

function seedsAt(fields: Fields, seeds: readonly Seeds[], place: unknown): Seeds {
  const found = seeds[fields.count(place)]
  if (found === undefined) throw new UnfitStore('no such variables')
  return found
}

type PartsByPath = ReadonlyMap<string, DirectoryParts>

function loadDirectory(fields: Fields, stored: unknown, parts: PartsByPath): Directory {
  const entries = fields.array(stored)
  const path = fields.text(entries[0])
  const { makefile = null, evaluation = null, lists } = parts.get(path) ?? {}
  if (makefile === null || evaluation === null || lists === undefined) throw new UnfitStore('no such directory')
  return { path, ...loadVisit(fields, entries, 1), makefile, evaluation, lists }
}

function loadDescent(fields: Fields, stored: unknown, parts: PartsByPath): readonly [string, Descent] {
  const entries = fields.array(stored)
  const path = fields.text(entries[0])
  const lists = parts.get(path)?.lists
  if (lists === undefined) throw new UnfitStore('no such directory')
  const below = fields.array(entries[4])
  const children = new Map<string, Visit>()
  for (let at = 0; at < below.length; at += 4) children.set(fields.text(below[at]), loadVisit(fields, below, at + 1))
  return [path, { own: loadVisit(fields, entries, 1), lists, children }]
}
