import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import {
  DiagnosticSeverity,
  MarkupKind,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type Diagnostic,
  type Hover,
  type InitializeParams,
  type Location,
  type Range,
} from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { openTree, type Repository } from '../git/repository.ts'
import type { GitTree } from '../git/tree.ts'
import { objectFrom } from '../kbuild/built-objects.ts'
import { usualArch } from '../kbuild/source-arch.ts'
import type { Facts } from '../review/facts.ts'
import type { Finding, Place, Severity } from '../review/finding.ts'
import { lintTree } from '../review/lint-tree.ts'
import type { Rule } from '../review/rule.ts'
import type { IgnoredPaths } from '../review/suppression.ts'
import { isKconfig, isMakefile } from '../review/world.ts'
import { indexLines, offsetToPosition } from '../text/line-index.ts'
import type { Span } from '../text/span.ts'
import type { Tree } from '../text/tree.ts'
import { editTree } from './edited-tree.ts'
import { definitionsOf } from './language-definition.ts'
import { builtText, hoverText } from './language-hover.ts'
import { objectsOfModel, thingAt, type Thing } from './language-place.ts'
import { rulePagePath } from './package.ts'

/** A checkout that an editor works in, and what it is judged by. */
export type LanguageWorkspace = {
  /** The top of the checkout, without symbolic links. */
  readonly top: string
  readonly repository: Repository
  readonly facts: Facts
  readonly rules: readonly Rule[]
  readonly ignored: IgnoredPaths
}

/** The command that tells what builds the object of a source; its argument is the URI of the source. */
export const whatBuildsCommand = 'kbuild-review.whatBuilds'

/** How long nothing must have been typed before a text is judged (milliseconds). */
const pauseMs = 200

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
}

/**
 * Serves an editor over the Language Server Protocol 3.17: diagnostics of the build files that are open, as they are typed; hover and
 * definitions in them; what builds a source. Texts that the editor holds stand in for those of HEAD; a file that is changed on the disk and not open is as HEAD has
 * it. `open` opens the checkout at or around a directory; null where there is none, which the editor is told once.
 */
export function serveLanguage(
  connection: Connection,
  open: (directory: string) => Promise<LanguageWorkspace | null>,
): void {
  const documents = new TextDocuments(TextDocument)
  const log = connection.console
  const timers = new Map<string, NodeJS.Timeout>()
  let directory = ''
  let opened: Promise<LanguageWorkspace | null> | null = null
  const workspace = (): Promise<LanguageWorkspace | null> => (opened ??= openOnce(log, directory, open))

  connection.onInitialize((params) => {
    directory = directoryOf(params)
    return {
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        hoverProvider: true,
        definitionProvider: true,
        executeCommandProvider: { commands: [whatBuildsCommand] },
      },
      serverInfo: { name: 'kbuild-review' },
    }
  })

  const judge = async (document: TextDocument): Promise<void> => {
    const found = await workspace()
    const path = found && pathOf(document.uri, found)
    if (!found || path === null || !(isMakefile(path) || isKconfig(path))) return
    const { tree, head } = await currentTree(found, documents)
    const { facts, rules, ignored } = found
    if (tree !== head) facts.relate(head, tree, changedPaths(found, documents))
    const { findings } = lintTree({ tree, facts, rules, ignored, paths: [path] })
    const diagnostics = findings.filter((finding) => finding.path === path).map((each) => diagnosticOf(each, found))
    // What was typed meanwhile is judged in its turn.
    if (documents.get(document.uri)?.version === document.version)
      await connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics })
  }
  const judgeSoon = (document: TextDocument, ms: number): void => {
    clearTimeout(timers.get(document.uri))
    timers.set(
      document.uri,
      setTimeout(() => {
        judge(document).catch((error: unknown) => log.error(String(error)))
      }, ms),
    )
  }
  documents.onDidOpen(({ document }) => judgeSoon(document, 0))
  documents.onDidChangeContent(({ document }) => judgeSoon(document, pauseMs))
  documents.onDidSave(({ document }) => judgeSoon(document, 0))
  documents.onDidClose(({ document }) => {
    clearTimeout(timers.get(document.uri))
    void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] })
  })

  const pointed = async (uri: string, position: { line: number; character: number }): Promise<Pointed | null> => {
    const found = await workspace()
    const document = documents.get(uri)
    const path = found && pathOf(uri, found)
    if (!found || path === null || document === undefined) return null
    const { tree, head } = await currentTree(found, documents)
    if (tree !== head) found.facts.relate(head, tree, changedPaths(found, documents))
    const thing = thingAt({ tree, path, offset: document.offsetAt(position), knowledge: found.facts })
    return thing && { thing, tree, workspace: found }
  }
  connection.onHover(async ({ textDocument, position }): Promise<Hover | null> => {
    const at = await pointed(textDocument.uri, position)
    return at && { contents: { kind: MarkupKind.Markdown, value: hoverText(at.thing, at.tree) } }
  })
  connection.onDefinition(async ({ textDocument, position }): Promise<Location[]> => {
    const at = await pointed(textDocument.uri, position)
    return at === null ? [] : definitionsOf(at.thing, at.tree).map((span) => locationOf(span, at.tree, at.workspace))
  })
  connection.onExecuteCommand(async ({ command, arguments: [uri] = [] }): Promise<string | null> => {
    const found = await workspace()
    if (command !== whatBuildsCommand || typeof uri !== 'string' || found === null) return null
    const path = pathOf(uri, found)
    const { tree } = await currentTree(found, documents)
    return path === null ? null : whatBuilds(path, tree, found)
  })
  documents.listen(connection)
  connection.listen()
}

type Pointed = { readonly thing: Thing; readonly tree: Tree; readonly workspace: LanguageWorkspace }

async function openOnce(
  log: Connection['console'],
  directory: string,
  open: (directory: string) => Promise<LanguageWorkspace | null>,
): Promise<LanguageWorkspace | null> {
  try {
    const opened = directory === '' ? null : await open(directory)
    if (opened === null) log.warn(`kbuild-review: there is no git checkout around \`${directory}\``)
    return opened
  } catch (error) {
    log.error(`kbuild-review: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}

function directoryOf(params: InitializeParams): string {
  const uri = params.workspaceFolders?.[0]?.uri ?? rootUriOf(params)
  return uri?.startsWith('file:') === true ? fileURLToPath(uri) : ''
}

/** Clients from before workspace folders say this; it may be missing altogether. */
function rootUriOf(params: object): string | null {
  return 'rootUri' in params && typeof params.rootUri === 'string' ? params.rootUri : null
}

/** The path of a document in the tree; null for one that is elsewhere. */
function pathOf(uri: string, { top }: LanguageWorkspace): string | null {
  if (!uri.startsWith('file:')) return null
  const path = relative(top, fileURLToPath(uri))
  return path === '' || path.startsWith('..') ? null : path
}

function changedPaths(workspace: LanguageWorkspace, documents: TextDocuments<TextDocument>): readonly string[] {
  return documents.all().flatMap(({ uri }) => pathOf(uri, workspace) ?? [])
}

/** HEAD, and the tree with what the editor holds in the place of what HEAD has. */
async function currentTree(
  workspace: LanguageWorkspace,
  documents: TextDocuments<TextDocument>,
): Promise<{ readonly head: GitTree; readonly tree: GitTree }> {
  const head = await openTree(workspace.repository, 'HEAD')
  if (head === null) throw new Error('the checkout has no commit')
  const texts = documents.all().flatMap((document) => {
    const path = pathOf(document.uri, workspace)
    const text = document.getText()
    return path === null || head.read(path) === text ? [] : [[path, text] as const]
  })
  return { head, tree: texts.length === 0 ? head : (editTree(workspace.repository, head, new Map(texts)) ?? head) }
}

/** What builds the object of a source, in markdown; null for what is no source. */
function whatBuilds(path: string, tree: Tree, { facts }: LanguageWorkspace): string | null {
  const object = path.endsWith('.o') ? path : objectFrom(path)
  const model = object === null ? null : facts.kernel(tree, /^arch\/(\w+)\//.exec(path)?.[1] ?? usualArch)
  return object === null || model === null
    ? null
    : builtText(object, objectsOfModel(model).get(object) ?? [], { model })
}

function diagnosticOf(finding: Finding, workspace: LanguageWorkspace): Diagnostic {
  const page = rulePagePath(finding.rule)
  const help = finding.suggestion === undefined ? [] : [`help: ${finding.suggestion.message}`]
  const when = finding.when === undefined ? [] : [`when ${finding.when}`]
  return {
    range: rangeOf(finding),
    severity: severities[finding.severity],
    source: 'kbuild-review',
    code: finding.rule,
    ...(page !== null && { codeDescription: { href: pathToFileURL(page).href } }),
    message: [finding.message, ...when, ...(finding.evidence ?? []), ...help].join('\n'),
    relatedInformation: (finding.related ?? []).map((each) => ({
      location: { uri: uriOf(each.path, workspace), range: rangeOf(each) },
      message: each.message,
    })),
  }
}

/** Lines and characters of the protocol are 0-based; characters are UTF-16 units, as ours are (LSP 3.17, "Position"). */
function rangeOf({ line, column, endLine, endColumn }: Omit<Place, 'path' | 'source'>): Range {
  return { start: { line: line - 1, character: column - 1 }, end: { line: endLine - 1, character: endColumn - 1 } }
}

function locationOf({ file, start, end }: Span, tree: Tree, workspace: LanguageWorkspace): Location {
  const index = indexLines(tree.read(file) ?? '')
  const [from, to] = [offsetToPosition(index, start), offsetToPosition(index, end)]
  const range = rangeOf({ line: from.line, column: from.column, endLine: to.line, endColumn: to.column })
  return { uri: uriOf(file, workspace), range }
}

function uriOf(path: string, { top }: LanguageWorkspace): string {
  return pathToFileURL(join(top, path)).href
}
