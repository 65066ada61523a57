import { oncePer } from '../../src/text/once-per.ts'
import type { Tree } from '../../src/text/tree.ts'

/** A symbol whose default is the answer of a probe. */
export type KconfigProbe = {
  readonly symbol: string
  readonly macro: string
  readonly asked: string
  readonly path: string
}

/** The Kconfig files of all architectures that ask the toolchain; those of one are beside its makefile. */
const shared = [
  ...[
    'init/Kconfig',
    'arch/Kconfig',
    'lib/Kconfig.debug',
    'lib/Kconfig.kasan',
    'lib/Kconfig.kcsan',
    'lib/Kconfig.kmsan',
  ],
  ...['lib/Kconfig.ubsan', 'security/Kconfig.hardening', 'kernel/trace/Kconfig'],
]

/** The symbols that hold nothing but a probe, `def_bool $(cc-option,-mboard)`, of the files that a makefile's architecture reads. */
export function kconfigProbes(tree: Tree, makefile: string): readonly KconfigProbe[] {
  const [, arch] = /^(arch\/[^/]+)\//.exec(makefile) ?? []
  const own = arch === undefined ? [] : [`${arch}/Kconfig`, `${arch}/Kconfig.assembler`]
  const known = probesByPath(tree)
  return [...shared, ...own].flatMap((path) => {
    const probes = known.get(path) ?? probesIn(tree.read(path) ?? '', path)
    known.set(path, probes)
    return probes
  })
}

const probesByPath = oncePer<Tree, Map<string, readonly KconfigProbe[]>>(() => new Map())

function probesIn(text: string, path: string): readonly KconfigProbe[] {
  if (!text.includes('-option,') && !text.includes('as-instr,')) return []
  const entries = text.split(/^(?=config[ \t])/m)
  return entries.flatMap((entry): KconfigProbe[] => {
    const symbol = /^config[ \t]+(\w+)/.exec(entry)?.[1]
    // With another default, or a dependency, the symbol says something else as well.
    const [, macro, asked] = /^[ \t]+def_bool[ \t]+\$\((cc-option|ld-option|as-instr),(.*)\)[ \t]*$/m.exec(entry) ?? []
    if (symbol === undefined || macro === undefined || asked === undefined) return []
    if (/^[ \t]+(?:depends|default)\b/m.test(entry)) return []
    return [{ symbol, macro, asked: asked.trim(), path }]
  })
}
