import type { Makefile, Node } from '../make/cst.ts'
import type { Evaluation } from '../make/evaluation.ts'
import { visitNodes } from '../make/visit.ts'
import { oncePer } from '../text/once-per.ts'

/** What reading a makefile leaves behind, whatever is asked of it later. */
type Statements = Pick<Evaluation, 'settings' | 'rules' | 'targetVariables' | 'includes' | 'exports' | 'stops'>

type LazyOptions = {
  readonly parsed?: (path: string) => Makefile | null
  /** What has read the makefile with all that it asked for while it was read: then its statements are those of this evaluation. */
  readonly read?: Statements
}

/**
 * An evaluation that is made when something of it is asked for: most of what a model keeps of a makefile is in its lists, and few
 * ask for more. It is not made for the rules of a makefile that can have none.
 */
export function lazyEvaluation(
  file: string,
  make: () => Evaluation,
  { parsed = () => null, read }: LazyOptions = {},
): Evaluation {
  let made: Evaluation | null = null
  const evaluated = (): Evaluation => (made ??= make())
  const statements = (): Statements => read ?? evaluated()
  return {
    file,
    words: (name) => evaluated().words(name),
    value: (name) => evaluated().value(name),
    text: (name, under) => evaluated().text(name, under),
    defined: (name) => evaluated().defined(name),
    expand: (text) => evaluated().expand(text),
    wordsOf: (value) => evaluated().wordsOf(value),
    get names() {
      return evaluated().names
    },
    get fromOutside() {
      return evaluated().fromOutside
    },
    get settings() {
      return statements().settings
    },
    get rules() {
      const makefile = made === null ? parsed(file) : null
      return makefile !== null && isWithoutRules(makefile) ? [] : statements().rules
    },
    get targetVariables() {
      return statements().targetVariables
    },
    get includes() {
      return statements().includes
    },
    get exports() {
      return statements().exports
    },
    get stops() {
      return statements().stops
    },
    get unknownEffects() {
      return evaluated().unknownEffects
    },
  }
}

/** Whether a makefile holds nothing but variables under conditions, and no `$(eval)` that could make rules of their values. */
const isWithoutRules = oncePer(
  ({ text, nodes }: Makefile) => !text.includes('eval') && visitNodes(nodes).every(({ node }) => plain.has(node.kind)),
)

const plain: ReadonlySet<Node['kind']> = new Set(['assignment', 'conditional', 'export', 'undefine', 'blank'])
