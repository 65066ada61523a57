import { engineOf } from '../../src/review/recipe-closure.ts'
import { definitionsByName } from '../../src/review/recipe-variables.ts'
import { isPartOfBuild } from '../../src/review/recipe-world.ts'
import { defineRule, type KconfigView, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import type { Span } from '../../src/text/span.ts'
import { isAlwaysThere, oldestCompilers } from './flag-versions.ts'
import { kconfigProbes } from './kconfig-probes.ts'
import { probesIn, usedArguments, type Probe } from './probes.ts'

/**
 * What `cc-option` and its like do with their arguments is read from the tree's scripts; which flags need no asking, from the versions
 * in scripts/min-tool-version.sh.
 *
 * Silent on flags of one architecture or compiler, and on any that the table does not have; on macros that a makefile defines itself;
 * and on the code that is built for another machine (CC_COMPAT), where Kconfig's answer is of the wrong compiler.
 */
export default defineRule({
  id: 'kf-cc-option-misuse',
  severity: 'warning',
  scope: 'tree',
  summary: 'A probe of the toolchain is given what it does not take, or asks what is known.',
  since: '0.1.0',
  check(context) {
    for (const kconfig of context.kconfigs) checkKconfig(kconfig, context)
    const makefiles = context.makefiles.filter(isPartOfBuild)
    const asked = makefiles.map((makefile) => ({ makefile, probes: ownProbes(makefile) }))
    if (asked.every(({ probes }) => probes.length === 0)) return
    const engine = engineOf(context)
    for (const { makefile, probes } of asked) {
      for (const probe of probes) checkProbe({ makefile, probe, engine }, context)
    }
  },
})

function ownProbes(makefile: MakefileView): readonly Probe[] {
  const own = definitionsByName(makefile.syntax)
  return probesIn(makefile).filter(({ macro }) => !own.has(macro))
}

type Asked = { readonly makefile: MakefileView; readonly probe: Probe; readonly engine: readonly MakefileView[] }

function checkProbe(asked: Asked, context: TreeContext): void {
  const { makefile, probe } = asked
  const at = { file: makefile.path, ...probe.range }
  if (checkComma(asked, at, context) || checkKind(probe, at, context)) return
  checkNegative(asked, at, context)
  checkKnown(probe, at, context)
  checkKconfigKnows(asked, at, context)
}

/** `-Wa,-mboard` is two arguments: `-Wa` is asked for, and `-mboard` is what stands in for it. */
function checkComma({ probe, engine }: Asked, at: Span, { report }: TreeContext): boolean {
  const { macro, args, ranges } = probe
  const [first, second] = args
  const range = ranges[0]
  if (/^-W[alp]$/.test(first ?? '') && second !== undefined && range !== undefined) {
    const comma = { file: at.file, start: range.end, end: range.end + 1 }
    report({
      at,
      severity: 'error',
      message: `\`${macro}\` is asked for \`${first ?? ''}\` alone: the comma ends its first argument`,
      suggestion: { message: 'write `$(comma)`', edits: [{ at: comma, text: '$(comma)' }] },
    })
    return true
  }
  const used = usedArguments(macro, engine)
  const extra = used === null ? undefined : args[used]
  if (used === null || extra === undefined || extra === '') return false
  report({
    at,
    severity: 'error',
    message: `\`${macro}\` takes ${used === 1 ? 'one argument' : `${used} arguments`}: \`${extra}\` is not looked at`,
    evidence: ['a comma in an argument is written $(comma)'],
  })
  return true
}

/** What one macro asks and another was meant for. */
function checkKind({ macro, args }: Probe, at: Span, { report }: TreeContext): boolean {
  const [first = ''] = args
  if (macro === 'as-instr' && /^-[A-Za-z]/.test(first)) {
    const message = `\`as-instr\` takes an instruction, and \`${first}\` is an option: \`as-option\` asks for these`
    report({ at, severity: 'error', message })
    return true
  }
  if (/^cc-option/.test(macro) && /^-Wl(?:\$[({]comma[)}])/.test(first)) {
    report({
      at,
      message: `\`${macro}\` does not link, so it does not ask for \`${first}\``,
      evidence: ['it compiles with -c: GCC takes any -Wl, and Clang none'],
    })
    return true
  }
  return false
}

/** GCC takes any `-Wno-` that it does not know, and complains of it only beside other warnings (gcc(1), "Warning Options"). */
function checkNegative({ probe, engine }: Asked, at: Span, { report }: TreeContext): void {
  const [first = ''] = probe.args
  if (probe.macro !== 'cc-option' || !/^-Wno-[\w-]+$/.test(first)) return
  const isAsked = engine.some(
    ({ syntax, text }) => definitionsByName(syntax).has('cc-option') && text.includes(':-Wno-%=-W%'),
  )
  const isHere = engine.some(({ syntax }) => definitionsByName(syntax).has('cc-disable-warning'))
  if (isAsked || !isHere) return
  const written = `$(call cc-disable-warning,${first.slice('-Wno-'.length)})`
  report({
    at,
    message: `GCC takes \`${first}\` whether it knows it or not: \`cc-option\` finds nothing out`,
    suggestion: { message: `write \`${written}\``, edits: probe.args.length === 1 ? [{ at, text: written }] : [] },
  })
}

function checkKnown({ macro, args }: Probe, at: Span, { tree, report }: TreeContext): void {
  const [first = ''] = args
  const flag = macro === 'cc-disable-warning' ? `-W${first}` : first
  if (macro !== 'cc-option' && macro !== 'cc-disable-warning') return
  const oldest = oldestCompilers(tree)
  if (oldest === null || !isAlwaysThere(flag, oldest)) return
  const plain = macro === 'cc-disable-warning' ? `-Wno-${first}` : flag
  report({
    at,
    severity: 'info',
    message: `every compiler that builds this kernel takes \`${plain}\``,
    evidence: [`scripts/min-tool-version.sh: ${oldest.written}`],
    suggestion: { message: 'leave out the probe', edits: [{ at, text: plain }] },
  })
}

/** `kf-probe-duplicates-kconfig`: a symbol has the answer. */
function checkKconfigKnows({ probe, makefile }: Asked, at: Span, { tree, report }: TreeContext): void {
  const { macro, args } = probe
  const asked = args[0] ?? ''
  if (asked === '' || makefile.world === 'core' || /vdso|CC_COMPAT|compat/.test(makefile.path)) return
  const family = macro === 'cc-option-yn' ? 'cc-option' : macro
  const known = kconfigProbes(tree, makefile.path).find((each) => each.macro === family && each.asked === asked)
  if (known === undefined) return
  report({
    at,
    severity: 'info',
    message: `CONFIG_${known.symbol} has the answer of this probe`,
    evidence: [`${known.path}: def_bool $(${known.macro},${known.asked})`].filter((line) => line.length <= 70),
  })
}

/** Kconfig splits arguments at commas too, and its macros look at the first. */
function checkKconfig({ path, text }: KconfigView, { report }: TreeContext): void {
  for (const { index, 0: written, 1: macro = '', 2: option = '' } of text.matchAll(
    /\$\((cc-option|ld-option|as-option),[ \t]*(-W[alp]),/g,
  )) {
    const end = index + written.length
    report({
      at: { file: path, start: index, end },
      severity: 'error',
      message: `\`${macro}\` is asked for \`${option}\` alone: the comma ends its first argument`,
      suggestion: {
        message: 'write `$(comma)`',
        edits: [{ at: { file: path, start: end - 1, end }, text: '$(comma)' }],
      },
    })
  }
}
