import { describe, expect, it } from 'vitest'
import { shapeOf } from './shape.ts'

describe('rule lines', () => {
  it('reads targets, prerequisites and order-only prerequisites', () => {
    expect(shapeOf('vmlinux: init.o $(libs) | scripts dirs\n')).toEqual(['rule vmlinux : init.o <libs> | scripts dirs'])
  })

  it('ends the prerequisites at the first bar, even inside a word, and only there', () => {
    expect(shapeOf('a: b|c d|e\n')).toEqual(['rule a : b | c d|e'])
  })

  it('reads single, double and grouped separators', () => {
    expect(shapeOf('a:b\na::b\na b &: c\na b&:: c\n')).toEqual([
      'rule a : b',
      'rule a :: b',
      'rule a b &: c',
      'rule a b &:: c',
    ])
  })

  it('reads pattern rules and static pattern rules', () => {
    expect(shapeOf('$(obj)/%.o: $(src)/%.c FORCE\n$(objs): $(obj)/%.o: %.c | dir\n')).toEqual([
      'rule <obj>/%.o : <src>/%.c FORCE',
      'rule <objs> : pattern <obj>/%.o : %.c | dir',
    ])
  })

  it('finds no separator inside references', () => {
    expect(shapeOf('$(objs:.o=.d) ${a:b}: $(call f,a:b)\n')).toEqual(['rule <objs:.o=.d> <a:b> : <call|f|a:b>'])
  })

  it('reads a quoted colon and hash as themselves', () => {
    expect(shapeOf('a\\:b: c\\:d e\\#f\n')).toEqual(['rule a:b : c:d e#f'])
  })

  it('reads a rule without targets', () => {
    expect(shapeOf(': a\n\techo\n')).toEqual(['rule  : a', 'recipe echo'])
    expect(shapeOf(': a ?= b\n&:: c: $(d ; e\n: $(f ; g)\n')).toEqual([
      'rule  : a ?= b',
      'rule  &:: c: $(d ; e',
      'rule  : $(f ; g)',
    ])
  })

  it('joins continued lines and cuts comments, continued ones too', () => {
    expect(shapeOf('all: a \\\n\tb # c \\\n d\n\techo\n')).toEqual(['rule all : a b', 'recipe echo'])
  })
})

describe('recipes behind a semicolon', () => {
  it('keeps what stands behind the first semicolon outside references, hashes too', () => {
    expect(shapeOf('a: b ; echo x; echo y # z\n')).toEqual(['rule a : b ; echo x; echo y # z'])
    expect(shapeOf('$(call f,;): b\n')).toEqual(['rule <call|f|;> : b'])
  })

  it('has none behind a comment', () => {
    expect(shapeOf('a: b # c ; d\n')).toEqual(['rule a : b'])
  })

  it('tells an empty recipe from none', () => {
    expect(shapeOf('a: ;\n')).toEqual(['rule a :  ;'])
  })

  it('leaves continuations to the shell', () => {
    expect(shapeOf('a: ; echo x \\\n\ty\n')).toEqual(['rule a :  ; echo x \\\ny'])
  })

  it('refuses a recipe without a rule', () => {
    expect(shapeOf('; echo\n')).toEqual(['bad: missing rule before recipe'])
  })
})

describe('variables of targets', () => {
  it('reads every operator and modifier', () => {
    expect(
      shapeOf('a.o: CFLAGS := -O1\na b: override export X += y\nc: private D ?= e\nd: unexport E = f\n%.o: G != h\n'),
    ).toEqual([
      'rule a.o : variable CFLAGS := -O1',
      'rule a b : variable override export X += y',
      'rule c : variable private D ?= e',
      'rule d : variable unexport E = f',
      'rule %.o : variable G != h',
    ])
  })

  it('takes everything behind a semicolon into the value, hashes too', () => {
    expect(shapeOf('a: B := c ; d # e\na: B := c # d ; e\n')).toEqual([
      'rule a : variable B := c ; d # e',
      'rule a : variable B := c ',
    ])
  })

  it('needs one word before the operator', () => {
    expect(shapeOf('a: b c = d\n')).toEqual(['rule a : b c = d'])
  })

  it('reads a computed name', () => {
    expect(shapeOf('$(obj)/a.o: $(x)FLAGS_$(y) = z\n')).toEqual(['rule <obj>/a.o : variable <x>FLAGS_<y> = z'])
  })

  it('refuses an empty name', () => {
    expect(shapeOf('a: := b\na b := c\n')).toEqual(['bad: empty variable name', 'bad: empty variable name'])
  })
})

describe('a blank behind a dollar', () => {
  it('is the name of a variable, not the end of the text', () => {
    expect(shapeOf('$\t\na$ : b$ \nexport $ \nX = $$ \n')).toEqual([
      'eval <\t>',
      'rule a< > : b< >',
      'export < >',
      'X = $ ',
    ])
  })

  it('does not count on the left of a comparison, which make trims before', () => {
    expect(shapeOf('ifeq (a$ ,b)\nendif\n')).toEqual(['ifeq [a$] [b]', 'endif'])
  })
})

describe('lines without a separator', () => {
  it('are evaluated where they hold references', () => {
    expect(shapeOf('$(eval $(call rule,a))\n  ${X} ; y\n')).toEqual(['eval <eval|<call|rule|a>>', 'eval <X> ; y'])
  })

  it('are refused where they hold none', () => {
    expect(shapeOf('obj-y a.o\n')).toEqual(['bad: missing separator'])
    expect(shapeOf('endef\n')).toEqual(['bad: missing separator'])
    expect(shapeOf('cost $\ncost $$5\na ; $(b)\n')).toEqual(Array(3).fill('bad: missing separator'))
  })

  it('are taken for a recipe with blanks for a tab where there are eight', () => {
    expect(shapeOf('        gcc -c a.c\n')).toEqual(['bad: missing separator (did you mean TAB instead of 8 spaces?)'])
  })
})

describe('target patterns', () => {
  it('are refused where make would refuse them whatever variables hold', () => {
    expect(shapeOf('a: b: c\na: b$$: c\na: :c\na: %b %c: d\na: $(b)%c %d: e\na: $(b): c\na: $(b) %c: d\n')).toEqual([
      "bad: target pattern contains no '%'",
      "bad: target pattern contains no '%'",
      'bad: missing target pattern',
      'bad: multiple target patterns',
      'bad: multiple target patterns',
      'rule a : pattern <b> : c',
      'rule a : pattern <b> %c : d',
    ])
  })
})
