import type { Bad, Expr, Range, RuleLine } from '../../src/make/cst.ts'
import { exprWords, textOf } from '../../src/make/expr-text.ts'
import { rulesWithRecipes, type RuleWithRecipes } from '../../src/make/recipes.ts'
import { visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { defineRule, type MakefileView } from '../../src/review/rule.ts'
import { meantSpecialTarget } from './special-targets.ts'

/**
 * Rule lines that GNU make takes, but not for what was meant. Each check is a fact about make that holds whatever the
 * references on the line expand to; where it would take an expansion, nothing is said.
 *
 * Silent on a target that has the name of a directive and is used as one, as `.PHONY: include` or a prerequisite show;
 * on equal targets of a line without recipe, which make merges; and on `%` before letters that are no known suffix.
 */
export default defineRule({
  id: 'ms-target-typo',
  severity: 'warning',
  scope: 'tree',
  summary: 'A rule line that make reads as something else than it looks like.',
  since: '0.1.0',
  check({ makefiles, report }) {
    for (const makefile of makefiles) for (const found of typosIn(makefile)) report(found)
  },
})

function typosIn(makefile: MakefileView): Report[] {
  const { text, syntax } = makefile
  const nodes = visitNodes(syntax.nodes).flatMap(({ node }) =>
    node.kind === 'rule' || node.kind === 'bad' ? node : [],
  )
  if (nodes.length === 0) return []
  const rules = rulesWithRecipes(syntax)
  const prerequisites = new Set(rules.flatMap(({ rule }) => wordsOf(text, rule.prerequisites)))
  const targets = nodes.filter((node) => node.kind === 'rule')
  return [
    ...nodes.flatMap((node) => (node.kind === 'bad' ? slashLine(node, makefile) : [])),
    ...targets.flatMap((rule) => slashTarget(rule, makefile)),
    ...targets.flatMap((rule) => wordTypos(rule, makefile, prerequisites)),
    ...targets.flatMap((rule) => strayTargets(rule, makefile)),
    ...rules.flatMap((rule) => repeatedTargets(rule, makefile)),
  ]
}

function wordsOf(text: string, expr: Expr): string[] {
  return exprWords(text, expr).map((word) => textOf(text, word))
}

/** A `//` line without a colon: make stops ("missing separator"). */
function slashLine({ range, message }: Bad, makefile: MakefileView): Report[] {
  const start = range.start + leadingBlanks(makefile.text, range)
  if (!makefile.text.startsWith('//', start)) return []
  return [slashes(start, makefile, `GNU make stops: *** ${message}.  Stop.`)]
}

/** A `//` line with a colon: its words are targets and prerequisites. */
function slashTarget(rule: RuleLine, makefile: MakefileView): Report[] {
  const [first] = exprWords(makefile.text, rule.targets)
  if (!first || !makefile.text.startsWith('//', first.range.start)) return []
  const words = wordsOf(makefile.text, rule.targets)
  const says = `GNU make reads a rule for ${words.length} target${words.length === 1 ? '' : 's'}, up to the colon`
  return [slashes(first.range.start, makefile, says)]
}

function slashes(start: number, { path }: MakefileView, says: string): Report {
  const at = { file: path, start, end: start + 2 }
  return {
    at,
    message: '`//` begins no comment in a makefile',
    evidence: [says],
    suggestion: { message: 'begin the comment with `#`', edits: [{ at, text: '#' }] },
  }
}

function leadingBlanks(text: string, { start, end }: Range): number {
  let at = start
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at++
  return at - start
}

/** The checks that look at one target by itself. */
function wordTypos(rule: RuleLine, makefile: MakefileView, prerequisites: ReadonlySet<string>): Report[] {
  const { text, path } = makefile
  return exprWords(text, rule.targets).flatMap((word): Report[] => {
    const name = textOf(text, word)
    const at = { file: path, ...word.range }
    if (name === 'PHONY' && rule.assignment === null) return [plainPhony(at)]
    const special = meantSpecialTarget(name)
    if (special !== null) return [misspelt(at, name, special)]
    if (directives.has(name) && !prerequisites.has(name)) return [directiveTarget(at, name)]
    const suffix = /(?:^|[/)}])%([a-z]+)$/i.exec(name)?.[1]
    return suffix !== undefined && suffixes.has(suffix) ? [patternWithoutDot(at, suffix)] : []
  })
}

type At = Report['at']

function plainPhony(at: At): Report {
  return {
    at,
    message: '`PHONY` is a target like any other',
    evidence: ['GNU make manual, "Phony Targets": the special target is `.PHONY`'],
    suggestion: { message: 'declare phony targets with `.PHONY`', edits: [{ at, text: '.PHONY' }] },
  }
}

function misspelt(at: At, name: string, special: string): Report {
  return {
    at,
    message: `\`${name}\` is no special target`,
    evidence: ['none of the "Special Built-in Target Names" of the GNU make manual'],
    suggestion: { message: `was \`${special}\` meant?`, edits: [{ at, text: special }] },
  }
}

/** Words that begin a directive when a blank follows them (GNU make read.c eval(), conditional_line()). */
const directives: ReadonlySet<string> = new Set([
  ...['include', '-include', 'sinclude', 'export', 'unexport', 'override', 'define', 'endef', 'undefine', 'vpath'],
  ...['ifdef', 'ifndef', 'ifeq', 'ifneq', 'else', 'endif'],
])

function directiveTarget(at: At, name: string): Report {
  return {
    at,
    message: `\`${name}:\` is a rule for a target of that name, not the directive`,
    evidence: ['nothing in the file needs this target'],
  }
}

/** Suffixes of the files that scripts/Makefile.build, Makefile.lib and Makefile.host have pattern rules for. */
const suffixes: ReadonlySet<string> = new Set([
  ...[
    'o',
    'c',
    's',
    'S',
    'i',
    'h',
    'a',
    'ko',
    'mod',
    'll',
    'lst',
    'lds',
    'rs',
    'rsi',
    'rust',
    'so',
    'symtypes',
    'asn1',
  ],
  ...['dtb', 'dtbo', 'dts', 'dtso', 'elf', 'bin', 'gz', 'bz2', 'lzma', 'xz', 'lzo', 'lz4', 'zst'],
])

function patternWithoutDot(at: At, suffix: string): Report {
  return {
    at,
    message: `\`%${suffix}\` is the pattern of every name that ends in \`${suffix}\``,
    suggestion: {
      message: `was \`%.${suffix}\` meant?`,
      edits: [{ at: { ...at, start: at.end - suffix.length, end: at.end - suffix.length }, text: '.' }],
    },
  }
}

/** Targets of a static pattern rule that its target pattern cannot match: by the letters behind the last reference. */
function strayTargets(rule: RuleLine, makefile: MakefileView): Report[] {
  const { text, path } = makefile
  if (rule.targetPattern === null) return []
  const pattern = textOf(text, rule.targetPattern)
  const suffix = tailOf(pattern)
  if (!pattern.endsWith(`%${suffix}`)) return []
  return exprWords(text, rule.targets).flatMap((word): Report[] => {
    const name = textOf(text, word)
    const tail = tailOf(name)
    if (tail.length < suffix.length || tail.endsWith(suffix)) return []
    const message = `\`${name}\` does not match the target pattern \`${pattern}\``
    const evidence = [
      "GNU make warns: target doesn't match the target pattern",
      'so the rule gives it no prerequisite by the pattern',
    ]
    return [{ at: { file: path, ...word.range }, message, evidence }]
  })
}

/** The letters at the end of a word that stand for themselves. */
function tailOf(word: string): string {
  let start = word.length
  while (start > 0 && !'%$(){}\\'.includes(word.charAt(start - 1))) start--
  return word.slice(start)
}

/** A target that a rule with a recipe lists twice. */
function repeatedTargets({ rule, recipes }: RuleWithRecipes, { text, path }: MakefileView): Report[] {
  if (rule.separator !== ':' || (recipes.length === 0 && rule.recipe === null)) return []
  const seen = new Set<string>()
  return exprWords(text, rule.targets).flatMap((word): Report[] => {
    const name = textOf(text, word)
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    const evidence = ['GNU make warns: target given more than once in the same rule']
    return [{ at: { file: path, ...word.range }, message: `\`${name}\` is listed twice in one rule`, evidence }]
  })
}
