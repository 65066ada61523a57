import { describe, expect, it } from 'vitest'
import type { Expr } from '../../../src/make/cst.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { commandsOf, redirectsOutput, type SimpleCommand } from '../../../src/review/shell-commands.ts'
import type { ShellWord } from '../../../src/review/shell-words.ts'

/** The recipe of a one-rule makefile whose recipe lines these are. */
function recipeOf(...lines: readonly string[]): { readonly text: string; readonly expr: Expr } {
  const text = `all:\n\t${lines.join('\n\t')}\n`
  const recipe = parseMakefile(text).nodes.find((node) => node.kind === 'recipe')
  if (recipe?.kind !== 'recipe') throw new Error('the text is no recipe')
  return { text, expr: recipe.text }
}

function shownWord(word: ShellWord, text: string): string {
  return text.slice(word.start, word.end)
}

function shown(command: SimpleCommand, text: string): string {
  const words = [...command.assignments, ...command.words].map((word) => shownWord(word, text))
  const files = command.redirections.map(({ op, target }) => `${op}${target === null ? '' : shownWord(target, text)}`)
  return [...words, ...files].join(' ')
}

function commands(...lines: readonly string[]): readonly string[] {
  const { text, expr } = recipeOf(...lines)
  return commandsOf(expr, text).map((command) => shown(command, text))
}

describe('commandsOf', () => {
  it('splits a recipe at the operators of the shell', () => {
    expect(commands('sort $< > $@; chmod +x $@ && true || false & wait')).toEqual([
      'sort $< >$@',
      'chmod +x $@',
      'true',
      'false',
      'wait',
    ])
  })

  it('says what ends a command', () => {
    const { text, expr } = recipeOf('cat a | sort && true')
    expect(commandsOf(expr, text).map(({ separator }) => separator)).toEqual(['|', '&&', ''])
  })

  it('keeps what stands in quotes in one word', () => {
    expect(commands(`echo "a; b" 'c | d' e\\ f`)).toEqual([`echo "a; b" 'c | d' e\\ f`])
  })

  it('takes the number before a redirection for a file', () => {
    expect(commands('gen 2>/dev/null >&2 12>log 3')).toEqual(['gen 3 >/dev/null >&2 >log'])
  })

  it('says what is redirected', () => {
    const { text, expr } = recipeOf('gen 2>log; gen >>log; gen >&2; gen <log')
    const commands = commandsOf(expr, text)
    expect(commands.map(({ redirections }) => redirections.map(({ op, fd }) => [op, fd]))).toEqual([
      [['>', 2]],
      [['>>', null]],
      [['>&', null]],
      [['<', null]],
    ])
    expect(commands.map(redirectsOutput)).toEqual([false, true, false, false])
  })

  it('passes joined lines and comments', () => {
    expect(commands('sort \\', '\t$< # ld a b \\', '; true')).toEqual(['sort $<', 'true'])
  })

  it('knows the words that are no commands', () => {
    expect(commands('if test -f a; then cp a b; elif true; then :; else exit 1; fi')).toEqual([
      'test -f a',
      'cp a b',
      'true',
      ':',
      'exit 1',
    ])
    expect(commands('for f in ld nm; do touch $$f; done; ! cmp a b')).toEqual(['touch $$f', 'cmp a b'])
    expect(commands('case $$x in ld|nm) strip a ;; *) true ;; esac; sync')).toEqual(['strip a', 'true', 'sync'])
    expect(commands('{ cat a; (cat b); } > $@')).toEqual(['cat a', 'cat b', '>$@'])
    expect(commands('emit() { echo a; }; emit')).toEqual(['echo a', 'emit'])
  })

  it('passes what make takes from the start of a line', () => {
    expect(commands('@if true; then nm a; fi')).toEqual(['true', 'nm a'])
    expect(commands('+$(Q)$(QUIET_GEN)sort a')).toEqual(['sort a'])
    expect(commands('$(Q) -rm a')).toEqual(['rm a'])
    expect(commands('$(CC) -o a')).toEqual(['$(CC) -o a'])
  })

  it('counts the loops that a command stands in', () => {
    const { text, expr } = recipeOf('a; for x in 1; do b; while c; do d; done; e; done; f')
    expect(commandsOf(expr, text).map(({ loops }) => loops)).toEqual([0, 1, 1, 2, 1, 0])
  })

  it('finds the commands of substitutions, in words, quotes and assignments', () => {
    expect(commands('size=$$(stat -c%s `which ld`) gen "$$(nm $<)" > "$$(pwd)/a"')).toEqual([
      'size=$$(stat -c%s `which ld`) gen "$$(nm $<)" >"$$(pwd)/a"',
      'stat -c%s `which ld`',
      'which ld',
      'nm $<',
      'pwd',
    ])
  })

  it('finds none in single quotes or arithmetic', () => {
    expect(commands("echo '`nm a`' $$(( 1 + (2) )) b")).toEqual(["echo '`nm a`' $$(( 1 + (2) )) b"])
  })

  it('takes a reference of make for a piece of a word', () => {
    const { text, expr } = recipeOf('$(CROSS_COMPILE)nm "$(A) $(B)"')
    const [command] = commandsOf(expr, text)
    expect(command?.words.map((word) => word.pieces.map(({ kind }) => kind))).toEqual([
      ['reference', 'text'],
      ['text', 'reference', 'text', 'reference'],
    ])
  })

  it('looks into the functions of make that choose a command', () => {
    expect(commands('$(if $(A),nm $<; sort,$(or $(B),true)) > $@')).toEqual([
      '$(if $(A),nm $<; sort,$(or $(B),true)) >$@',
      'nm $<',
      'sort',
      '$(or $(B),true)',
      '$(B)',
      'true',
    ])
    expect(commands('$(foreach m,$(MODS),nm $(m);)')).toEqual(['$(foreach m,$(MODS),nm $(m);)', 'nm $(m)'])
  })

  it('ends on any text', () => {
    for (const line of [
      'echo "a',
      "echo 'a",
      'echo `a',
      'echo $$(a',
      'echo $$((a',
      'echo \\',
      ';;)(&>',
      'a\v\u00a0b',
      'case x in',
    ])
      expect(() => commands(line)).not.toThrow()
  })

  it('does not look at a text that nobody wrote', () => {
    expect(commands('$$('.repeat(100_000))).toEqual([])
    commands('$$('.repeat(6_000))
  })
})
