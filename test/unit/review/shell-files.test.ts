import { describe, expect, it } from 'vitest'
import { parseMakefile } from '../../../src/make/parse.ts'
import { commandsOf, type SimpleCommand } from '../../../src/review/shell-commands.ts'
import { filesRead, filesWritten } from '../../../src/review/shell-files.ts'

/** What is asked of the first command of a recipe line. */
function inCommand(line: string, ask: (command: SimpleCommand, text: string) => readonly string[]): readonly string[] {
  const text = `all:\n\t${line}\n`
  const recipe = parseMakefile(text).nodes.find((node) => node.kind === 'recipe')
  const [command] = recipe?.kind === 'recipe' ? commandsOf(recipe.text, text) : []
  if (command === undefined) throw new Error('the line has no command')
  return ask(command, text)
}

const read = (line: string): readonly string[] =>
  inCommand(line, (command, text) =>
    filesRead(command).map(({ word, how }) => `${how} ${text.slice(word.start, word.end)}`),
  )

const written = (line: string): readonly string[] =>
  inCommand(line, (command, text) => filesWritten(command).map(({ start, end }) => text.slice(start, end)))

describe('filesRead', () => {
  it('has the program, and what an interpreter is given', () => {
    expect(read('scripts/mkboards $< > $@')).toEqual(['run scripts/mkboards'])
    expect(read('sh -e $(src)/mkboards.sh $<')).toEqual(['script $(src)/mkboards.sh'])
    expect(read('$(CONFIG_SHELL) -x $(src)/mkboards.sh $<')).toEqual(['script $(src)/mkboards.sh'])
    expect(read('$(AWK) -v a=b -f $(src)/mkboards.awk $<')).toEqual(['script $(src)/mkboards.awk'])
  })

  it('has no script where the text is on the command line', () => {
    expect(read("$(PERL) -ne 'print' boards.txt")).toEqual([])
    expect(read("$(AWK) '{ print }' boards.txt")).toEqual([])
  })

  it('has the operands of programs that read them all, and what is redirected', () => {
    expect(read('cat -n boards.txt $< > $@')).toEqual(['run cat', 'read boards.txt', 'read $<'])
    expect(read('cp boards.txt codecs.txt $(@D)')).toEqual(['run cp', 'read boards.txt', 'read codecs.txt'])
    expect(read('tr a b < boards.txt')).toEqual(['run tr', 'read boards.txt'])
    expect(read('echo see boards.txt')).toEqual(['run echo'])
  })
})

describe('filesWritten', () => {
  it('has what is redirected to, and what follows -o', () => {
    expect(written('mkboards $< > $@ 2>> log')).toEqual(['$@', 'log'])
    expect(written('$(CC) -c -o $@ $<')).toEqual(['$@'])
  })

  it('has no file where -o means something else', () => {
    expect(written('find . -name a -o -name b')).toEqual([])
    expect(written('[ -f a -o -f b ]')).toEqual([])
  })

  it('has the operands of programs that make files', () => {
    expect(written('touch boards codecs')).toEqual(['boards', 'codecs'])
    expect(written('mkdir -p $(@D)')).toEqual(['$(@D)'])
    expect(written('cp -a boards codecs $(@D)')).toEqual(['$(@D)'])
    expect(written('ln -sf boards')).toEqual([])
    expect(written('sed -i s/a/b/ boards')).toEqual(['boards'])
    expect(written('sed s/a/b/ boards')).toEqual([])
  })
})
