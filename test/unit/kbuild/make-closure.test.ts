import { describe, expect, it } from 'vitest'
import { indexIncludes } from '../../../src/kbuild/include-index.ts'
import { createClosures } from '../../../src/kbuild/make-closure.ts'
import { treeOf } from '../../support/tree.ts'

const tree = treeOf({
  'scripts/Makefile.build': [
    'src := $(obj)',
    'obj-y :=',
    'include $(srctree)/scripts/Kbuild.include',
    'include $(or $(wildcard $(src)/Kbuild),$(src)/Makefile)',
    'include $(srctree)/scripts/Makefile.lib',
    '',
  ].join('\n'),
  'scripts/Kbuild.include': 'if_changed = $(cmd_$(1))\n',
  'scripts/Makefile.lib': 'define filechk\nendef\n',
  'scripts/Makefile.modpost': '-include include/config/auto.conf\nmodpost = scripts/mod/modpost\n',
  'drivers/serial/Makefile': 'obj-y += uart.o\nifdef DEBUG\nmacro = $(1)\nendif\ninclude $(src)/boards.mk\n',
  'drivers/serial/boards.mk': 'board_$(BOARD) := uart\n',
  'tools/build/Build.include': 'build := -f Makefile.build dir=. obj\n',
  'tools/build/Makefile.build': [
    'build-dir := $(srctree)/tools/build',
    'include $(build-dir)/Build.include',
    '-include $(dir)/Build',
    '',
  ].join('\n'),
  'tools/scope/Makefile': 'include ../build/Build.include\ninclude generated.mk\n',
  'tools/scope/Build': 'scope-y += main.o\nscope-$(CONFIG_USB) += usb.o\nscope-y += util/\nscope-y += $(shell ls)\n',
  'tools/scope/util/Build': 'scope-y += list.o\n',
  'tools/testing/selftests/lib.mk': 'all:\n\t@echo\n',
  'tools/testing/selftests/serial/Makefile': 'include ../lib.mk\n',
})

const closures = createClosures(tree)

function closure(path: string) {
  const found = closures(path)
  if (found === null) throw new Error(`no closure of ${path}`)
  return found
}

describe('createClosures', () => {
  it('puts the scripts of Kbuild around the makefile of a directory', () => {
    const { role, files, isDefined } = closure('drivers/serial/Makefile')
    expect(role).toBe('kbuild')
    expect(files.map(({ path }) => path)).toEqual([
      'scripts/Makefile.build',
      'scripts/Kbuild.include',
      'scripts/Makefile.lib',
      'drivers/serial/Makefile',
      'drivers/serial/boards.mk',
    ])
    expect(['if_changed', 'filechk', 'obj-y', 'macro', 'board_', 'if_change'].map(isDefined)).toEqual([
      ...[true, true, true, true, true],
      false,
    ])
  })

  it('takes what the caller exports for defined', () => {
    const exported = new Map([['BOARD_FLAGS', { kind: 'text' as const, text: '-g', origin: null }]])
    expect(createClosures(tree, { exported })('drivers/serial/Makefile')?.isDefined('BOARD_FLAGS')).toBe(true)
    expect(closure('drivers/serial/Makefile').isDefined('BOARD_FLAGS')).toBe(false)
  })

  it('does not rule out what a file that is not there may define', () => {
    const { role, isDefined, mayBeDefined, files } = closure('tools/scope/Makefile')
    expect(role).toBe('tool')
    expect(files.map(({ path, there }) => `${path} ${there}`)).toEqual([
      'tools/scope/Makefile read',
      'tools/build/Build.include read',
      'tools/scope/generated.mk missing',
    ])
    expect([isDefined('build'), isDefined('other'), mayBeDefined('other')]).toEqual([true, false, true])
    expect(closure('scripts/Makefile.modpost').mayBeDefined('other')).toBe(false)
  })

  it('reads a Build file through tools/build/Makefile.build', () => {
    expect(closure('tools/scope/util/Build').files.map(({ path }) => path)).toEqual([
      'tools/build/Makefile.build',
      'tools/build/Build.include',
      'tools/scope/util/Build',
    ])
  })

  it('has none of a fragment, nor of what is not there', () => {
    expect(closures('tools/testing/selftests/lib.mk')).toBeNull()
    expect(closures('drivers/serial/boards.mk')).toBeNull()
    expect(closures('drivers/usb/Makefile')).toBeNull()
    expect(closures('Makefile')).toBeNull()
    expect(closures('tools/testing/selftests/serial/Makefile')?.role).toBe('selftest')
  })
})

describe('indexIncludes', () => {
  const paths = ['tools/scope/Makefile', 'tools/testing/selftests/serial/Makefile', 'drivers/serial/Makefile']
  const index = indexIncludes(tree, [...paths, 'scripts/Makefile.build', 'tools/build/Makefile.build'])

  it('finds who includes a file, by a path from the directory, from the top, or below a reference', () => {
    expect(index.includersOf('tools/testing/selftests/lib.mk')).toEqual(['tools/testing/selftests/serial/Makefile'])
    expect(index.includersOf('scripts/Kbuild.include')).toEqual(['scripts/Makefile.build'])
    expect(index.includersOf('drivers/serial/boards.mk')).toEqual(['drivers/serial/Makefile'])
    expect(index.includersOf('tools/build/Build.include')).toEqual([
      'tools/build/Makefile.build',
      'tools/scope/Makefile',
    ])
  })

  it('follows includes of includes, and ends where they are a circle', () => {
    const circle = treeOf({ 'a.mk': 'include b.mk\n', 'b.mk': 'include a.mk c.mk\n', 'c.mk': '' })
    const known = indexIncludes(circle, ['a.mk', 'b.mk', 'c.mk'])
    expect(known.includersOf('c.mk')).toEqual(['a.mk', 'b.mk'])
    expect(known.includersOf('a.mk')).toEqual(['b.mk'])
  })

  it('names the lines whose file is not in the tree, and where each line is', () => {
    const text = tree.read('tools/scope/Makefile') ?? ''
    const words = index.unresolved
      .filter(({ includer }) => includer === 'tools/scope/Makefile')
      .map(({ origin }) => text.slice(origin.start, origin.end))
    expect(words).toEqual(['generated.mk'])
    const [line] = index.inclusionsOf('tools/testing/selftests/lib.mk')
    expect(line?.origin).toEqual({ file: 'tools/testing/selftests/serial/Makefile', start: 8, end: 17 })
  })
})
