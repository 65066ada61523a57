import { never } from '../../src/cond/conditions.ts'
import type { KernelModel } from '../../src/kbuild/kernel-model.ts'
import type { Word } from '../../src/make/guarded-words.ts'
import { kbuildDirectories, whenHolds } from '../../src/review/kbuild-directories.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import { defineRule, type TreeContext } from '../../src/review/rule.ts'
import { globalFlags, oppositeOf, type GlobalFlags } from './global-flags.ts'
import { overruledUserFlags } from './user-flags.ts'

/**
 * What the top Makefile gives every compilation needs no second place, and what decides whether warnings are errors or debugging
 * information is made is not for a directory to say.
 *
 * Silent where the tree has no such symbol, and where a symbol with WERROR in its name turns `-Werror` on; on directories that set `KBUILD_CFLAGS` themselves, as boot code
 * does, that make is not sent to, and where a flag is taken away or its opposite is given; and on `-O`, which some code needs.
 */
export default defineRule({
  id: 'kf-redundant-warning-flag',
  severity: 'info',
  scope: 'tree',
  summary: 'A directory has a flag of its own that the whole build has, or that is not for it to set.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (makefile.world === 'core' || makefile.world === 'doc') continue
      for (const found of overruledUserFlags(makefile)) context.report(found)
    }
    const flags = createFlags()
    for (const found of kbuildDirectories(context))
      if (found.reached) checkDirectory(found, flags(found.model), context)
  },
})

type Global = { readonly target: GlobalFlags; readonly host: GlobalFlags }

/** The flags of a model, worked out when first asked for. */
function createFlags(): (model: KernelModel) => Global {
  const known = new Map<KernelModel, Global>()
  return (model) => {
    const found = known.get(model) ?? {
      target: globalFlags(model, 'KBUILD_CFLAGS'),
      host: globalFlags(model, 'KBUILD_HOSTCFLAGS'),
    }
    known.set(model, found)
    return found
  }
}

/** Variables of Documentation/kbuild/makefiles.rst, "Compilation flags" and "Controlling compiler options for host programs". */
const ofTarget = /^(?:subdir-)?ccflags-y$|^CFLAGS_(?!REMOVE_).+\.o$/
const ofHost = /^HOST_EXTRACFLAGS$|^HOSTCFLAGS_.+\.o$/

function checkDirectory(found: KbuildDirectory, global: Global, context: TreeContext): void {
  const { evaluation, makefile } = found.directory
  const isReset = evaluation.settings.some(({ name }) => name === 'KBUILD_CFLAGS' || name === 'KBUILD_HOSTCFLAGS')
  if (isReset) return
  const names = evaluation.names.filter((name) => ofTarget.test(name) || ofHost.test(name))
  const all = new Set(names.flatMap((name) => evaluation.words(name).words.map(({ text }) => text)))
  const removed = new Set(
    evaluation.names
      .filter((name) => /(?:^CFLAGS_REMOVE_|flags-remove-y$)/.test(name))
      .flatMap((name) => evaluation.words(name).words.map(({ text }) => text)),
  )
  for (const name of names) {
    const flags = ofHost.test(name) ? global.host : global.target
    for (const word of evaluation.words(name).words) {
      if (word.when === never || word.origin.file !== makefile || removed.has(word.text)) continue
      if (flags.has(word.text) && !all.has(oppositeOf(word.text)) && isPlain(word.text))
        reportRedundant({ found, name, word }, context)
      else if (ofTarget.test(name)) checkPolicy({ found, name, word }, context)
    }
  }
}

/**
 * Whether a flag stands for itself, not for a definition or the next word. `-Wno-` is not looked at: the top Makefile has it without W=1
 * alone, and one directory may have reason to keep it (scripts/Makefile.extrawarn).
 */
function isPlain(flag: string): boolean {
  return /^-(?:W(?!no-)[a-z]|f[a-z]|std=|g$)/.test(flag)
}

type Flag = { readonly found: KbuildDirectory; readonly name: string; readonly word: Word }

function reportRedundant({ found, name, word }: Flag, { report }: TreeContext): void {
  report({
    at: word.origin,
    subject: `${found.directory.path} ${name} ${word.text}`,
    message: `every file is compiled with \`${word.text}\` already`,
    evidence: [`${ofHost.test(name) ? 'KBUILD_HOSTCFLAGS' : 'KBUILD_CFLAGS'} has it in all configurations`],
  })
}

/** `-Werror` and `-g`, which the configuration decides. */
function checkPolicy({ found, name, word }: Flag, { report, symbols }: TreeContext): void {
  const { conditions } = found.model
  const symbol = word.text === '-Werror' ? 'WERROR' : word.text === '-g' ? 'DEBUG_INFO' : null
  if (symbol === null) return
  // CONFIG_WERROR is of Linux 5.15 and later.
  const kconfig = symbols(found.model.arch)
  if (kconfig?.files.has('init/Kconfig') === true && !kconfig.symbols.has(symbol)) return
  // CONFIG_DRM_WERROR: somebody asked for it.
  if (conditions.support(word.when).some((each) => each.kind === 'symbol' && each.name.includes(symbol))) return
  report({
    at: word.origin,
    subject: `${found.directory.path} ${name} ${word.text}`,
    severity: 'warning',
    message: `\`${word.text}\` is for CONFIG_${symbol} to decide`,
    ...whenHolds(found, word.when),
    ...(symbol === 'WERROR' && { evidence: ['a compiler with a new warning does not build this directory'] }),
  })
}
