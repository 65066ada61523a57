import module from 'node:module'
import { setFlagsFromString } from 'node:v8'

/** Commands that run for minutes or days; the others answer within seconds. */
const long = new Set(['backtest', 'bot', 'hook', 'lsp', 'serve', 'worker'])

/**
 * Sets a process up for a command, before anything else is loaded: compiled modules are kept, and what ends within seconds
 * does without V8's optimising compiler, which there takes a quarter of the processor's time and gives none back.
 */
export function prepareProcess(command) {
  module.enableCompileCache()
  if (!long.has(command)) setFlagsFromString('--no-turbofan')
}
