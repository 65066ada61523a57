import { describe, expect, it } from 'vitest'
import { parseExpr } from '../../../src/make/expr.ts'
import { joinContinuations } from '../../../src/make/lines.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { plainView } from '../../../src/make/view.ts'
import { showExpr } from './shape.ts'

function show(text: string): string {
  return showExpr(text, parseExpr(plainView(text, { start: 0, end: text.length }), 0, text.length))
}

describe('references', () => {
  it('reads `$(x)`, `${x}`, `$x` and `$$`', () => {
    expect(show('$(srctree)/${obj}/$@ $$HOME')).toBe('<srctree>/<obj>/<@> $HOME')
  })

  it('takes a lone dollar at the end as itself', () => {
    expect(show('cost$')).toBe('cost$')
  })

  it('reads computed names', () => {
    expect(show('$($(quiet)cmd_$(1))')).toBe('<<quiet>cmd_<1>>')
  })

  it('reads substitutions with and without a percent sign', () => {
    expect(show('$(objs:.c=.o) $(objs:%.c=$(obj)/%.o)')).toBe('<objs:.c=.o> <objs:%.c=<obj>/%.o>')
  })

  it('reads a colon without equals sign as part of a name', () => {
    expect(show('$(a:b)')).toBe('<a:b>')
  })

  it('ends a name without a dollar at the first bracket, whatever was opened before', () => {
    expect(show('$(a(b)c)')).toBe('<a(b>c)')
  })

  it('counts brackets of the same kind only where there is a dollar in the name', () => {
    expect(show('$(a($(b))c)')).toBe('<a(<b>)c>')
    expect(show('$(a{$(b))')).toBe('<a{<b>>')
  })

  it('loses the rest where brackets in a name with a dollar do not match, as make does', () => {
    expect(show('x$($(a) tail')).toBe('x<$(a>')
  })

  it('marks a reference that never closes', () => {
    expect(show('x $(obj')).toBe('x <!unterminated variable reference>')
    expect(show('$(call f,a')).toBe("<!unterminated call to function 'call': missing ')'>")
    expect(show('${call f,a)')).toBe("<!unterminated call to function 'call': missing '}'>")
  })
})

describe('calls of functions', () => {
  it('splits arguments at commas, and keeps their blanks but those before the first', () => {
    expect(show('$(call  filechk,  a, b )')).toBe('<call|filechk|  a| b >')
  })

  it('knows a function only by a blank behind its name', () => {
    expect(show('$(if$(X),a) $(subst,a) $(shell)')).toBe('<if<X>,a> <subst,a> <shell>')
  })

  it('reads names that are no function as variables', () => {
    expect(show('$(cc-option -Wall)')).toBe('<cc-option -Wall>')
  })

  it('hides commas and brackets of the same kind only', () => {
    expect(show('$(call f,(a,b),{c,d})')).toBe('<call|f|(a,b)|{c|d}>')
    expect(show('${call f,(a,b),{c,d}}')).toBe('<call|f|(a|b)|{c,d}>')
  })

  it('gives the commas beyond the most arguments to the last', () => {
    expect(show('$(if a,b,c,d)')).toBe('<if|a|b|c,d>')
    expect(show('$(shell echo a,b)')).toBe('<shell|echo a,b>')
    expect(show('$(subst a,b,c,d)')).toBe('<subst|a|b|c,d>')
    expect(show('$(or a,b,c,d)')).toBe('<or|a|b|c|d>')
  })

  it('reads calls inside calls', () => {
    expect(show('$(foreach d,$(wildcard *.c),$(patsubst %.c,%.o,$(d)))')).toBe(
      '<foreach|d|<wildcard|*.c>|<patsubst|%.c|%.o|<d>>>',
    )
  })
})

describe('origins', () => {
  const text = 'a.o \\\n\tb.o $$x'
  const expr = parseExpr(joinContinuations(plainView(text, { start: 0, end: text.length })), 0, 11)

  it('gives a literal of its own to each stretch that does not stand for itself', () => {
    expect(
      expr.parts.map((part) => [text.slice(part.range.start, part.range.end), 'cooked' in part && part.cooked]),
    ).toEqual([
      ['a.o', null],
      [' \\\n\t', ' '],
      ['b.o ', null],
      ['$$', '$'],
      ['x', null],
    ])
  })

  it('parts a backslash that is the name of a reference from the hash that the next one quotes', () => {
    const [node] = parseMakefile('x := $\\\\\\#\n').nodes
    const parts = node?.kind === 'assignment' ? node.value.parts : []
    expect(parts.map(({ kind, range: { start, end } }) => [kind, start, end])).toEqual([
      ['variable', 5, 8],
      ['literal', 8, 10],
    ])
  })
})

describe('hostile input', () => {
  it.each(['$(', '${', '$(call f,', '$($(', '$(a:$('])(
    'reads a hundred thousand times `%s` without exhausting the stack',
    (piece) => {
      expect(show(piece.repeat(100_000))).toContain('<!')
    },
  )

  it('marks what is nested deeper than anyone writes', () => {
    expect(show('$('.repeat(70) + 'x' + ')'.repeat(70))).toContain('<!references nested too deeply>')
    expect(show('$('.repeat(60) + 'x' + ')'.repeat(60))).not.toContain('!')
  })
})
