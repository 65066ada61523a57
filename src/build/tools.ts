import { execa } from 'execa'

/** A program as it was found: its first line of `--version`; null where it cannot be started. */
export type Tool = { readonly name: string; readonly version: string | null }

/** A program that does not answer in this time is as good as missing (milliseconds). */
const probeTimeoutMs = 10_000

/** Starts a program with `--version` (or `versionArgs`) and reads the first line that it prints. */
export async function findTool(name: string, versionArgs: readonly string[] = ['--version']): Promise<Tool> {
  const result = await execa(name, versionArgs, {
    reject: false,
    timeout: probeTimeoutMs,
    stdin: 'ignore',
    all: true,
    maxBuffer: 1 << 20,
  })
  if (result.failed && result.exitCode === undefined) return { name, version: null }
  const line = result.all.split('\n').find((text) => text.trim() !== '')
  return { name, version: line?.trim() ?? 'starts, but says no version' }
}
