import { describe, expect, it } from 'vitest'
import { parseMakefile } from '../../../src/make/parse.ts'
import { commandsOf } from '../../../src/review/shell-commands.ts'
import { programName, programVariable, programWord } from '../../../src/review/shell-program.ts'

/** The first command of a recipe line, and the makefile that it stands in. */
function commandOf(line: string) {
  const text = `all:\n\t${line}\n`
  const recipe = parseMakefile(text).nodes.find((node) => node.kind === 'recipe')
  const [command] = recipe?.kind === 'recipe' ? commandsOf(recipe.text, text) : []
  if (command === undefined) throw new Error('the line has no command')
  return { command, text }
}

describe('programName', () => {
  it('is the first word, without quotes', () => {
    expect(programName(commandOf('"nm" -n a').command)).toBe('nm')
  })

  it('is what stands behind a program that runs another', () => {
    expect(programName(commandOf('exec env -u CC LC_ALL=C nice -n 5 xargs -0 nm a').command)).toBe('nm')
  })

  it('is none where nothing is run, or a reference is part of it', () => {
    expect(programName(commandOf('command -v nm').command)).toBeNull()
    expect(programName(commandOf('xargs -0').command)).toBeNull()
    expect(programName(commandOf('A=b > c').command)).toBeNull()
    expect(programName(commandOf('$(CROSS_COMPILE)nm a').command)).toBeNull()
  })
})

describe('programVariable', () => {
  it('is the variable that a program is alone', () => {
    expect(programVariable(commandOf('$(Q)$(MAKE) -C a').command)).toBe('MAKE')
    expect(programVariable(commandOf('${CC} -o a').command)).toBe('CC')
    expect(programVariable(commandOf('$(CROSS)gcc -o a').command)).toBeNull()
    expect(programVariable(commandOf('$($(a)-cc) -o a').command)).toBeNull()
  })
})

describe('programWord', () => {
  it('says where the program is written', () => {
    const { command, text } = commandOf('$(Q)env A=b nm -n a')
    const word = programWord(command)
    expect(word && text.slice(word.start, word.end)).toBe('nm')
  })
})
