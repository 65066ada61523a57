import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import type { Makefile, Node } from '../../src/make/cst.ts'
import { parseMakefile } from '../../src/make/parse.ts'
import { printMakefile } from '../../src/make/print.ts'
import type { SyntaxError } from '../../src/make/syntax-errors.ts'
import { syntaxErrors } from '../../src/make/syntax-errors.ts'
import { visitNodes } from '../../src/make/visit.ts'
import { indexLines, offsetToPosition } from '../../src/text/line-index.ts'
import type { MakeMessage } from '../oracle/run.ts'
import { messagesOf, runMake, withoutHint } from '../oracle/run.ts'
import { kernelMakefiles } from '../support/kernel-makefiles.ts'
import { createRandom, mutateMakefile } from './mutate-makefile.ts'
import { describeReal } from './support.ts'

const FILES = 300
const MUTANTS_OF_EACH = 8
const SEED = 20_240_601

/** What make finds in the text of a line, not in what it means. */
const OURS = new Set([
  'missing separator',
  'recipe commences before first target',
  'missing rule before recipe',
  "extraneous 'endif'",
  "extraneous 'else'",
  "only one 'else' per conditional",
  "missing 'endif'",
  "missing 'endef', unterminated 'define'",
  'invalid syntax in conditional',
  'empty variable name',
  'missing target pattern',
  'multiple target patterns',
  "target pattern contains no '%'",
  'unterminated variable reference',
])

/** Makefiles that start no program and end no run: what is compared is the reading. */
const UNSAFE = /\$[({](?:shell|error|warning|info|eval|file|wildcard)\b|!=|\binclude\b/

/** What we say against what make says; null where they agree. */
function disagreement(makefile: Makefile, theirs: MakeMessage | null): string | null {
  const errors = syntaxErrors(makefile).map((error) => ({
    ...error,
    line: logicalLine(makefile.text, error.range.start),
  }))
  const certain = errors.find((error) => error.severity === 'fatal' && isAlwaysRead(makefile, error))
  const ours = certain === undefined ? '' : `we say: ${certain.line}: ${certain.message}`
  if (theirs === null) return certain === undefined ? null : `make is content, but ${ours}`
  const said = `make says: ${theirs.line}: ${theirs.message}`
  if (theirs.message === "missing 'endif'") {
    return errors.some(({ message }) => message === theirs.message) ? null : `${said}, we do not`
  }
  const isSame = errors.some(({ message, line }) => line === theirs.line && withoutHint(message) === theirs.message)
  if (!isSame && !isLeftOpen(makefile, theirs)) return `${said}, we do not`
  const isEarlier = certain !== undefined && certain.message !== "missing 'endif'" && certain.line < theirs.line
  return isEarlier ? `${said}, but ${ours}` : null
}

/** The line that make counts for an offset: the first of those that backslashes join. */
function logicalLine(text: string, offset: number): number {
  const lines = text.slice(0, offset).split('\n')
  let line = lines.length
  while (line > 1 && /(?:^|[^\\])(?:\\\\)*\\$/.test(lines[line - 2] ?? '')) line--
  return line
}

/** Whether make reads the place whatever branches it takes. */
function isAlwaysRead(makefile: Makefile, { range }: SyntaxError): boolean {
  return makefile.nodes.some(
    (node) => node.range.start <= range.start && range.start < node.range.end && node.kind !== 'conditional',
  )
}

/** Whether our tree leaves open what make found: a line of references, or one whose meaning hangs on the branch taken before. */
function isLeftOpen(makefile: Makefile, { line, message }: MakeMessage): boolean {
  const lines = indexLines(makefile.text)
  const isThere = (node: Node): boolean => offsetToPosition(lines, node.range.start).line === line
  return [...visitNodes(makefile.nodes)].some(({ node }) => isThere(node) && leavesOpen(node, message))
}

function leavesOpen(node: Node, message: string): boolean {
  if (message === 'missing separator') return node.kind === 'eval'
  if (message === 'recipe commences before first target') return node.kind === 'recipe'
  return false
}

describeReal('kernel makefiles with something broken in them', ['KBUILD_REVIEW_TREE_6_12'], (tree) => {
  const directory = mkdtempSync(join(tmpdir(), 'kbuild-review-mutants-'))
  afterAll(() => removeDirectory(directory))
  const random = createRandom(SEED)
  const candidates = kernelMakefiles(tree).filter(
    ({ text }) => !UNSAFE.test(text) && text.length < 8000 && /^(?:if|\S.*:(?!=)|define)/m.test(text),
  )

  it('are refused as make refuses them', async ({ annotate }) => {
    const wrong: string[] = []
    let refused = 0
    let runs = 0
    for (let index = 0; index < FILES; index++) {
      const { path, text } = candidates[random(candidates.length)] ?? { path: '', text: '' }
      for (let mutant = 0; mutant < MUTANTS_OF_EACH; mutant++) {
        const mutated = mutateMakefile(text, random)
        if (UNSAFE.test(mutated)) continue
        writeFileSync(join(directory, 'mutant.mk'), mutated)
        const theirs = messageOfMake(directory, mutated)
        const makefile = parseMakefile(mutated)
        if (printMakefile(makefile) !== mutated) wrong.push(`${path}: printed otherwise`)
        const problem = disagreement(makefile, theirs)
        if (problem !== null) wrong.push(`${path}: ${problem}\n${mutated}`)
        runs++
        if (theirs !== null) refused++
      }
    }
    await annotate(`${runs} makefiles, ${refused} refused by make, ${wrong.length} otherwise by us`)
    expect(wrong).toEqual([])
    expect(refused).toBeGreaterThan(runs / 10)
  })
})

/** The first message of make about the text that ends the run, with every symbol of the file set, so that most branches are read. */
function messageOfMake(directory: string, text: string): MakeMessage | null {
  const symbols = [...new Set(text.match(/\bCONFIG_\w+/g) ?? [])]
  const env = Object.fromEntries(symbols.map((symbol) => [symbol, 'y']))
  // Without the empty rule make may remake the makefile itself by a pattern rule in it, and that even with -n.
  const run = runMake(directory, ['-nrR', '--eval', 'mutant.mk: ;', '-f', 'mutant.mk', 'mutant.mk'], env)
  const fatal = messagesOf(run, 'mutant.mk').find(({ isFatal }) => isFatal) ?? null
  return fatal !== null && (OURS.has(fatal.message) || fatal.message.startsWith('unterminated call')) ? fatal : null
}
