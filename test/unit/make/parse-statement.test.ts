import { describe, expect, it } from 'vitest'
import { parseMakefile } from '../../../src/make/parse.ts'
import { shapeOf } from './shape.ts'

describe('assignments', () => {
  it('reads every operator, with and without blanks around', () => {
    expect(shapeOf('A=1\nA := 1\nA::=1\nA :::= 1\nA+=1\nA?=1\nA!=ls\n')).toEqual([
      'A = 1',
      'A := 1',
      'A ::= 1',
      'A :::= 1',
      'A += 1',
      'A ?= 1',
      'A != ls',
    ])
  })

  it('reads signs of operators as part of a name', () => {
    expect(shapeOf('a+b=c\nlib++ += x\nwhat? = y\nobj-$(CONFIG_X:y=m) += z.o\n')).toEqual([
      'a+b = c',
      'lib++ += x',
      'what? = y',
      'obj-<CONFIG_X:y=m> += z.o',
    ])
  })

  it('reads what stands in references as part of the name', () => {
    expect(shapeOf('$(if $(X),a=b) = c\n${a b} := d\n$$x = e\n$x-y = f\n')).toEqual([
      '<if|<X>|a=b> = c',
      '<a b> := d',
      '$x = e',
      '<x>-y = f',
    ])
  })

  it('reads no name with a hash, even a quoted one', () => {
    expect(shapeOf('a\\#b = c\nd: e\\#f = g\n')).toEqual(['bad: missing separator', 'rule d : e#f = g'])
  })

  it('reads modifiers in any order', () => {
    expect(shapeOf('export X = y\noverride export X := y\nprivate override X ?= y\nunexport X = y\n')).toEqual([
      'export X = y',
      'override export X := y',
      'private override X ?= y',
      'unexport X = y',
    ])
  })

  it('keeps the blanks at the end of a value, but not those before it', () => {
    expect(shapeOf('space :=   a  # b\n')).toEqual(['space := a  '])
  })

  it('cuts a comment at the first hash that is neither quoted nor in a reference', () => {
    expect(shapeOf('A := a\\#b # c\nB := a\\\\# c\nC := $(shell grep "#" x) # d\nD := a#b\n')).toEqual([
      'A := a#b ',
      'B := a\\',
      'C := <shell|grep "#" x> ',
      'D := a',
    ])
  })

  it('refuses an empty name', () => {
    expect(shapeOf('= a\n:= b\n')).toEqual(['bad: empty variable name', 'bad: empty variable name'])
  })

  it('joins a name and operator on continued lines', () => {
    expect(shapeOf('obj-y \\\n  += \\\n  a.o\n')).toEqual(['obj-y += a.o'])
  })
})

describe('define', () => {
  it('reads the body as text up to its own endef', () => {
    expect(shapeOf('define cmd_gzip\n\tgzip $< # x\nendif\nendef\n')).toEqual([
      'define cmd_gzip = "\\tgzip $< # x\\nendif\\n"',
    ])
  })

  it('counts definitions inside', () => {
    expect(shapeOf('define outer\ndefine inner\nendef\n  define\tother\n endef # x\nendef\nX := 1\n')).toEqual([
      'define outer = "define inner\\nendef\\n  define\\tother\\n endef # x\\n"',
      'X := 1',
    ])
  })

  it('counts neither what starts with a tab nor what only looks like one', () => {
    expect(shapeOf('define a\n\tdefine b\ndefined\noverride define c\nendef\n')).toEqual([
      'define a = "\\tdefine b\\ndefined\\noverride define c\\n"',
    ])
    expect(shapeOf('define a\n\tendef\nendef#x\nendef\n')).toEqual(['define a = "\\tendef\\nendef#x\\n"'])
  })

  it('reads operators and modifiers', () => {
    expect(shapeOf('override define A :=\nendef\nexport define B +=\nendef\ndefine $(C)-d\nendef\n')).toEqual([
      'override define A := ""',
      'export define B += ""',
      'define <C>-d = ""',
    ])
  })

  it('takes all of the line as name where there is no operator', () => {
    expect(shapeOf('define a b \nendef\n')).toEqual(['define a b = ""'])
  })

  it('needs a name', () => {
    expect(shapeOf('define\nx\nendef\nY := 1\n')).toEqual(['bad: empty variable name', 'Y := 1'])
  })

  it('reaches to the end where no endef comes', () => {
    expect(shapeOf('define a\nX := 1\n')).toEqual(['define a = "X := 1\\n" no endef'])
    expect(shapeOf('define a')).toEqual(['define a = "" no endef'])
  })

  it('has a body without the lines around it', () => {
    const text = 'X := 1\ndefine a\nb\nendef\n'
    const [, define] = parseMakefile(text).nodes
    expect(define).toMatchObject({ kind: 'define', range: { start: 7, end: 24 }, body: { start: 16, end: 18 } })
    expect(define).toMatchObject({ end: { start: 18, end: 24 } })
  })
})

describe('undefine', () => {
  it('reads modifiers and a name', () => {
    expect(shapeOf('undefine A\noverride undefine $(B) \nundefine\n')).toEqual([
      'undefine A',
      'override undefine <B>',
      'bad: empty variable name',
    ])
  })
})

describe('other directives', () => {
  it('reads them with what follows', () => {
    expect(
      shapeOf(
        'include $(srctree)/a.mk b.mk # c\n-include d\nsinclude e\nload f.so\n-load g.so\nvpath %.c src\nvpath\n',
      ),
    ).toEqual([
      'include <srctree>/a.mk b.mk',
      '-include d',
      '-include e',
      'load f.so',
      '-load g.so',
      'vpath %.c src',
      'vpath ',
    ])
  })

  it('reads names to export, or all', () => {
    expect(shapeOf('export A $(B)\nunexport C\nexport\nunexport # all\n')).toEqual([
      'export A <B>',
      'unexport C',
      'export',
      'unexport',
    ])
  })
})

describe('recipe lines', () => {
  it('tell the signs before the command', () => {
    const { nodes } = parseMakefile('all:\n\t@- + make\n\t$(Q)gcc\n')
    expect(nodes.slice(1)).toMatchObject([{ prefix: '@- + ' }, { prefix: '' }])
  })
})
