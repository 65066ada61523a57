import { describe, expect, it } from 'vitest'
import { enclosingBlocks, enclosingConditions } from '../../../src/kconfig/enclosing.ts'
import { parseKconfig } from '../../../src/kconfig/parse.ts'
import { printExpr } from '../../../src/kconfig/print-expression.ts'

const text = `menu "Serial"
	depends on TTY
	visible if EXPERT

if SERIAL_CORE || COMPILE_TEST

choice
	prompt "Console"
	depends on HAS_IOMEM

config SERIAL_UART_CONSOLE
	bool "UART"

endchoice

endif

config SERIAL_LOG
	bool "log"

endmenu
`

describe('enclosingConditions', () => {
  const file = parseKconfig(text)
  const named = (name: string): (typeof file.statements)[number] => {
    const found = file.statements.find((one) => one.kind === 'config' && one.name.text === name)
    if (!found) throw new Error(`no ${name}`)
    return found
  }

  it('gives what ifs, menus and choices add, outermost first, with the place of each', () => {
    const found = enclosingConditions(file, named('SERIAL_UART_CONSOLE'))
    expect(found.map(({ expr, at, block }) => [printExpr(expr), text.slice(at.start, at.end), block.kind])).toEqual([
      ['TTY', 'depends on TTY', 'menu'],
      ['SERIAL_CORE || COMPILE_TEST', 'if SERIAL_CORE || COMPILE_TEST', 'if'],
      ['HAS_IOMEM', 'depends on HAS_IOMEM', 'choice'],
    ])
  })

  it('leaves out blocks that ended before', () => {
    expect(enclosingBlocks(file, named('SERIAL_LOG')).map(({ kind }) => kind)).toEqual(['menu'])
  })
})
