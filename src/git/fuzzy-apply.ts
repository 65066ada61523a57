import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeDirectory } from '../processes/remove-directory.ts'
import { fromBinaryString } from '../text/decode.ts'
import { readPatchReports, type HunkOutcome } from './hunk-reports.ts'
import { writeUnified, type PatchPart } from './patch-parts.ts'
import { runProgram, type RunOptions } from './run.ts'

/** A file after GNU patch: its bytes (whatever was applied), and the hunks that did not go in exactly as they said. */
export type FuzzyFile = { readonly bytes: Buffer; readonly hunks: readonly HunkOutcome[] }

/** A part of a patch and the bytes of the file that it changes. */
export type FuzzyInput = { readonly part: PatchPart; readonly before: Uint8Array }

/** The lines of context at either end of a hunk that may differ: `patch --fuzz`, of the three that git writes. */
const fuzz = 3

/**
 * Applies the hunks of files as far as they go with GNU patch, which unlike git takes context that differs at its ends.
 * The files lie in an empty directory under names of ours; the patch names no others. `log` is what patch said.
 */
export async function applyWithFuzz(
  inputs: readonly FuzzyInput[],
  { directory, run }: { readonly directory: string; readonly run: RunOptions },
): Promise<{ readonly files: readonly FuzzyFile[]; readonly log: string }> {
  if (inputs.length === 0) return { files: [], log: '' }
  mkdirSync(directory)
  const name = (index: number): string => `f${index}`
  inputs.forEach(({ before }, index) => writeFileSync(join(directory, name(index)), before))
  const text = inputs.map(({ part }, index) => writeUnified(part, name(index))).join('')
  const { PATH = '' } = run.env
  const { stdout, stderr } = await runProgram('patch', patchOptions, {
    ...run,
    cwd: directory,
    // GNU patch takes more from its environment than it should: POSIXLY_CORRECT, PATCH_GET, QUOTING_STYLE.
    env: { PATH, LC_ALL: 'C', TMPDIR: directory },
    stdin: fromBinaryString(text),
  })
  const reports = new Map(readPatchReports(stdout.toString('latin1')).map((report) => [report.name, report.hunks]))
  const files = inputs.map((_, index) => ({
    bytes: readFileSync(join(directory, name(index))),
    hunks: reports.get(name(index)) ?? [],
  }))
  removeDirectory(directory)
  return { files, log: `${stdout.toString('latin1')}${stderr}` }
}

/** Unified, so that no ed script is ever run; no backups, no rejects, no questions, nothing fetched from a version control. */
const patchOptions = [
  '--unified',
  '--strip=0',
  `--fuzz=${fuzz}`,
  '--force',
  '--binary',
  '--no-backup-if-mismatch',
  '--reject-file=-',
  '--get=0',
]
