import type { Assignment, Cond } from '../cond/conditions.ts'
import type { Makefile, Node } from '../make/cst.ts'
import type { Evaluation } from '../make/evaluation.ts'
import type { Words } from '../make/guarded-words.ts'
import type { TextUnder } from '../make/text-under.ts'
import type { Value } from '../make/value.ts'
import { visitNodes } from '../make/visit.ts'
import { oncePer } from '../text/once-per.ts'

/** What reading a makefile leaves behind, whatever is asked of it later. */
type Statements = Pick<Evaluation, 'settings' | 'rules' | 'targetVariables' | 'includes' | 'exports' | 'stops'>

/** What tells of a makefile without evaluating it. */
export type LazyOptions = {
  /** The text of a makefile, which may tell by itself that it has no rules. */
  readonly text?: (path: string) => string | null
  readonly parsed?: (path: string) => Makefile | null
  /** What has read the makefile with all that it asked for while it was read: then its statements are those of this evaluation. */
  readonly read?: Statements
}

/**
 * An evaluation that is made when something of it is asked for: most of what a model keeps of a makefile is in its lists, and few
 * ask for more. It is not made for the rules of a makefile that can have none.
 */
export function lazyEvaluation(file: string, make: () => Evaluation, options: LazyOptions = {}): Evaluation {
  return new LazyEvaluation(file, make, options)
}

/** A class, as there is one for each directory and architecture: 40,000 of a whole kernel. */
class LazyEvaluation implements Evaluation {
  readonly file: string
  readonly #make: () => Evaluation
  readonly #options: LazyOptions
  #made: Evaluation | null = null

  constructor(file: string, make: () => Evaluation, options: LazyOptions) {
    this.file = file
    this.#make = make
    this.#options = options
  }

  #evaluated(): Evaluation {
    return (this.#made ??= this.#make())
  }

  #statements(): Statements {
    return this.#options.read ?? this.#evaluated()
  }

  words(name: string): Words {
    return this.#evaluated().words(name)
  }

  value(name: string): Value {
    return this.#evaluated().value(name)
  }

  text(name: string, under: Assignment): TextUnder {
    return this.#evaluated().text(name, under)
  }

  defined(name: string): Cond {
    return this.#evaluated().defined(name)
  }

  expand(text: string): Value {
    return this.#evaluated().expand(text)
  }

  wordsOf(value: Value): Words {
    return this.#evaluated().wordsOf(value)
  }

  get names(): Evaluation['names'] {
    return this.#evaluated().names
  }

  get fromOutside(): Evaluation['fromOutside'] {
    return this.#evaluated().fromOutside
  }

  get settings(): Evaluation['settings'] {
    return this.#statements().settings
  }

  get rules(): Evaluation['rules'] {
    const { read } = this.#options
    return read === undefined && this.#made === null && this.#hasNoRules() ? noRules : this.#statements().rules
  }

  get targetVariables(): Evaluation['targetVariables'] {
    return this.#statements().targetVariables
  }

  get includes(): Evaluation['includes'] {
    return this.#statements().includes
  }

  get exports(): Evaluation['exports'] {
    return this.#statements().exports
  }

  get stops(): Evaluation['stops'] {
    return this.#statements().stops
  }

  get unknownEffects(): Evaluation['unknownEffects'] {
    return this.#evaluated().unknownEffects
  }

  #hasNoRules(): boolean {
    const { text, parsed } = this.#options
    const written = text?.(this.file) ?? null
    if (written !== null && !mayHaveRules.test(written)) return true
    const makefile = parsed?.(this.file) ?? null
    return makefile !== null && isWithoutRules(makefile)
  }
}

const noRules: Evaluation['rules'] = []

/**
 * What a text has that can make a rule: a colon before any comment that is not that of an assignment, a line of references, what reads
 * or makes other text, a hash that begins no comment. A text with it may still be without rules.
 */
const mayHaveRules = /eval|include|define|\\#|^(?!\s*#)[^\n#]*:(?!:{0,2}=)|^\s*\$/m

/** Whether a makefile holds nothing but variables under conditions, and no `$(eval)` that could make rules of their values. */
const isWithoutRules = oncePer(
  ({ text, nodes }: Makefile) => !text.includes('eval') && visitNodes(nodes).every(({ node }) => plain.has(node.kind)),
)

const plain: ReadonlySet<Node['kind']> = new Set(['assignment', 'conditional', 'export', 'undefine', 'blank'])
