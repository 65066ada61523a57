import { fork, type ChildProcess } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import { Socket } from 'node:net'

/** What a process that runs one of our own modules may take (megabytes), and what it finds in its environment. */
export type OwnModuleOptions = {
  readonly oldMb: number
  readonly youngMb: number
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The end of what such a process says on standard error, which is looked into when it is gone (characters). */
const keptErrors = 4096

/** A process of our own: what is sent to it and what it answers are values that the structured clone algorithm knows. */
export type OwnModule = {
  readonly process: ChildProcess
  /** Why it ended, once it has: what it threw, that its heap was used up, or the system's error where it could not be started. */
  readonly ended: Promise<Error>
  /** Ends it in the middle of whatever it does, and waits until it is gone. */
  readonly end: () => Promise<void>
}

/**
 * Runs a module of ours in a process of its own, whose memory goes back to the system with it, and which does not take us along when it wants more
 * than it may have. It does not keep us alive, and ends when we do; what else ends us, Ctrl-C or the service's stop, is for us to hand on.
 * It has the compile cache of this process, which another does not take over by itself.
 */
export function startOwnModule(module: URL, { oldMb, youngMb, env }: OwnModuleOptions): OwnModule {
  const cache = getCompileCacheDir()
  const child = fork(module, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [
      `--max-old-space-size=${oldMb}`,
      // The young heap is three of these (V8, Heap::YoungGenerationSizeFromSemiSpaceSize).
      `--max-semi-space-size=${Math.max(1, Math.floor(youngMb / 3))}`,
      '--disable-warning=ExperimentalWarning',
      `--import=${new URL(ending(import.meta.url, './ignore-signals'), import.meta.url).href}`,
    ],
    env: { ...env, ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }) },
  })
  const errors = child.stderr instanceof Socket ? child.stderr : null
  child.unref()
  child.channel?.unref()
  errors?.unref()
  let said = ''
  errors?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-keptErrors)))
  const ended = new Promise<Error>((resolve) => {
    // A process that cannot be started, or not be told to end, says so each time.
    child.on('error', resolve)
    child.once('close', (code, signal) => resolve(new Error(reasonOf(said, code ?? signal ?? 'no code', oldMb))))
  })
  const end = async (): Promise<void> => {
    child.ref()
    errors?.ref()
    child.kill('SIGKILL')
    await ended
  }
  return { process: child, ended, end }
}

/** Compiled, our modules end in .js. */
function ending(own: string, name: string): string {
  return own.endsWith('.ts') ? `${name}.ts` : `${name}.js`
}

function reasonOf(said: string, code: number | string, oldMb: number): string {
  // What V8 says before it aborts (v8::Utils::ReportOOMFailure).
  if (said.includes('JavaScript heap out of memory')) return `it wanted more than ${oldMb} MB of memory`
  const thrown = /^\w*Error\b.*/m.exec(said)?.[0]
  return thrown === undefined ? `ended with ${code}` : `ended with ${code}: ${thrown}`
}
