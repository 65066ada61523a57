import { describe, expect, it } from 'vitest'
import { printCondition } from '../../../src/kconfig/condition.ts'
import { linux612 } from '../../../src/kconfig/dialect.ts'
import { createKconfigLoader, kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import type { KconfigModel, KconfigSymbol } from '../../../src/kconfig/model.ts'
import { treeOf, type TreeLiteral } from '../../support/tree.ts'
import { fc } from '../../support/random.ts'

const archs = ['arm64', 'sparc'] as const
const envOf = (arch: string): ReadonlyMap<string, string> => kernelEnvironment(arch, arch)
const recorded = { ...linux612, choices: 'recorded' } as const

/** All that a model says, in its order. */
function contentOf({ symbols, choices, files, probes, ...rest }: KconfigModel): unknown {
  return { ...rest, symbols: [...symbols], choices: [...choices], files: [...files], probes: [...probes] }
}

/** Loads each architecture after the other, in both orders and once more, and compares with each alone. */
function expectAsAlone(files: TreeLiteral, dialect = linux612): void {
  const tree = treeOf(files)
  const answer = (command: string): string | null => (command.includes('cc') ? 'y' : null)
  const alone = new Map(
    archs.map((arch) => [arch, contentOf(loadKconfig(tree, { env: envOf(arch), answer, dialect }))]),
  )
  for (const order of [archs, archs.toReversed()]) {
    const load = createKconfigLoader(tree, { answer, dialect })
    const models = [...order, ...order].map((arch) => ({ arch, model: load(envOf(arch)) }))
    for (const { arch, model } of models) expect(contentOf(model)).toEqual(alone.get(arch))
  }
}

function loadBoth(files: TreeLiteral): readonly [KconfigModel, KconfigModel] {
  const load = createKconfigLoader(treeOf(files), {})
  return [load(envOf('arm64')), load(envOf('sparc'))]
}

function symbol({ symbols }: KconfigModel, name: string): KconfigSymbol {
  const found = symbols.get(name)
  if (found === undefined) throw new Error(`no symbol ${name}`)
  return found
}

describe('createKconfigLoader', () => {
  const top = 'source "arch/$(SRCARCH)/Kconfig"\nsource "lib/Kconfig"\n'

  it('shares what the files that do not hang on the architecture say', () => {
    const files = {
      Kconfig: top,
      'arch/arm64/Kconfig': 'config ARM64\n\tdef_bool y\n\tselect CRC\n',
      'arch/sparc/Kconfig': 'config SPARC\n\tdef_bool y\n',
      'lib/Kconfig': 'config CRC\n\ttristate\n\nconfig ZLIB\n\ttristate "zlib"\n\tdefault CRC\n',
    }
    expectAsAlone(files)
    const [arm64, sparc] = loadBoth(files)
    expect(symbol(arm64, 'ZLIB')).toBe(symbol(sparc, 'ZLIB'))
    expect(symbol(arm64, 'CRC').definitions[0]).toBe(symbol(sparc, 'CRC').definitions[0])
    expect([arm64, sparc].map((model) => symbol(model, 'CRC').selectedBy.map(({ from }) => from))).toEqual([
      ['ARM64'],
      [],
    ])
  })

  const chainOf = (path: string, length: number, last: string): TreeLiteral =>
    Object.fromEntries(
      Array.from({ length }, (_, at) => [`${path}.${at + 1}`, at === 0 ? last : `source "${path}.${at}"\n`]),
    )

  it.each<readonly [string, TreeLiteral]>([
    [
      'a symbol that a shared file and one of an architecture define',
      {
        Kconfig: top,
        'arch/arm64/Kconfig': 'config CRC\n\tbool "arm64"\n\tdepends on NEON\n\timply ZLIB\n',
        'arch/sparc/Kconfig': 'config CRC\n\tdefault y if VIS\n',
        'lib/Kconfig': 'config CRC\n\ttristate "CRC"\n\tdepends on NET\n\nconfig ZLIB\n\tbool "zlib" if CRC\n',
      },
    ],
    [
      'variables and the environment in a shared file, below one that has none',
      {
        Kconfig: top,
        'arch/arm64/Kconfig': 'bits := 64\n',
        'arch/sparc/Kconfig': 'bits = 32\nbits += $(shell,cc --version)\n',
        'lib/Kconfig': 'config ZLIB\n\tbool "zlib"\n\nsource "lib/crc/Kconfig"\nsource "lib/math/Kconfig"\n',
        'lib/crc/Kconfig': 'config CRC\n\tint "CRC of $(SRCARCH)"\n\tdefault "$(bits)"\n',
        'lib/math/Kconfig': 'config MATH\n\tbool "$(shell,cc -v) $(shell,uname) $(lineno)"\n\tdepends on $(nothing)\n',
      },
    ],
    [
      'another condition around a shared file, and the same by another line',
      {
        Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\n',
        'arch/arm64/Kconfig':
          'menu "Library"\n\tdepends on m && NET\n\tvisible if EXPERT\nsource "lib/Kconfig"\nendmenu\nif CRC\nsource "mm/Kconfig"\nendif\n',
        'arch/sparc/Kconfig':
          'config SPARC\n\tdef_bool y\nmenu "Library"\n\tdepends on m && NET\n\tvisible if CRC\nsource "lib/Kconfig"\nendmenu\nif CRC\nsource "mm/Kconfig"\nendif\n',
        'lib/Kconfig': 'config CRC\n\ttristate "CRC"\n',
        'mm/Kconfig': 'config SLUB\n\tbool "slub"\n\tdepends on m\n\nconfig MODULES\n\tbool "modules"\n\tmodules\n',
      },
    ],
    [
      'another condition around a shared file, below a menu that shows it',
      {
        Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\n',
        'arch/arm64/Kconfig': 'if NEON && (CRC = "y" || !NET)\nsource "lib/Kconfig"\nendif\n',
        'arch/sparc/Kconfig': 'if NEON && (CRC = "y" || !VIS)\nsource "lib/Kconfig"\nendif\n',
        'lib/Kconfig': 'config ZLIB\n\ttristate "zlib"\n',
      },
    ],
    [
      'a file with a choice that one architecture has read before',
      {
        Kconfig: top,
        'arch/arm64/Kconfig': 'source "lib/crc/Kconfig"\n',
        'arch/sparc/Kconfig': 'config SPARC\n\tbool\n',
        'lib/Kconfig': 'source "lib/crc/Kconfig"\n',
        'lib/crc/Kconfig': 'choice\n\tprompt "CRC"\nconfig CRC\n\tbool "CRC"\nendchoice\n',
      },
    ],
    [
      'files that bring in others too deep for one architecture',
      {
        Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\n',
        'arch/arm64/Kconfig': 'source "lib/Kconfig.15"\n',
        'arch/sparc/Kconfig': 'source "arch/sparc/Kconfig.20"\n',
        ...chainOf('lib/Kconfig', 15, 'config CRC\n\tbool\n'),
        ...chainOf('arch/sparc/Kconfig', 20, 'source "lib/Kconfig.15"\n'),
      },
    ],
    [
      'a choice of a shared file that an architecture adds to',
      {
        Kconfig: 'source "lib/Kconfig"\nsource "arch/$(SRCARCH)/Kconfig"\nsource "mm/Kconfig"\n',
        'arch/arm64/Kconfig':
          'choice\n\tprompt "Bits"\nconfig CRC_SLOW\n\tbool "arm64"\nconfig WIDE\n\tbool "wide"\nendchoice\n',
        'arch/sparc/Kconfig': 'config CRC_FAST\n\tbool\n\tselect CRC_SLOW\n',
        'lib/Kconfig':
          'choice\n\tprompt "CRC"\nconfig CRC_FAST\n\tbool "fast"\nconfig CRC_SLOW\n\tbool\nendchoice\nsource "lib/late/Kconfig"\n',
        'lib/late/Kconfig': 'choice\n\tprompt "Late"\nconfig CRC_LATE\n\tbool "late"\nendchoice\n',
        'mm/Kconfig': 'choice\n\tprompt "Slab"\nsource "mm/slab/Kconfig"\nendchoice\n',
        'mm/slab/Kconfig': 'config SLUB\n\tbool "slub"\n',
      },
    ],
    [
      'a file that one architecture reads twice, and files that read each other',
      {
        Kconfig: top,
        'arch/arm64/Kconfig': 'source "lib/crc/Kconfig"\n',
        'arch/sparc/Kconfig': 'mainmenu "sparc"\nsource "mm/Kconfig"\n',
        'lib/Kconfig': 'source "lib/crc/Kconfig"\nsource "mm/Kconfig"\nsource "nothing/Kconfig"\n',
        'lib/crc/Kconfig': 'choice\n\tprompt "CRC"\nconfig CRC\n\tbool "CRC"\n\tdepends on (\nendchoice\n',
        'mm/Kconfig': 'config SLUB\n\tbool "slub"\n\nsource "lib/Kconfig"\n',
      },
    ],
  ])('gives each architecture what it gives alone, with %s', (_, files) => {
    expectAsAlone(files)
    expectAsAlone(files, recorded)
  })

  it('names the symbol with `modules` that each architecture has', () => {
    const files = {
      Kconfig: 'source "lib/Kconfig"\nsource "arch/$(SRCARCH)/Kconfig"\n',
      'arch/arm64/Kconfig': 'config MODULES\n\tbool "modules"\n\tmodules\n',
      'arch/sparc/Kconfig': 'config LOADABLE\n\tbool "modules"\n\tmodules\n',
      'lib/Kconfig': 'config CRC\n\ttristate "CRC"\n\tdepends on m\n',
    }
    expectAsAlone(files)
    expect(loadBoth(files).map((model) => printCondition(symbol(model, 'CRC').dependency))).toEqual([
      'm && MODULES',
      'm && LOADABLE',
    ])
  })

  it('gives members of a choice before Linux 6.11 the type that symbols of an architecture have there', () => {
    const files = {
      Kconfig: top,
      'arch/arm64/Kconfig': 'config FAST\n\tbool\n',
      'arch/sparc/Kconfig': 'config FAST\n\ttristate\n',
      'lib/Kconfig':
        'choice\n\tprompt "CRC"\nconfig FAST\n\tprompt "fast"\nconfig SLOW\n\tbool "slow"\n\tdefault y\nendchoice\n',
    }
    expectAsAlone(files, recorded)
    const load = createKconfigLoader(treeOf(files), { dialect: recorded })
    const models = archs.map((arch) => load(envOf(arch)))
    expect(models.map((model) => printCondition(symbol(model, 'SLOW').dependency))).toEqual([
      '<choice lib/Kconfig 1>',
      '<choice lib/Kconfig 1> = y && <choice lib/Kconfig 1>',
    ])
  })

  it('gives each architecture what it gives alone, whatever the files say', () => {
    const names = ['arch/arm64/Kconfig', 'arch/sparc/Kconfig', 'lib/Kconfig', 'mm/Kconfig', 'net/Kconfig']
    const entry = (depth: number): fc.Arbitrary<string> =>
      fc.oneof(
        { weight: 5, arbitrary: config },
        { weight: 3, arbitrary: source },
        { weight: 1, arbitrary: fc.constantFrom('bits := 64\n', 'bits = 32$(SRCARCH)\n', 'mainmenu "$(ARCH)"\n') },
        ...(depth > 0 ? [{ weight: 3, arbitrary: block(depth) }] : []),
      )
    const block = (depth: number): fc.Arbitrary<string> =>
      fc
        .tuple(
          fc.constantFrom(
            ['if CRC\n', 'endif\n'],
            ['if m\n', 'endif\n'],
            ['menu "Menu"\n\tdepends on NET\n\tvisible if SLUB\n', 'endmenu\n'],
            ['choice\n\tprompt "Choice"\n', 'endchoice\n'],
          ),
          fc.array(entry(depth - 1), { maxLength: 3 }),
        )
        .map(([[start = '', end = ''], inner]) => start + inner.join('') + end)
    fc.assert(
      fc.property(
        fc.array(fc.array(entry(2), { maxLength: 4 }), { minLength: 6, maxLength: 6 }),
        fc.constantFrom(linux612, recorded),
        (texts, dialect) => {
          const files = texts.map((text, at): [string, string] => [['Kconfig', ...names][at] ?? '', text.join('')])
          expectAsAlone(Object.fromEntries(files), dialect)
        },
      ),
      { numRuns: 150 },
    )
  })
})

const symbolName = fc.constantFrom('CRC', 'ZLIB', 'SLUB', 'NET', 'MODULES')

const property = fc.oneof(
  fc.constantFrom(
    '\tbool "Asked"\n',
    '\ttristate "Asked"\n',
    '\ttristate\n',
    '\tmodules\n',
    '\tdefault "$(bits)"\n',
    '\tdefault y if $(shell,cc -v)\n',
    '\tdepends on m\n',
    '\tprompt "of $(SRCARCH)" if m\n',
  ),
  symbolName.map((name) => `\tselect ${name} if m\n`),
  symbolName.map((name) => `\timply ${name}\n`),
  symbolName.map((name) => `\tdepends on ${name}\n`),
)

const config = fc
  .tuple(symbolName, fc.array(property, { maxLength: 3 }))
  .map(([name, properties]) => `config ${name}\n${properties.join('')}`)

const source = fc
  .constantFrom('arch/$(SRCARCH)', 'lib', 'mm', 'net')
  .map((directory) => `source "${directory}/Kconfig"\n`)
