import { cpSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ArchRun, SeriesRuns } from '../build/goal-run.ts'
import type { SeriesBuilds } from '../review/build-result.ts'

/**
 * Puts the log of every goal in a directory as `STEP/ARCH/GOAL.log`, where a step is `base` or the index of a patch, beside that of one that failed a script that
 * does it again, and beside them what the base's builds made.
 */
export function writeBuilds(directory: string, { before, after }: SeriesRuns, results: SeriesBuilds['results']): void {
  for (const run of before) {
    const own = join(directory, 'base', run.arch)
    writeLogs(own, run)
    const layer = run.goals[0]?.outputDirectory ?? null
    if (layer !== null) copyPlain(join(layer, 'output'), join(own, 'output'))
  }
  for (const { patch, runs } of after) for (const run of runs) writeLogs(join(directory, String(patch), run.arch), run)
  for (const { arch, patch, goals } of results) {
    const own = join(directory, patch === null ? 'base' : String(patch), arch)
    for (const [index, { goal, reproduce }] of goals.entries())
      if (reproduce !== null) writeFileSync(join(own, `${index + 1}-${goal}.sh`), reproduce)
  }
}

function writeLogs(directory: string, { goals }: ArchRun): void {
  if (goals.length > 0) mkdirSync(directory, { recursive: true })
  for (const [index, { goal, log }] of goals.entries())
    writeFileSync(join(directory, `${index + 1}-${goal}.log`), log.text)
}

/** Copies directories, regular files and links as links: a layer of an overlay also has marks of deletion, which are devices. */
function copyPlain(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => {
      const status = lstatSync(path, { throwIfNoEntry: false })
      return status !== undefined && (status.isFile() || status.isDirectory() || status.isSymbolicLink())
    },
  })
}
