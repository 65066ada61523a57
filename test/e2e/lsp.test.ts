import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createProtocolConnection,
  DefinitionRequest,
  DiagnosticSeverity,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
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
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { layOutTree } from '../../scripts/demo/lay-out.ts'
import { commandLine, homeIn } from '../support/command-line.ts'

const root = resolve(import.meta.dirname, '../..')
const timeout = 120_000
const makefile = 'drivers/boards/Makefile'

let work = ''
let tree = ''
let server: ChildProcess
let client: ProtocolConnection
const published: PublishDiagnosticsParams[] = []

const uriOf = (path: string): string => pathToFileURL(join(tree, path)).href
const textOf = (path: string): string => readFileSync(join(tree, path), 'utf8')

beforeAll(async () => {
  work = realpathSync(mkdtempSync(join(tmpdir(), 'kbuild-review-lsp-')))
  const files = join(work, 'files')
  cpSync(join(root, 'demo', 'tree'), files, { recursive: true })
  writeFileSync(join(files, 'Kconfig'), 'mainmenu "Boards"\n\nsource "drivers/boards/Kconfig"\n')
  tree = layOutTree(files, join(work, 'tree'))
  const main = [...commandLine, 'lsp', '--stdio']
  const child = spawn(process.execPath, main, { cwd: work, env: homeIn(work), stdio: ['pipe', 'pipe', 'inherit'] })
  server = child
  client = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin))
  client.onNotification(PublishDiagnosticsNotification.type, (params) => {
    published.push(params)
  })
  client.listen()
  const rootUri = pathToFileURL(join(tree, 'drivers')).href
  const { capabilities } = await client.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the type still asks for it
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ uri: rootUri, name: 'drivers' }],
  })
  expect(capabilities).toMatchObject({ hoverProvider: true, definitionProvider: true })
  await client.sendNotification(InitializedNotification.type, {})
}, timeout)
afterAll(() => {
  server.kill()
  removeDirectory(work)
})

/** The diagnostics of a version of a document, once they are there. */
async function diagnosticsOf(path: string, version: number | undefined) {
  const found = () => published.find((each) => each.uri === uriOf(path) && each.version === version)
  await expect.poll(found, { timeout, interval: 50 }).toBeDefined()
  return found()?.diagnostics ?? []
}

async function open(path: string): Promise<void> {
  const textDocument = { uri: uriOf(path), languageId: 'makefile', version: 1, text: textOf(path) }
  await client.sendNotification(DidOpenTextDocumentNotification.type, { textDocument })
}

/** Where a text stands first in a file of the tree. */
function positionOf(path: string, text: string) {
  const before = textOf(path).split(text)[0] ?? ''
  return { line: before.split('\n').length - 1, character: before.length - (before.lastIndexOf('\n') + 1) }
}

async function hover(path: string, text: string): Promise<string> {
  const asked = { textDocument: { uri: uriOf(path) }, position: positionOf(path, text) }
  const answer = await client.sendRequest(HoverRequest.type, asked)
  return answer === null ? '' : (answer.contents as { value: string }).value // markdown, as the server says
}

async function definitions(path: string, text: string): Promise<readonly string[]> {
  const asked = { textDocument: { uri: uriOf(path) }, position: positionOf(path, text) }
  const found = (await client.sendRequest(DefinitionRequest.type, asked)) as Location[] // never links: the client takes none
  return found.map(({ uri, range }) => `${uri.replace(`${pathToFileURL(tree).href}/`, '')}:${range.start.line + 1}`)
}

describe('kbuild-review lsp', { timeout }, () => {
  it('judges a text as it is opened and typed, with the page of the rule', async () => {
    await open(makefile)
    expect(await diagnosticsOf(makefile, 1)).toEqual([])
    const added = `
quiet_cmd_boards = GEN     $@
      cmd_boards = sed 's/.*/"&",/' $< > $@

targets += table.h
$(obj)/table.h: $(src)/boards.txt
	$(call if_changed,boards)
`
    const change = {
      textDocument: { uri: uriOf(makefile), version: 2 },
      contentChanges: [{ text: textOf(makefile) + added }],
    }
    await client.sendNotification(DidChangeTextDocumentNotification.type, change)
    const diagnostics = await diagnosticsOf(makefile, 2)
    const forgotten = diagnostics.find(({ code }) => code === 'kc-if-changed-no-force')
    expect(forgotten).toMatchObject({
      severity: DiagnosticSeverity.Error,
      source: 'kbuild-review',
      range: { start: { line: 9, character: 0 }, end: { line: 9, character: 33 } },
    })
    const page = forgotten?.codeDescription?.href ?? ''
    expect(readFileSync(new URL(page), 'utf8')).toContain('kc-if-changed-no-force')
    const mended = { textDocument: { uri: uriOf(makefile), version: 3 }, contentChanges: [{ text: textOf(makefile) }] }
    await client.sendNotification(DidChangeTextDocumentNotification.type, mended)
    expect(await diagnosticsOf(makefile, 3)).toEqual([])
  })

  it('tells the value of a variable, when each word is there, and where it is set', async () => {
    const text = await hover(makefile, 'boards-y')
    expect(text).toContain('`core.o` always (drivers/boards/Makefile:3)')
    expect(text).toContain('set at drivers/boards/Makefile:3')
    expect(await hover(makefile, 'obj-$(CONFIG_BOARDS)')).toMatch(/`obj-y`.*\n\n- `boards\.o` where CONFIG_BOARDS=y/)
  })

  it('tells what builds an object, and what a symbol is', async () => {
    expect(await hover(makefile, 'debug.o')).toMatch(
      /built where .*CONFIG_BOARDS_DEBUG.*\n(.*\n)*- listed at drivers\/boards\/Makefile:4/,
    )
    expect(await hover(makefile, 'CONFIG_BOARDS)')).toMatch(
      /`CONFIG_BOARDS`: (?:bool|tristate), ".*"\n\n- defined at drivers\/boards\/Kconfig:\d+/,
    )
    expect(await hover(makefile, '# SPDX')).toBe('')
    const command = { command: 'kbuild-review.whatBuilds', arguments: [uriOf('drivers/boards/core.c')] }
    expect(await client.sendRequest(ExecuteCommandRequest.type, command)).toContain(
      'listed at drivers/boards/Makefile:3',
    )
  })

  it('goes to the source of an object, to a variable and to a symbol', async () => {
    expect(await definitions(makefile, 'core.o')).toEqual(['drivers/boards/core.c:1'])
    // boards-$(CONFIG_BOARDS_DEBUG) is boards-y, too
    expect(await definitions(makefile, 'boards-y')).toEqual(['drivers/boards/Makefile:3', 'drivers/boards/Makefile:4'])
    expect(await definitions(makefile, 'CONFIG_BOARDS_DEBUG')).toEqual([
      expect.stringMatching(/^drivers\/boards\/Kconfig:\d+$/),
    ])
  })

  it('takes its diagnostics back when a file is closed, says nothing of other files, and ends when it is told to', async () => {
    await open('drivers/boards/core.c')
    await client.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: uriOf(makefile) } })
    expect(await diagnosticsOf(makefile, undefined)).toEqual([])
    expect(published.some(({ uri }) => uri.endsWith('core.c'))).toBe(false)
    const ended = new Promise((settle) => server.once('exit', settle))
    await client.sendRequest(ShutdownRequest.type)
    await client.sendNotification(ExitNotification.type)
    expect(await ended).toBe(0)
    expect(spawnSync('ls', [work], { encoding: 'utf8' }).stdout).not.toContain('kbuild-review-')
  })
})
