import { assertNever } from '../text/assert-never.ts'
import { oncePer } from '../text/once-per.ts'
import type { Conditional, Makefile, Node, Recipe, RuleLine } from './cst.ts'
import type { Enclosing } from './visit.ts'

/** A rule line, its recipe lines, and the branches that each of them stands in. */
export type RuleWithRecipes = {
  readonly rule: RuleLine
  readonly enclosing: readonly Enclosing[]
  /** Without the recipe behind `;`, which is `rule.recipe`. */
  readonly recipes: readonly { readonly recipe: Recipe; readonly enclosing: readonly Enclosing[] }[]
}

type OpenRule = {
  readonly rule: RuleLine
  readonly enclosing: readonly Enclosing[]
  readonly recipes: RuleWithRecipes['recipes'][number][]
}

/**
 * The rules of a makefile, variables of targets left out, each with the lines of its recipe. Conditionals may stand among these: a
 * line in a branch belongs to the rule before the conditional, and one after it to the rule that each branch ends with.
 */
export const rulesWithRecipes: (makefile: Makefile) => readonly RuleWithRecipes[] = oncePer(({ nodes }) => {
  const rules: OpenRule[] = []
  collect(rules, nodes, { open: [], enclosing: [] })
  return rules
})

/** The rules that a recipe line would belong to, and the branches around. */
type Place = { readonly open: readonly OpenRule[]; readonly enclosing: readonly Enclosing[] }

/** Adds the rules among `nodes`; gives the rules that are open behind them. */
function collect(rules: OpenRule[], nodes: readonly Node[], { open, enclosing }: Place): readonly OpenRule[] {
  let current = open
  for (const node of nodes) {
    switch (node.kind) {
      case 'rule': {
        current = []
        if (node.assignment !== null) break
        const rule = { rule: node, enclosing, recipes: [] }
        rules.push(rule)
        current = [rule]
        break
      }
      case 'recipe':
        for (const rule of current) rule.recipes.push({ recipe: node, enclosing })
        break
      case 'conditional':
        current = collectBranches(rules, node, { open: current, enclosing })
        break
      case 'blank':
        break
      case 'assignment':
      case 'include':
      case 'define':
      case 'export':
      case 'vpath':
      case 'undefine':
      case 'load':
      case 'eval':
      case 'bad':
        current = []
        break
      default:
        assertNever(node)
    }
  }
  return current
}

function collectBranches(rules: OpenRule[], conditional: Conditional, { open, enclosing }: Place): readonly OpenRule[] {
  const ends = conditional.branches.map(({ body }, branch) =>
    collect(rules, body, { open, enclosing: [...enclosing, { conditional, branch }] }),
  )
  const hasElse = conditional.branches.at(-1)?.test === null
  return [...new Set([...ends.flat(), ...(hasElse ? [] : open)])]
}
