import { Command } from 'commander'
import { realpathSync } from 'node:fs'
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { findTree } from '../app/find-tree.ts'
import { serveLanguage, type LanguageWorkspace } from '../app/language-server.ts'
import { configOption, previewOption } from './options.ts'
import type { ExitCode } from './exit.ts'
import { openSession, type Session, type TreeFlags } from './session.ts'
import type { Terminal } from './terminal.ts'

/** `lsp`: a language server for makefiles and Kconfig files of a kernel, on standard input and output. */
export function lspCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return new Command('lsp')
    .description('serve an editor over the Language Server Protocol, on standard input and output')
    .addOption(configOption())
    .addOption(previewOption())
    .option('--stdio', 'what is done anyway: clients say it')
    .action(async (flags: TreeFlags) => {
      finish(await serve(flags, terminal))
    })
}

/** Until the editor says `exit`, or is gone: the library ends the process then, with the status that the protocol asks for. */
async function serve(flags: TreeFlags, terminal: Terminal): Promise<ExitCode> {
  let session: Session | null = null
  const open = async (directory: string): Promise<LanguageWorkspace | null> => {
    const top = findTree(directory)
    if (top === null) return null
    session = await openSession({ ...flags, tree: top }, terminal)
    return { ...session, top: realpathSync(top) }
  }
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout)
  const ended = new Promise<ExitCode>((settle) => {
    connection.onShutdown(async () => session?.close())
    connection.onExit(() => settle(0))
    terminal.signal.addEventListener('abort', () => settle(130))
  })
  serveLanguage(connection, open)
  return ended
}
