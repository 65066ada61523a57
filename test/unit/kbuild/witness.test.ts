import { describe, expect, it } from 'vitest'
import { createConditions } from '../../../src/cond/conditions.ts'
import { createWitnessSearch } from '../../../src/kbuild/witness.ts'
import { kernelEnvironment, loadKconfig } from '../../../src/kconfig/load.ts'
import { treeOf } from '../../support/tree.ts'

const kconfig = `success = $(shell,{ $(1); } && echo y || echo n)
cc-name := $(shell,scripts/cc-version.sh)

config MODULES
	bool "Modules"
	modules

config BOARDS
	tristate "Boards"

config PANELS
	tristate "Panels"
	depends on BOARDS

config DEBUG
	bool "Debug files"
	depends on BOARDS

config CC_IS_GCC
	def_bool $(success,test "$(cc-name)" = GCC)

config CC_IS_CLANG
	def_bool $(success,test "$(cc-name)" = Clang)

config SANITIZER
	bool "Sanitizer"
	depends on CC_IS_GCC
`

const model = loadKconfig(treeOf({ Kconfig: kconfig }), { env: kernelEnvironment('arm64', 'arm64') })
const search = createWitnessSearch(model)
const conditions = createConditions({ typeOf: (name) => (/^(?:DEBUG|SANITIZER|CC_)/.test(name) ? 'bool' : 'tristate') })
const { and, symbolIs } = conditions

describe('createWitnessSearch', () => {
  it('finds a configuration in which a bool is y and what it depends on is m', () => {
    const found = search(conditions, and(symbolIs('BOARDS', 'm'), symbolIs('DEBUG', 'y')))
    const settings = found.kind === 'found' ? Object.fromEntries(found.settings) : found.kind
    expect(settings).toEqual({ BOARDS: 1, DEBUG: 2, MODULES: 2 })
  })

  it('finds none in which a tristate is above what it depends on', () => {
    expect(search(conditions, and(symbolIs('BOARDS', 'm'), symbolIs('PANELS', 'y')))).toEqual({ kind: 'impossible' })
  })

  it('takes the compiler for whatever is needed, one at a time, and does not name it', () => {
    const found = search(conditions, symbolIs('SANITIZER', 'y'))
    expect(found.kind === 'found' ? Object.fromEntries(found.settings) : found.kind).toEqual({ SANITIZER: 2 })
    const both = search(conditions, and(symbolIs('CC_IS_CLANG', 'y'), symbolIs('SANITIZER', 'y')))
    expect(both.kind).toBe('impossible')
  })

  it('finds none for a symbol that no Kconfig file defines', () => {
    expect(search(conditions, symbolIs('SCREENS', 'y'))).toEqual({ kind: 'impossible' })
  })

  it('does not know what hangs on anything but symbols', () => {
    const cpus = conditions.atom({ kind: 'value', key: 'NR_CPUS="64"' })
    expect(search(conditions, and(cpus, symbolIs('BOARDS', 'y')))).toEqual({ kind: 'unknown' })
  })
})
