import type { Tree } from '../text/tree.ts'
import { addChoice, addHeading, addIf, addSymbol } from './build-nodes.ts'
import type { Place, Reading } from './build-nodes.ts'
import { appended } from './builders.ts'
import type { NodeBuilder } from './builders.ts'
import type { KconfigDialect } from './dialect.ts'
import { assignVariable, expandWord, isUnanswered, maxWork, stateOf } from './expand.ts'
import { parseEach, plainSources, type KconfigFiles } from './files.ts'
import type { ModelProblem } from './model.ts'
import { fits, type Item, type Portion, type Site } from './portion.ts'
import { resolveSource } from './resolve-source.ts'
import type { KconfigFile, Statement } from './syntax.ts'

/** What the Kconfig files of a tree are read with. */
export type ReadOptions = {
  /**
   * The environment of conf: at the least `ARCH` and `SRCARCH` (`kernelEnvironment` makes one). `srctree` is what macros
   * see for the top of the tree.
   */
  readonly env: ReadonlyMap<string, string>
  /** The output of a `$(shell,...)` by its command; null where it is not known. None is ever run. */
  readonly answer?: (command: string) => string | null
  /** Gives the syntax trees of files, from what is kept of them; reads and parses where left out. */
  readonly files?: KconfigFiles
  /** The file to start from; `Kconfig` where left out. */
  readonly root?: string
  readonly dialect: KconfigDialect
}

/** What readings of one tree share that differ in nothing but their environments. */
export type Kept = {
  /** What files have come to, by their paths. */
  readonly portions: Map<string, Portion[]>
  /** `operand` stands in conditions for the symbol with `modules`, which is `symbol`: null for none, undefined before a first model is read. */
  readonly modules: { readonly operand: { name: string; constant: boolean }; symbol: string | null | undefined }
}

type Options = Omit<ReadOptions, 'root'> & { readonly root: NodeBuilder; readonly kept: Kept }

/** `source` may be nested this deep; the deepest of Linux 6.12 is 7. */
const maxSources = 32

/** A file is read in this many ways, by what is around it, that are kept: more are not met. */
const maxPortions = 8

/** What all files of a tree share while they are read. */
type Loader = {
  readonly tree: Tree
  readonly env: ReadOptions['env']
  readonly sources: KconfigFiles
  readonly kept: Kept
  readonly reading: Reading
  /** How often each file was read. */
  readonly read: Map<string, number>
  /** The files under way, outermost first. */
  readonly stack: OpenPortion[]
}

/** A `Portion` under way. */
type OpenPortion = {
  readonly path: string
  readonly paths: string[]
  depth: number
  /** Choices without a name so far. */
  choices: number
  /** Whether it comes to the same where `fits` says so; else it is read each time. */
  isSteady: boolean
}

/** Reads the files of a tree from the one that the root node is of, whose children are added. */
export function readFiles(tree: Tree, { root, env, answer, files, dialect, kept }: Options): readonly Item[] {
  const reading: Reading = {
    macros: {
      variables: new Map(),
      env,
      shell: (command) => {
        const found = isUnanswered(command) ? null : (answer?.(command) ?? null)
        reading.items.push({ kind: 'probe', probe: { command, answer: found, at: reading.at } })
        return found
      },
      filename: () => reading.at.file,
      lineno: () => (tree.read(reading.at.file) ?? '').slice(0, reading.at.start).split('\n').length,
      fail: (message) => {
        addProblem(reading, 'macro', message)
      },
      uses: new Set(),
      work: 0,
    },
    dialect,
    modules: kept.modules.operand,
    at: root.at,
    items: [],
  }
  const { items } = reading
  const loader: Loader = { tree, env, sources: files ?? parseEach(), kept, reading, read: new Map(), stack: [] }
  readFile(loader, root.at.file, { node: root, inside: null, visibility: null, choice: null })
  return items
}

function readFile(loader: Loader, path: string, place: Place): void {
  const known = keptPortion(loader, path, place)
  if (known !== null) {
    for (const each of known.paths) loader.read.set(each, 1)
    loader.reading.macros.work += known.work
    addPortion(loader, known, place)
    return
  }
  const { tree, sources, reading, stack } = loader
  const file = sources.file(tree, path)
  if (file === null) {
    addProblem(reading, 'missing-file', `there is no file \`${path}\``)
    return
  }
  if (stack.some((open) => open.path === path) || stack.length >= maxSources) {
    addProblem(reading, 'recursive-source', `\`${path}\` is read while it is being read`)
    unsettle(loader)
    return
  }
  sources.prefetch(tree, plainSources(file))
  addPortion(loader, readPortion(loader, { path, file }, place), place)
}

/** What a file came to where it was read with the same around it, and comes to again; null where that is not known. */
function keptPortion({ kept, reading, read, stack }: Loader, path: string, place: Place): Portion | null {
  const portions = kept.portions.get(path)
  if (portions === undefined || place.choice !== null) return null
  const { inside, visibility } = place
  const site: Site = { inside, visibility, macros: reading.macros, read, depthLeft: maxSources - stack.length }
  return portions.find((each) => fits(each, site)) ?? null
}

/** Says that the files under way may come to something else where they are read next. */
function unsettle({ stack }: Loader): void {
  for (const open of stack) open.isSteady = false
}

function addPortion({ reading, stack }: Loader, portion: Portion, place: Place): void {
  const outer = stack.at(-1)
  reading.items.push({ kind: 'file', portion, from: outer === undefined ? null : reading.at })
  for (const node of portion.nodes) place.node.children = appended(place.node.children, node)
  for (const name of portion.uses.keys()) reading.macros.uses.add(name)
  if (outer === undefined) return
  for (const path of portion.paths) outer.paths.push(path)
  outer.depth = Math.max(outer.depth, portion.depth + 1)
}

type Read = { readonly path: string; readonly file: KconfigFile }

function readPortion(loader: Loader, { path, file }: Read, place: Place): Portion {
  const { reading, stack, read, kept } = loader
  const { macros, at: from, items: outerItems } = reading
  const { uses: outerUses, work } = macros
  const open: OpenPortion = { path, paths: [path], depth: 1, choices: 0, isSteady: place.choice === null }
  const top: Place = { ...place, node: { children: [] } }
  const times = (read.get(path) ?? 0) + 1
  read.set(path, times)
  stack.push(open)
  // Choices of a file that is read again are others.
  if (times > 1) unsettle(loader)
  reading.items = []
  macros.uses = new Set()
  readStatements(loader, { path, file }, top)
  const { items } = reading
  const uses = new Map(macros.uses.values().map((name) => [name, stateOf(macros, name)]))
  reading.items = outerItems
  reading.at = from
  macros.uses = outerUses
  stack.pop()
  const { inside, visibility } = place
  const spent = macros.work - work
  const { paths, depth } = open
  const portion = { path, inside, visibility, items, nodes: top.node.children, uses, work: spent, paths, depth }
  if (open.isSteady && macros.work <= maxWork) keep(kept, portion)
  return portion
}

function keep({ portions }: Kept, portion: Portion): void {
  const known = portions.get(portion.path) ?? []
  portions.set(portion.path, [portion, ...known.slice(0, maxPortions - 1)])
}

function readStatements(loader: Loader, { path, file }: Read, top: Place): void {
  const { reading } = loader
  for (const { kind, message, start, end } of file.problems) {
    const at = { file: path, start, end }
    if (kind === 'error') reading.items.push({ kind: 'problem', problem: { code: 'syntax', message, at } })
  }
  const blocks = new Map<number, Place>()
  for (const [index, statement] of file.statements.entries()) {
    reading.at = { file: path, start: statement.start, end: statement.end }
    const place = statement.parent === null ? top : (blocks.get(statement.parent) ?? top)
    const inner = readStatement(loader, statement, place)
    if (inner !== null) blocks.set(index, inner)
  }
}

/** Takes in a statement; gives the place of what stands in it, where anything may. */
function readStatement(loader: Loader, statement: Statement, place: Place): Place | null {
  const { reading } = loader
  const { macros } = reading
  switch (statement.kind) {
    case 'config':
      addSymbol(reading, place, { name: expandWord(macros, statement.name), properties: statement.properties })
      return null
    case 'choice':
      return addChoice(reading, place, { name: choiceName(loader, statement), properties: statement.properties })
    case 'menu':
    case 'comment':
      return addHeading(reading, place, statement)
    case 'if':
      return addIf(reading, place, statement.condition)
    case 'source':
      readSources(loader, statement, place)
      return null
    case 'mainmenu': {
      const text = expandWord(macros, statement.prompt)
      reading.items.push({ kind: 'title', prompt: { text, condition: null, own: null, at: reading.at } })
      return null
    }
    case 'assignment':
      assignVariable(macros, expandWord(macros, statement.name), statement.op, statement.value)
      unsettle(loader)
      return null
    case 'macro': {
      const text = expandWord(macros, statement.word)
      if (text !== '' && !isUnanswered(text))
        addProblem(reading, 'syntax', `this expands to \`${text}\`, which is no statement`)
      return null
    }
    case 'end':
    case 'error':
      return null
  }
}

function readSources(loader: Loader, statement: Extract<Statement, { kind: 'source' }>, place: Place): void {
  const { tree, env, reading } = loader
  const path = expandWord(reading.macros, statement.path)
  if (isUnanswered(path)) {
    addProblem(reading, 'unknown-path', `the path \`${statement.path.text}\` rests on a command that was not run`)
    return
  }
  const from = statement.relative ? reading.at.file : null
  reading.macros.uses.add('srctree')
  const paths = resolveSource(tree, { path, from, srctree: env.get('srctree') ?? '.' })
  if (paths.length === 0 && !statement.optional) addProblem(reading, 'missing-file', `there is no file \`${path}\``)
  for (const one of paths) readFile(loader, one, place)
}

/**
 * A choice with a name is the same wherever the name stands; one without is new each time, and called by its place, so that it is called
 * the same for each architecture. What is recorded of a choice and its members hangs on the types of symbols of all files.
 */
function choiceName(loader: Loader, { name }: Extract<Statement, { kind: 'choice' }>): string {
  const { reading, stack, read } = loader
  if (reading.dialect.choices === 'recorded') unsettle(loader)
  if (name !== null) return `<choice ${expandWord(reading.macros, name)}>`
  const open = stack.at(-1)
  if (open === undefined) return '<choice>'
  open.choices++
  const times = read.get(open.path) ?? 1
  return `<choice ${open.path} ${open.choices}${times > 1 ? ` (${times})` : ''}>`
}

function addProblem(reading: Reading, code: ModelProblem['code'], message: string): void {
  reading.items.push({ kind: 'problem', problem: { code, message, at: reading.at } })
}
