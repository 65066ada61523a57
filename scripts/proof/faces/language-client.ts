import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  createProtocolConnection,
  DefinitionRequest,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExecuteCommandRequest,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type Location,
  type MarkupContent,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node'
import type { KernelCopy } from './kernel-copy.ts'

/** A diagnostic of a text as an editor shows it: line from 1, and rule. */
export type Shown = { readonly told: readonly string[]; readonly ms: number }

/** An editor with a language server of ours. Places are the first at which a text stands in a file. */
export type Editor = {
  open(path: string): Promise<Shown>
  /** Types a whole new text; with the pause that the server makes. */
  type(path: string, text: string): Promise<Shown>
  hover(path: string, text: string): Promise<string>
  definitions(path: string, text: string): Promise<readonly string[]>
  whatBuilds(path: string): Promise<string>
  /** The status that the server ends with. */
  close(): Promise<number | null>
}

/** The longest that a server may take for an answer, its first ones read a kernel (milliseconds). */
const answerMs = 300_000

export async function openEditor(copy: KernelCopy, root: string): Promise<Editor> {
  const main = ['--disable-warning=ExperimentalWarning', join(root, 'src/cli/main.ts'), 'lsp', '--stdio']
  const server = spawn(process.execPath, main, {
    cwd: copy.work,
    env: copy.environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const client = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin))
  const waiting = new Map<string, (params: PublishDiagnosticsParams) => void>()
  client.onNotification(PublishDiagnosticsNotification.type, (params) => {
    waiting.get(`${params.uri} ${params.version ?? ''}`)?.(params)
  })
  client.listen()
  const folder = { uri: pathToFileURL(copy.directory).href, name: 'linux' }
  const identity = { processId: process.pid, rootUri: folder.uri, capabilities: {}, workspaceFolders: [folder] }
  await client.sendRequest(InitializeRequest.type, identity)
  await client.sendNotification(InitializedNotification.type, {})
  const versions = new Map<string, number>()
  const uriOf = (path: string): string => pathToFileURL(join(copy.directory, path)).href
  const textOf = (path: string): string => readFileSync(join(copy.directory, path), 'utf8')
  const pointAt = (path: string, text: string) => {
    const [before = ''] = textOf(path).split(text)
    const position = { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') - 1 }
    return { textDocument: { uri: uriOf(path) }, position }
  }
  /** Tells the server of a new text, and waits for what it says of it. */
  const shown = async (path: string, tell: (version: number) => Promise<void>): Promise<Shown> => {
    const version = (versions.get(path) ?? 0) + 1
    versions.set(path, version)
    const started = performance.now()
    const { diagnostics } = await new Promise<PublishDiagnosticsParams>((settle, fail) => {
      const timer = setTimeout(() => fail(new Error(`no diagnostics of ${path} in ${answerMs} ms`)), answerMs)
      waiting.set(`${uriOf(path)} ${version}`, (params) => {
        clearTimeout(timer)
        settle(params)
      })
      void tell(version)
    })
    const told = diagnostics.map(({ range, code }) => `${range.start.line + 1} ${code ?? ''}`)
    return { told, ms: performance.now() - started }
  }
  return {
    open: (path) =>
      shown(path, (version) => {
        const textDocument = { uri: uriOf(path), languageId: 'makefile', version, text: textOf(path) }
        return client.sendNotification(DidOpenTextDocumentNotification.type, { textDocument })
      }),
    type: (path, text) =>
      shown(path, (version) => {
        const textDocument = { uri: uriOf(path), version }
        return client.sendNotification(DidChangeTextDocumentNotification.type, {
          textDocument,
          contentChanges: [{ text }],
        })
      }),
    hover: async (path, text) => {
      const answer = await client.sendRequest(HoverRequest.type, pointAt(path, text))
      return answer === null ? '' : (answer.contents as MarkupContent).value // as the server says that it does
    },
    definitions: async (path, text) => {
      const found = await client.sendRequest(DefinitionRequest.type, pointAt(path, text))
      const places = found as readonly Location[] // never links: this client takes none
      return places.map(({ uri, range }) => `${uri.replace(`${folder.uri}/`, '')}:${range.start.line + 1}`)
    },
    whatBuilds: async (path) => {
      const command = { command: 'kbuild-review.whatBuilds', arguments: [uriOf(path)] }
      return String(await client.sendRequest(ExecuteCommandRequest.type, command))
    },
    close: async () => {
      const ended = new Promise<number | null>((settle) => server.once('exit', settle))
      await client.sendRequest(ShutdownRequest.type)
      await client.sendNotification(ExitNotification.type)
      return ended
    },
  }
}
