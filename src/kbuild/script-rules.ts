/**
 * What scripts/Makefile.build and the makefiles that it includes bring to every directory: pattern rules, commands, and the files
 * that follow from others. Read from the tree, so it is that of its version; only how the scripts are entered is known here.
 */
import { always, never } from '../cond/conditions.ts'
import type { Cond } from '../cond/conditions.ts'
import type { Makefile } from '../make/cst.ts'
import { evaluateMakefile } from '../make/evaluate.ts'
import type { Evaluation } from '../make/evaluation.ts'
import { literalText } from '../make/expr-text.ts'
import type { Word } from '../make/guarded-words.ts'
import type { Seeds } from '../make/initial-variables.ts'
import { parseMakefile } from '../make/parse.ts'
import type { Rule } from '../make/rule.ts'
import { textValue } from '../make/value.ts'
import { callsOf, exprsOf, visitNodes } from '../make/visit.ts'
import { once } from '../text/once.ts'
import { oncePer } from '../text/once-per.ts'
import { scriptPaths } from './build-scripts.ts'
import type { KernelModel } from './kernel-model.ts'
import { parseOnce, type ParsedMakefile } from './parsed-files.ts'

/** What the scripts know for a target in `$(targets)`: it is made by way of others. */
export type Intermediate = {
  readonly ending: string
  readonly from: readonly string[]
  /** The script that says so: that of scripts/Makefile.host holds where a directory has host programs. */
  readonly file: string
}

/** Functions are worked out when first asked: they take an evaluation of the scripts, some milliseconds for each architecture. */
export type ScriptRules = {
  /** The scripts evaluated for a directory that there is not; null for a part of a kernel without scripts/Makefile.build. */
  readonly evaluation: () => Evaluation | null
  /** The pattern rules with a recipe, for the `$(obj)` given. */
  readonly patternsFor: (directory: string) => readonly Rule[]
  /** `intermediate_targets`: `.asn1.o` is made from `.asn1.c` and `.asn1.h`. */
  readonly intermediates: readonly Intermediate[]
  /** What is made for a module of `obj-m`: `.o`, `.mod`, and `.usyms` for CONFIG_TRIM_UNUSED_KSYMS in older kernels. */
  readonly moduleEndings: () => readonly ModuleEnding[]
}

export type ModuleEnding = { readonly ending: string; readonly when: Cond }

const main = 'scripts/Makefile.build'

/** A directory that no kernel has: where the scripts put the directory's name, they put this. */
const placeholder = '<obj>'
const moduleName = '<module>'

const given: Seeds = new Map(
  Object.entries({ obj: placeholder, 'need-dtbslist': '1' }).map(
    ([name, text]) => [name, textValue(text, null)] as const,
  ),
)

/** What stands there as its makefile: a module, and programs and device trees, for which more scripts are included. */
const template = parseMakefile(`obj-m := ${moduleName}.o\nhostprogs := <host>\nuserprogs := <user>\n`)

/** What the scripts of a model's tree bring. */
export const readScriptRules: (model: KernelModel) => ScriptRules = oncePer((model) => {
  const parsed = parseOnce(model.tree, model.options.parse)
  const intermediates = [...scriptPaths, 'scripts/Makefile.userprogs'].flatMap((file) => {
    const script = parsed(file)
    return script === null ? [] : intermediatesIn(script).map((each) => ({ ...each, file }))
  })
  const evaluation = once(() => evaluateScripts(model, parsed))
  const patterns = once(() =>
    (evaluation()?.rules ?? []).filter(({ kind, recipe }) => kind === 'pattern' && recipe.length > 0),
  )
  return {
    evaluation,
    patternsFor: (directory) => patterns().map((rule) => ruleFor(rule, directory)),
    intermediates,
    moduleEndings: once(() => moduleEndingsIn(evaluation())),
  }
})

function evaluateScripts({ tree, conditions, top }: KernelModel, parsed: ParsedMakefile): Evaluation | null {
  const makefile = parsed(main)
  if (makefile === null) return null
  return evaluateMakefile(makefile, {
    conditions,
    file: main,
    tree,
    seeds: given,
    inherited: top.exported,
    include: (path) => {
      if (path.startsWith(placeholder)) return template
      return path.startsWith('scripts/') ? parsed(path) : { text: '', nodes: [] }
    },
  })
}

const endingsIn612: readonly ModuleEnding[] = ['.o', '.mod'].map((ending) => ({ ending, when: always }))

/** `targets-for-modules` of the directory that there is not. */
function moduleEndingsIn(evaluation: Evaluation | null): readonly ModuleEnding[] {
  if (evaluation === null) return endingsIn612
  const stem = `${placeholder}/${moduleName}`
  return evaluation
    .words('targets-for-modules')
    .words.filter(({ text, when }) => text.startsWith(`${stem}.`) && when !== never)
    .map(({ text, when }) => ({ ending: text.slice(stem.length), when }))
}

function ruleFor(rule: Rule, directory: string): Rule {
  const own = (words: readonly Word[]): readonly Word[] =>
    words
      .filter(({ when }) => when !== never)
      .map((word) => ({ ...word, text: word.text.replaceAll(placeholder, directory).replace(/^(?:\.\/+)+(?=.)/, '') }))
  const { targets, prerequisites, orderOnly } = rule
  return { ...rule, targets: own(targets), prerequisites: own(prerequisites), orderOnly: own(orderOnly) }
}

/** The calls `$(call intermediate_targets, .asn1.o, .asn1.c .asn1.h)` of a script. */
const intermediatesIn = oncePer(({ nodes, text }: Makefile): readonly Omit<Intermediate, 'file'>[] =>
  [...visitNodes(nodes)]
    .flatMap(({ node }) => exprsOf(node).flatMap(({ expr }) => callsOf(expr, 'call')))
    .flatMap(({ args: [name, ending, from] }) => {
      if (name === undefined || ending === undefined || from === undefined) return []
      if (literalText(text, name)?.trim() !== 'intermediate_targets') return []
      const [asked, made] = [literalText(text, ending), literalText(text, from)]
      return asked === null || made === null ? [] : [{ ending: asked.trim(), from: made.trim().split(/\s+/) }]
    }),
)
