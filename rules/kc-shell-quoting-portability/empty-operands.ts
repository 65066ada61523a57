import type { Range } from '../../src/make/cst.ts'
import { commandsOf } from '../../src/review/shell-commands.ts'
import { programName } from '../../src/review/shell-program.ts'
import type { Script } from '../../src/review/shell-scripts.ts'
import { variableName } from '../../src/review/shell-source.ts'

/** An operand of `[` that is a configuration symbol without quotes, and the symbol without `CONFIG_`. */
export type BareOperand = { readonly range: Range; readonly name: string }

/** The operands of `[` and `test` in a script that are nothing but `$(CONFIG_X)`. */
export function emptyOperands(script: Script, text: string): readonly BareOperand[] {
  return commandsOf(script.expr, text).flatMap((command) => {
    const program = programName(command)
    if (program !== '[' && program !== 'test') return []
    return command.words.flatMap(({ pieces, start, end }): readonly BareOperand[] => {
      const [piece, ...more] = pieces
      if (piece?.kind !== 'reference' || piece.quote !== null || more.length > 0) return []
      const name = /^CONFIG_(\w+)$/.exec(variableName(piece.reference, command.source.makefile) ?? '')?.[1]
      return name === undefined ? [] : [{ range: { start, end }, name }]
    })
  })
}
