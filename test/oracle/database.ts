/** A variable: how it is expanded, and its text; that of a simple one is its value. */
export type VariableFact = { readonly op: string; readonly text: string }

/** A rule of a target. */
export type RuleFact = {
  readonly target: string
  readonly isDouble: boolean
  readonly prerequisites: readonly string[]
  readonly orderOnly: readonly string[]
  /** The lines as written, without the recipe prefix before the first; the blanks behind `;` are not part of it. */
  readonly recipe: string
}

/** What a makefile says, as make and as our tree tell it. */
export type Facts = {
  readonly variables: Readonly<Record<string, VariableFact>>
  /** The variables of targets, as `target: NAME`. */
  readonly targetVariables: Readonly<Record<string, VariableFact>>
  /** Sorted by target. */
  readonly rules: readonly RuleFact[]
}

/** Reads the facts of `file` out of the data base that `make -p` prints (GNU make variable.c print_variable(), file.c print_file()). */
export function parseDatabase(stdout: string, file: string): Facts {
  const lines = stdout.split('\n')
  const variables: Record<string, VariableFact> = {}
  const targetVariables: Record<string, VariableFact> = {}
  const rules: RuleFact[] = []
  let isInRules = false
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (line === '# Implicit Rules') isInRules = true
    if (line.includes(` (from '${file}', line `) && /^# (?:makefile|'override' directive)/.test(line)) {
      const variable = readVariable(lines, at + 1)
      if (variable !== null && variable.name !== 'MAKEFILE_LIST') {
        const known = variable.name.includes(': ') ? targetVariables : variables
        known[variable.name] = variable.fact
        at = variable.end
      }
    } else if (isInRules && lines[at - 1] !== '# Not a target:') {
      const rule = readRule(lines, at)
      if (rule !== null) rules.push(rule)
    }
  }
  return { variables, targetVariables, rules: rules.sort((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0)) }
}

function readVariable(
  lines: readonly string[],
  at: number,
): { readonly name: string; readonly fact: VariableFact; readonly end: number } | null {
  const line = lines[at] ?? ''
  const [, defined] = /^define (?!:?\+?= )(.*)$/.exec(line) ?? []
  const end = lines.findIndex((text, index) => index > at && text === 'endef' && /^(?:#|$)/.test(lines[index + 1] ?? ''))
  if (defined !== undefined && end !== -1) {
    return { name: defined, fact: { op: '=', text: lines.slice(at + 1, end).join('\n') }, end }
  }
  const [, name, op, value] = /^(?!#)(.*?) (:?\+?=) (.*)$/s.exec(line) ?? []
  if (name === undefined || op === undefined || value === undefined) return null
  const [, blanks] = /^\$\(subst ,,(\s*)\)$/.exec(value) ?? []
  const text = blanks ?? (op === ':=' ? value.replaceAll('$$', '$') : value)
  return { name, fact: { op, text }, end: at }
}

function readRule(lines: readonly string[], at: number): RuleFact | null {
  const [, target, colons, rest] = /^([^#\s][^\s]*?)(::?)(?: (.*))?$/.exec(lines[at] ?? '') ?? []
  if (target === undefined) return null
  const blank = lines.indexOf('', at)
  const about = lines.slice(at + 1, blank === -1 ? lines.length : blank)
  const recipeAt = about.findIndex((line) => line.startsWith('#  recipe to execute'))
  const [prerequisites = '', orderOnly = ''] = (rest ?? '').split(' | ')
  return {
    target,
    isDouble: colons === '::',
    prerequisites: words(prerequisites.replace(/^\| .*/, '')),
    orderOnly: words((rest ?? '').startsWith('| ') ? (rest ?? '').slice(2) : orderOnly),
    recipe: recipeAt === -1 ? '' : about.slice(recipeAt + 1).join('\n').slice(1).trimStart(),
  }
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
