import type { KconfigDialect } from '../../src/kconfig/dialect.ts'

/** A Kconfig file, and a .config for it, that conf accepts more often than not. */
export type RandomKconfig = { readonly kconfig: string; readonly config: string }

type Writer = {
  readonly random: Random
  readonly dialect: KconfigDialect
  readonly lines: string[]
  readonly names: readonly string[]
  /** How many of the names are defined, and how many of these an expression may use, so that none depends on itself. */
  defined: number
  usable: number
}

type Random = {
  readonly below: (limit: number) => number
  readonly pick: <T>(values: readonly [T, ...T[]]) => T
}

/** The same for the same seed. */
export function randomKconfig(seed: number, dialect: KconfigDialect): RandomKconfig {
  const random = createRandom(seed)
  const names = Array.from({ length: 8 + random.below(8) }, (_, i) => `S${i}`)
  const writer: Writer = { random, dialect, lines: [], names, defined: 0, usable: 0 }
  writer.lines.push('config MODULES', '\tbool "modules"', '\tmodules', ...(random.below(2) ? ['\tdefault y'] : []), '')
  while (writer.defined < names.length) writeBlock(writer, 0)
  return { kconfig: `${writer.lines.join('\n')}\n`, config: randomConfig(random, names) }
}

function createRandom(seed: number): Random {
  let state = seed
  const below = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 8) % limit
  }
  return { below, pick: (values) => values[below(values.length)] ?? values[0] }
}

function randomConfig({ below, pick }: Random, names: readonly string[]): string {
  const values = ['y', 'm', 'n', 'y', '3', '50', '0x10', '"user"', 'x'] as const
  const lines = ['MODULES', ...names].filter(() => below(2) === 1).map((name) => `CONFIG_${name}=${pick(values)}`)
  return `${lines
    .map((line) => `${below(1000)} ${line}`)
    .sort()
    .map((line) => line.slice(line.indexOf(' ') + 1))
    .join('\n')}\n`
}

function writeBlock(writer: Writer, depth: number): void {
  const { random, lines } = writer
  for (let left = 1 + random.below(4); left > 0; left--) {
    const kind = depth > 2 ? 0 : random.below(10)
    if (kind < 5) writeConfig(writer, null)
    else if (kind === 5) {
      lines.push(`if ${expression(writer)}`)
      writeBlock(writer, depth + 1)
      lines.push('endif')
    } else if (kind === 6) {
      lines.push(`menu "M${random.below(99)}"`, ...dependencies(writer, 2))
      if (random.below(2)) lines.push(`\tvisible if ${expression(writer)}`)
      writeBlock(writer, depth + 1)
      lines.push('endmenu')
    } else if (kind === 7) lines.push(`comment "C${random.below(99)}"`, ...dependencies(writer, 2))
    else writeChoice(writer)
  }
}

function writeChoice(writer: Writer): void {
  const { random, lines, dialect, names } = writer
  const type = dialect.tristateChoice && random.below(2) ? 'tristate' : 'bool'
  lines.push('choice', `\t${type} "choose"${condition(writer)}`, ...dependencies(writer, 2))
  if (dialect.optionalChoice && random.below(3) === 0) lines.push('\toptional')
  const [place, first, isInIf] = [lines.length, writer.defined, random.below(3) === 0]
  if (isInIf) lines.push(`if ${expression(writer)}`)
  for (let left = 1 + random.below(4); left > 0; left--) writeConfig(writer, type)
  if (isInIf) lines.push('endif')
  lines.push('endchoice')
  const members = writer.defined - first
  const chosen = names[first + random.below(Math.max(1, members))]
  if (members > 0 && random.below(2)) lines.splice(place, 0, `\tdefault ${chosen ?? ''}${condition(writer)}`)
  writer.usable = writer.defined
}

/** A symbol; of a choice of the given type, where it is no null. Now and then it is a known one once more. */
function writeConfig(writer: Writer, choice: 'bool' | 'tristate' | null): void {
  const { random, lines, names, defined } = writer
  const isAgain = choice === null && defined > 0 && random.below(10) === 0
  const index = isAgain ? random.below(defined) : defined
  const name = names[index]
  if (name === undefined) return
  const usable = writer.usable
  writer.usable = Math.min(usable, index)
  const type = choice ?? random.pick(['bool', 'bool', 'tristate', 'tristate', 'int', 'hex', 'string'] as const)
  const isTristate = type === 'bool' || type === 'tristate'
  const hasPrompt = choice !== null || random.below(4) > 0
  lines.push(`config ${name}`, `\t${choice === 'tristate' ? random.pick(['bool', 'tristate']) : type}`)
  if (hasPrompt) lines.push(`\tprompt "${name} prompt"${condition(writer)}`)
  lines.push(...dependencies(writer, 3))
  for (let left = choice === null ? random.below(3) : 0; left > 0; left--) {
    const value = isTristate ? expression(writer) : random.pick(['5', '17', '0x20', '"text"', word(writer)])
    lines.push(`\tdefault ${value}${condition(writer)}`)
  }
  const target = names[index + 1 + random.below(names.length)]
  if (isTristate && choice === null && target !== undefined && random.below(3) === 0) {
    lines.push(`\t${random.pick(['select', 'imply'])} ${target}${condition(writer)}`)
  }
  if ((type === 'int' || type === 'hex') && random.below(2)) {
    lines.push(`\trange ${random.pick(['1', '0x3', '7'])} ${random.pick(['12', '0x30', '99'])}${condition(writer)}`)
  }
  lines.push('')
  if (!isAgain) writer.defined++
  writer.usable = choice === null ? writer.defined : usable
}

function dependencies(writer: Writer, limit: number): string[] {
  return Array.from({ length: writer.random.below(limit) }, () => `\tdepends on ${expression(writer)}`)
}

function condition(writer: Writer): string {
  return writer.random.below(3) === 0 ? ` if ${expression(writer)}` : ''
}

function expression(writer: Writer, depth = 0): string {
  const { random } = writer
  switch (random.below(depth > 2 ? 2 : 7)) {
    case 0:
    case 1:
      return word(writer)
    case 2:
      return `!${word(writer)}`
    case 3:
      return `(${expression(writer, depth + 1)} && ${expression(writer, depth + 1)})`
    case 4:
      return `${expression(writer, depth + 1)} || ${expression(writer, depth + 1)}`
    case 5:
      return comparison(writer)
    default:
      return `${expression(writer, depth + 1)} && ${expression(writer, depth + 1)}`
  }
}

/**
 * No `bool != y`: the conf of Linux 6.12 takes the symbol for an expression there (expr.c, `expr_transform`, E_UNEQUAL),
 * and what comes of it is chance.
 */
function comparison(writer: Writer): string {
  const op = writer.random.pick(['=', '!=', '<', '>='])
  const right = op === '!=' ? (['n', '5', '"text"'] as const) : (['y', 'n', 'm', '5', '"text"', word(writer)] as const)
  return `${word(writer)} ${op} ${writer.random.pick<string>(right)}`
}

function word({ random, names, usable }: Writer): string {
  if (random.below(5) === 0) return random.pick(['y', 'n', 'm', 'UNDEFINED', '"y"', '10'])
  const index = random.below(usable + 1)
  return (index < usable ? names[index] : undefined) ?? 'MODULES'
}
