import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseMakefile } from '../../src/make/parse.ts'
import { printMakefile } from '../../src/make/print.ts'
import { isMakefile } from '../../src/review/world.ts'
import { decodeBytes, encodeText } from '../../src/text/decode.ts'
import type { Outcome, ProofContext } from './check.ts'
import { runCommand } from './run-command.ts'

/** The aim: a median patch takes at most this share of what checkpatch.pl takes. */
const aim = 1 / 3

/** Every makefile of both trees printed as it was read, byte by byte; and the bench's lines on parsing and reviewing. */
export async function proveRoundTrip({ root, reference, say }: ProofContext): Promise<Outcome> {
  const counts = [reference.tree612, reference.tree61].map(roundTrip)
  const different = counts.flatMap(({ wrong }) => wrong)
  say('running the bench')
  const bench = await runCommand(process.execPath, ['bench/run.ts', 'make-parse', 'review'], { cwd: root })
  const lines = bench.stdout.split('\n').filter((line) => line !== '')
  const ratio = /ratio p50 (\d+\.\d+)/.exec(bench.stdout)?.[1]
  const fast = bench.status === 0 && ratio !== undefined && Number(ratio) <= aim
  return {
    ok: different.length === 0 && counts.every(({ files }) => files > 2000) && fast,
    figure: `${counts.map(({ files }) => files).join(' + ')} makefiles, ${different.length} printed otherwise${different
      .slice(0, 3)
      .map((path) => ` ${path}`)
      .join('')}; ${lines.join('; ')}`,
  }
}

function roundTrip(tree: string): { readonly files: number; readonly wrong: readonly string[] } {
  const listed = execFileSync('git', ['-C', tree, 'ls-files', '-z'], { encoding: 'utf8', maxBuffer: 1 << 28 }).split(
    '\0',
  )
  const paths = listed.filter(isMakefile)
  const wrong = paths.filter((path) => {
    const bytes = readFileSync(join(tree, path))
    const decoded = decodeBytes(bytes)
    return !bytes.equals(encodeText({ ...decoded, text: printMakefile(parseMakefile(decoded.text)) }))
  })
  return { files: paths.length, wrong }
}
