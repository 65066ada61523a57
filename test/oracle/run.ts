import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeBytes } from '../../src/text/decode.ts'

/** A makefile of test/oracle/<topic>/<name>.mk, to be read by GNU make and by us. */
export type OracleCase = { readonly name: string; readonly directory: string; readonly file: string; readonly text: string }

/** The cases of a topic, by name. */
export function oracleCases(topic: string): OracleCase[] {
  const directory = join(import.meta.dirname, topic)
  return readdirSync(directory)
    .filter((file) => file.endsWith('.mk'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.mk'.length),
      directory,
      file,
      text: decodeBytes(readFileSync(join(directory, file))).text,
    }))
}

/** How a run of make ended; `status` is null where it was killed. */
export type MakeRun = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** A minute of make is a makefile that loops. */
const TIMEOUT_MS = 60_000

/** Runs GNU make in `directory`, with nothing in its environment but what is given, in the C locale. */
export function runMake(
  directory: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): MakeRun {
  const run = spawnSync('make', args, {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', ...env },
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  })
  if (run.error !== undefined) throw new Error(`make did not run: ${run.error.message}`)
  return { status: run.status, stdout: run.stdout, stderr: run.stderr }
}

/** The version of the make that `runMake` runs, as `4.3`. */
export function makeVersion(): string {
  const [, version] = /^GNU Make (\S+)/.exec(runMake('/', ['--version']).stdout) ?? []
  if (version === undefined) throw new Error('this make is not GNU make')
  return version
}

/** What make said about a line of a makefile; it stops after one that is fatal. */
export type MakeMessage = { readonly line: number; readonly message: string; readonly isFatal: boolean }

/** The messages about `file` in what make wrote to standard error, without warnings and the hints in brackets that differ between versions. */
export function messagesOf(run: MakeRun, file: string): MakeMessage[] {
  return run.stderr.split('\n').flatMap((written) => {
    if (!written.startsWith(`${file}:`)) return []
    const [, line, stars, message] = /^:(\d+): (\*\*\* )?(.*?)(?:\. {2}Stop\.)?$/.exec(written.slice(file.length)) ?? []
    if (line === undefined || message === undefined || message.startsWith('warning: ')) return []
    return [{ line: Number(line), message: withoutHint(message), isFatal: stars !== undefined }]
  })
}

/** `missing separator (did you mean TAB instead of 8 spaces?)` without the brackets. */
export function withoutHint(message: string): string {
  return message.replace(/ \([^)]*\)$/, '')
}
