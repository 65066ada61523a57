/** A condition as a tree of texts; a text is a literal such as `CONFIG_A=y`. */
export type Formula = string | { readonly operator: '&&' | '||'; readonly parts: readonly Formula[] }

const opposite = { '&&': '||', '||': '&&' } as const

/**
 * Terms joined by an operator, each of literals joined by the other one, with what several terms have in common taken out: `(A || B) &&
 * (A || C)` is `A || (B && C)`.
 */
export function factor(terms: readonly (readonly string[])[], operator: '&&' | '||'): Formula {
  const [first] = terms
  const within = opposite[operator]
  if (first === undefined || terms.length === 1) return made(within, first ?? [])
  const common = inAll(terms)
  if (common.length > 0) {
    const rests = terms.map((term) => term.filter((literal) => !common.includes(literal)))
    return rests.some((rest) => rest.length === 0)
      ? made(within, common)
      : made(within, [...common, factor(rests, operator)])
  }
  const shared = mostShared(terms)
  if (shared === null)
    return made(
      operator,
      terms.map((term) => made(within, term)),
    )
  const sharing = terms.filter((term) => term.includes(shared))
  const others = terms.filter((term) => !term.includes(shared))
  return made(operator, [factor(sharing, operator), factor(others, operator)])
}

function inAll(terms: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = terms
  return first.filter((literal) => others.every((term) => term.includes(literal)))
}

/** The literal that saves most where it is taken out, together with what goes with it; null where no two terms share one. */
function mostShared(terms: readonly (readonly string[])[]): string | null {
  let best: string | null = null
  let most = 0
  for (const literal of new Set(terms.flat())) {
    const sharing = terms.filter((term) => term.includes(literal))
    const saved = inAll(sharing).join('').length * (sharing.length - 1)
    if (saved > most) [best, most] = [literal, saved]
  }
  return best
}

/** Parts under an operator; those under the same one are taken up, and one part stands for itself. */
function made(operator: '&&' | '||', parts: readonly Formula[]): Formula {
  const flat = parts.flatMap((part) => (typeof part !== 'string' && part.operator === operator ? part.parts : [part]))
  const [only] = flat
  return flat.length === 1 && only !== undefined ? only : { operator, parts: flat }
}

/** A formula as text, in brackets where it stands under another operator. */
export function textOf(formula: Formula, around: '&&' | '||' | null = null): string {
  if (typeof formula === 'string') return formula
  const { operator, parts } = formula
  const text = parts.map((part) => textOf(part, operator)).join(` ${operator} `)
  return around === null || around === operator ? text : `(${text})`
}

/** How many symbols some formulas ask for. */
export function symbolCount(formulas: readonly Formula[]): number {
  const names = new Set<string>()
  const open = [...formulas]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') names.add(next.replace(/^!/, '').replace(/(?: != |=)[ym]$/, ''))
    else open.push(...next.parts)
  }
  return names.size
}
