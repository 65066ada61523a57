import type { GitTree } from '../../src/git/tree.ts'

/** New texts by path; null for a file that goes. */
export type Edits = ReadonlyMap<string, string | null>

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export type Random = () => number

export function randomNumbers(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** One to four edits of the files that decide what a kernel builds. */
export function editKernel(tree: GitTree, random: Random): Edits {
  const edits = new Map<string, string | null>()
  const count = 1 + Math.floor(random() * 4)
  for (let round = 0; round < count; round++) pick(kinds, random)({ tree, random, edits })
  return edits
}

type Editing = { readonly tree: GitTree; readonly random: Random; readonly edits: Map<string, string | null> }

function pick<T>(from: readonly T[], random: Random): T {
  const found = from[Math.floor(random() * from.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

/** Directories whose makefiles are edited: large and small ones, some with listings, and of one architecture. */
const directories = [
  ...[
    'drivers/tty/serial/8250',
    'drivers/clk',
    'drivers/gpu/drm',
    'drivers/net/ethernet',
    'sound/soc',
    'fs',
    'lib',
    'net',
  ],
  ...[
    'kernel',
    'mm',
    'crypto',
    'drivers',
    'security',
    'arch/x86',
    'arch/x86/kernel',
    'arch/x86/lib',
    'net/wireless',
    'init',
  ],
]

const textOf = ({ tree, edits }: Editing, path: string): string => edits.get(path) ?? tree.read(path) ?? ''

function makefileIn({ tree, random }: Editing): string {
  const directory = pick(directories, random)
  return tree.blob(`${directory}/Kbuild`) === null ? `${directory}/Makefile` : `${directory}/Kbuild`
}

/** A line that stands by itself: not continued, and outside of recipes and conditionals. */
function plainLines(text: string): readonly number[] {
  const lines = text.split('\n')
  return [...lines.keys()].filter(
    (at) => /^(?:obj|lib|ccflags|[\w-]+)-.*=/.test(lines[at] ?? '') && !(lines[at - 1] ?? '').endsWith('\\'),
  )
}

function editLine(editing: Editing, edit: (line: string) => string): void {
  const path = makefileIn(editing)
  const lines = textOf(editing, path).split('\n')
  const plain = plainLines(lines.join('\n'))
  if (plain.length === 0) return
  const at = pick(plain, editing.random)
  editing.edits.set(path, lines.with(at, edit(lines[at] ?? '')).join('\n'))
}

const kinds: readonly ((editing: Editing) => void)[] = [
  (editing) => editLine(editing, (line) => line.replace(/\$\(CONFIG_\w+\)/, '$(CONFIG_PCI)')),
  (editing) => editLine(editing, (line) => line.replace(/\$\(CONFIG_\w+\)/, '$(CONFIG_NEW_SYMBOL)')),
  (editing) =>
    editLine(editing, (line) => `${line.replace(/\\$/, '')} random-edit.o`.replace(/^(.*)\\ random/, '$1 random')),
  (editing) => editLine(editing, (line) => `ifdef CONFIG_NUMA\n${line.replace(/\\$/, '')}\nendif`),
  (editing) => editLine(editing, (line) => `${line.replace(/\\$/, '')}\nobj-$(CONFIG_BOARD_NAME) += named.o`),
  (editing) => {
    const path = makefileIn(editing)
    const include =
      'include $(srctree)/$(src)/random.mk\nexport RANDOM_FLAGS := -DRANDOM\nccflags-y += $(RANDOM_FLAGS)\n'
    editing.edits.set(path, `${include}${textOf(editing, path)}`)
    editing.edits.set(`${path.slice(0, path.lastIndexOf('/'))}/random.mk`, 'obj-$(CONFIG_PM) += included.o\n')
  },
  (editing) => {
    const directory = `drivers/random-${Math.floor(editing.random() * 10)}`
    editing.edits.set(`${directory}/Makefile`, 'obj-$(CONFIG_RANDOM_DRIVER) += random.o\nrandom-y := core.o\n')
    editing.edits.set(`${directory}/Kconfig`, 'config RANDOM_DRIVER\n\tbool "Random"\n')
    const line = `obj-y += ${directory.slice('drivers/'.length)}/\n`
    editing.edits.set('drivers/Makefile', `${textOf(editing, 'drivers/Makefile')}${line}`)
    if (editing.random() < 0.5) {
      const source = `source "${directory}/Kconfig"\nendmenu`
      editing.edits.set('drivers/Kconfig', textOf(editing, 'drivers/Kconfig').replace(/endmenu\s*$/, `${source}\n`))
    }
  },
  ({ tree, random, edits }) => {
    const directory = pick(['drivers/tty/serial/8250', 'drivers/clk/bcm', 'net/wireless', 'fs/ext4'], random)
    for (const { name, kind } of tree.list(directory)) if (kind === 'file') edits.set(`${directory}/${name}`, null)
  },
  ({ random, edits }) => {
    const path = pick(
      [
        'net/wireless/certs/random.hex',
        'security/tomoyo/policy/domain_policy.conf',
        'lib/test_fortify/read_overflow-random.c',
      ],
      random,
    )
    edits.set(path, '0x00\n')
  },
  ({ tree, random, edits }) => {
    const directory = pick(['lib/test_fortify', 'net/wireless/certs', 'arch/x86/boot'], random)
    const files = tree.list(directory).filter(({ kind }) => kind === 'file')
    if (files.length > 0) edits.set(`${directory}/${pick(files, random).name}`, null)
  },
  (editing) => editKconfig(editing, (text) => text.replace(/^\tbool /m, '\ttristate ')),
  (editing) => editKconfig(editing, (text) => text.replace(/^\ttristate /m, '\tbool ')),
  (editing) => editKconfig(editing, (text) => `${text}\nconfig NEW_SYMBOL\n\tbool "New"\n`),
  (editing) => editKconfig(editing, (text) => `${text}\nconfig BOARD_NAME\n\tstring "Name"\n`),
  (editing) => editKconfig(editing, (text) => text.replace(/^source .*$/m, '')),
  (editing) => editKconfig(editing, (text) => text.replace(/^config (\w+)$/m, 'config $1_RENAMED')),
  (editing) => {
    const path = pick(['scripts/Makefile.lib', 'scripts/Makefile.build', 'scripts/Kbuild.include'], editing.random)
    editing.edits.set(path, `random_edit := 1\n${textOf(editing, path)}`)
  },
  (editing) => {
    const path = pick(['Makefile', 'arch/x86/Makefile', 'scripts/Makefile.extrawarn', 'Kbuild'], editing.random)
    editing.edits.set(path, `${textOf(editing, path)}\nexport BITS := 64\nexport RANDOM_FLAGS := -DTOP\n`)
  },
]

function editKconfig(editing: Editing, edit: (text: string) => string): void {
  const path = pick(
    [
      'drivers/clk/Kconfig',
      'fs/Kconfig',
      'drivers/tty/serial/8250/Kconfig',
      'arch/x86/Kconfig',
      'net/Kconfig',
      'init/Kconfig',
      'arch/arm/Kconfig',
    ],
    editing.random,
  )
  editing.edits.set(path, edit(textOf(editing, path)))
}
