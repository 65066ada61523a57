import type { Span } from '../text/span.ts'
import type { Tree } from '../text/tree.ts'
import { addProperties, conditionOf, newNode, newSymbol } from './build-nodes.ts'
import type { NodeBuilder, Reading, SymbolBuilder } from './build-nodes.ts'
import { both } from './condition.ts'
import { readDialect } from './dialect.ts'
import type { KconfigDialect } from './dialect.ts'
import { assignVariable, expandWord, isUnanswered } from './expand.ts'
import { finishModel } from './finish-model.ts'
import type { KconfigModel, ModelProblem, Probe } from './model.ts'
import { parseEach, plainSources, type KconfigFiles } from './files.ts'
import { resolveSource } from './resolve-source.ts'
import type { Statement } from './syntax.ts'

export type LoadOptions = {
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
  /** What the kernel's Kconfig means; read from the tree's scripts/kconfig where left out. */
  readonly dialect?: KconfigDialect
}

/** `source` may be nested this deep; the deepest of Linux 6.12 is 7. */
const maxSources = 32

/** What all files of a tree share while they are read. */
type Loader = {
  readonly tree: Tree
  readonly options: LoadOptions
  readonly sources: KconfigFiles
  readonly reading: Reading
  readonly symbols: Map<string, SymbolBuilder>
  readonly choices: Map<string, SymbolBuilder>
  readonly files: Map<string, Span[]>
  readonly probes: Map<string, Probe>
  readonly problems: ModelProblem[]
  /** The files under way, outermost first. */
  readonly stack: string[]
}

/** The environment that a kernel's top makefile gives conf, as far as it is known without running it. */
export function kernelEnvironment(arch: string, srcarch: string): ReadonlyMap<string, string> {
  return new Map([
    ['ARCH', arch],
    ['SRCARCH', srcarch],
    ['srctree', '.'],
  ])
}

/**
 * Everything that the Kconfig files of a tree say, from its root for one architecture. Files are read in conf's order, so
 * that the first type, the first default and the last assignment are those that conf takes. What conf would stop at is
 * in `problems`, and passed over.
 */
export function loadKconfig(tree: Tree, options: LoadOptions): KconfigModel {
  const loader = newLoader(tree, options)
  const { reading, symbols, choices, files, probes, problems } = loader
  const root = newNode(reading, { kind: 'root', symbol: null, parent: null, at: reading.at })
  root.prompt = { text: 'Main menu', condition: null, own: null, at: reading.at }
  loadFile(loader, reading.at.file, root)
  finishModel({ reading, symbols, choices, root })
  return { dialect: reading.dialect, symbols, choices, root, modules: reading.modules, files, probes, problems }
}

function newLoader(tree: Tree, options: LoadOptions): Loader {
  const probes = new Map<string, Probe>()
  const problems: ModelProblem[] = []
  const reading: Reading = {
    macros: {
      variables: new Map(),
      env: options.env,
      shell: (command) => {
        const answer = isUnanswered(command) ? null : (options.answer?.(command) ?? null)
        if (!probes.has(command)) probes.set(command, { command, answer, at: reading.at })
        return answer
      },
      filename: () => reading.at.file,
      lineno: () => (tree.read(reading.at.file) ?? '').slice(0, reading.at.start).split('\n').length,
      fail: (message) => problems.push({ code: 'macro', message, at: reading.at }),
      work: 0,
    },
    dialect: options.dialect ?? readDialect(tree),
    at: { file: options.root ?? 'Kconfig', start: 0, end: 0 },
    modulesOperands: [],
    modules: null,
  }
  const maps = { symbols: new Map<string, SymbolBuilder>(), choices: new Map<string, SymbolBuilder>() }
  const sources = options.files ?? parseEach()
  return { tree, options, sources, reading, ...maps, files: new Map(), probes, problems, stack: [] }
}

function loadFile(loader: Loader, path: string, parent: NodeBuilder): void {
  const { tree, sources, reading, stack, files } = loader
  const from = reading.at
  const file = sources.file(tree, path)
  if (file === null) {
    addProblem(loader, 'missing-file', `there is no file \`${path}\``)
    return
  }
  if (stack.includes(path) || stack.length >= maxSources) {
    addProblem(loader, 'recursive-source', `\`${path}\` is read while it is being read`)
    return
  }
  files.set(path, [...(files.get(path) ?? []), ...(stack.length === 0 ? [] : [from])])
  sources.prefetch(tree, plainSources(file))
  for (const { kind, message, start, end } of file.problems) {
    if (kind === 'error') loader.problems.push({ code: 'syntax', message, at: { file: path, start, end } })
  }
  stack.push(path)
  const blocks = new Map<number, NodeBuilder>()
  for (const [index, statement] of file.statements.entries()) {
    reading.at = { file: path, start: statement.start, end: statement.end }
    const container = statement.parent === null ? parent : (blocks.get(statement.parent) ?? parent)
    const node = addStatement(loader, statement, container)
    if (node !== null) blocks.set(index, node)
  }
  stack.pop()
  reading.at = from
}

/** Takes in a statement; gives its node, where it has one. */
function addStatement(loader: Loader, statement: Statement, parent: NodeBuilder): NodeBuilder | null {
  const { reading } = loader
  const { macros, at } = reading
  switch (statement.kind) {
    case 'config': {
      const symbol = symbolNamed(loader.symbols, expandWord(macros, statement.name))
      const node = newNode(reading, { kind: 'symbol', symbol, parent, at })
      addProperties(reading, node, statement.properties)
      return node
    }
    case 'choice': {
      const symbol = choiceOf(loader, statement.name === null ? null : expandWord(macros, statement.name))
      const node = newNode(reading, { kind: 'choice', symbol, parent, at })
      addProperties(reading, node, statement.properties)
      return node
    }
    case 'menu':
    case 'comment': {
      const node = newNode(reading, { kind: statement.kind, symbol: null, parent, at })
      const text = expandWord(macros, statement.prompt).trimStart()
      addProperties(reading, node, statement.properties)
      node.prompt = { text, condition: node.condition, own: null, at }
      return node
    }
    case 'if': {
      const node = newNode(reading, { kind: 'if', symbol: null, parent, at })
      node.condition = both(node.condition, conditionOf(reading, statement.condition))
      return node
    }
    case 'source':
      loadSources(loader, statement, parent)
      return null
    case 'mainmenu':
      rootOf(parent).prompt = { text: expandWord(macros, statement.prompt), condition: null, own: null, at }
      return null
    case 'assignment':
      assignVariable(macros, expandWord(macros, statement.name), statement.op, statement.value)
      return null
    case 'macro': {
      const text = expandWord(macros, statement.word)
      if (text !== '' && !isUnanswered(text))
        addProblem(loader, 'syntax', `this expands to \`${text}\`, which is no statement`)
      return null
    }
    case 'end':
    case 'error':
      return null
  }
}

function loadSources(loader: Loader, statement: Extract<Statement, { kind: 'source' }>, parent: NodeBuilder): void {
  const { tree, options, reading } = loader
  const path = expandWord(reading.macros, statement.path)
  if (isUnanswered(path)) {
    addProblem(loader, 'unknown-path', `the path \`${statement.path.text}\` rests on a command that was not run`)
    return
  }
  const from = statement.relative ? reading.at.file : null
  const paths = resolveSource(tree, { path, from, srctree: options.env.get('srctree') ?? '.' })
  if (paths.length === 0 && !statement.optional) addProblem(loader, 'missing-file', `there is no file \`${path}\``)
  for (const one of paths) loadFile(loader, one, parent)
}

function symbolNamed(symbols: Map<string, SymbolBuilder>, name: string): SymbolBuilder {
  const known = symbols.get(name)
  if (known) return known
  const symbol = newSymbol(name)
  symbols.set(name, symbol)
  return symbol
}

/** A choice with a name is the same wherever the name stands; one without is new each time. */
function choiceOf({ choices, reading }: Loader, name: string | null): SymbolBuilder {
  const symbol = symbolNamed(choices, `<choice ${name ?? choices.size + 1}>`)
  if (reading.dialect.choices === 'calculated') symbol.type = 'bool'
  return symbol
}

function rootOf(node: NodeBuilder): NodeBuilder {
  let top = node
  while (top.parent !== null) top = top.parent
  return top
}

function addProblem(loader: Loader, code: ModelProblem['code'], message: string): void {
  loader.problems.push({ code, message, at: loader.reading.at })
}
