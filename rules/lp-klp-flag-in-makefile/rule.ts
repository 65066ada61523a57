import { definitionsIn } from '../../src/review/recipe-variables.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { engineOf } from '../../src/review/recipe-closure.ts'
import { listedModules } from './listed-modules.ts'

/**
 * A livepatch is told by its module information. What a makefile says of it is read by nobody, but in trees with klp-convert, which
 * are asked for it; what its source says is compared with what it does.
 *
 * Silent in trees with scripts/livepatch/klp-convert* or whose scripts read `LIVEPATCH_`; on modules of makefiles that do not speak of
 * livepatches, which are not opened; on those whose sources are generated, put together or included from others.
 */
export default defineRule({
  id: 'lp-klp-flag-in-makefile',
  severity: 'warning',
  scope: 'tree',
  summary: 'A livepatch is marked in the makefile, or not in its source.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (makefile.world !== 'kbuild' && makefile.world !== 'selftests') continue
      if (!/livepatch|klp/i.test(`${makefile.path}\n${makefile.text}`)) continue
      reportFlags(makefile, context)
      reportModules(makefile, context)
    }
  },
})

function reportFlags(makefile: MakefileView, context: TreeContext): void {
  const flags = definitionsIn(makefile.syntax).filter(({ name }) => /^LIVEPATCH_[\w./-]+\.o$/.test(name))
  if (flags.length === 0 || readsFlags(context)) return
  for (const { name, node } of flags) {
    context.report({
      at: { file: makefile.path, ...node.range },
      message: `nothing reads \`${name}\`: a livepatch is known by \`MODULE_INFO(livepatch, "Y")\` in its source`,
      subject: name,
      evidence: ['no makefile in scripts/ has LIVEPATCH_'],
    })
  }
}

/** Whether the tree has klp-convert, or anything else that takes the flags. */
function readsFlags(context: TreeContext): boolean {
  if (context.tree.list('scripts/livepatch').some(({ name }) => name.startsWith('klp-convert'))) return true
  return engineOf(context).some(({ text }) => text.includes('LIVEPATCH_'))
}

function reportModules(makefile: MakefileView, context: TreeContext): void {
  for (const { name, range, text } of listedModules(makefile, context)) {
    const isEnabled = /(?<!\bint\s)\bklp_enable_patch\s*\(/.test(text)
    const isMarked = /\bMODULE_INFO\s*\(\s*livepatch\s*,/.test(text)
    if (isEnabled === isMarked) continue
    context.report({
      at: { file: makefile.path, ...range },
      subject: `livepatch ${name}`,
      ...(isEnabled
        ? {
            severity: 'error',
            message: `\`${name}\` enables a livepatch and is not marked as one: loading it fails`,
            evidence: ['klp_enable_patch() refuses a module without', 'MODULE_INFO(livepatch, "Y")'],
          }
        : {
            message: `\`${name}\` is marked as a livepatch and enables none`,
            evidence: ['MODULE_INFO(livepatch, "Y") taints the kernel and keeps relocations'],
          }),
    })
  }
}
