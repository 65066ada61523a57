import { describe, expect, it } from 'vitest'
import { shapeOf } from './shape.ts'

describe('the order in which a line is classified', () => {
  it('takes an assignment before any directive, so that variables may be called like one', () => {
    expect(shapeOf('ifdef := a\nendif = b\nexport := c\ninclude += d\ndefine = e\nvpath ?= f\n')).toEqual([
      'ifdef := a',
      'endif = b',
      'export := c',
      'include += d',
      'define = e',
      'vpath ?= f',
    ])
  })

  it('takes a directive only as a whole word', () => {
    expect(shapeOf('include: all\nifdefs: x\n')).toEqual(['rule include : all', 'rule ifdefs : x'])
  })

  it('takes a line with a tab after a rule as recipe, whatever it reads like', () => {
    expect(shapeOf('all:\n\tifeq (a,b)\n\tCC := gcc\n\t# not for make\n\t\n\tendif\n')).toEqual([
      'rule all :',
      'recipe ifeq (a,b)',
      'recipe CC := gcc',
      'recipe # not for make',
      'recipe ',
      'recipe endif',
    ])
  })

  it('takes conditionals without a tab between the lines of a recipe as conditionals', () => {
    expect(shapeOf('all:\n\techo on\nifdef CONFIG_SMP\n\techo smp\n  else\n\techo up\n endif\n\techo off\n')).toEqual([
      'rule all :',
      'recipe echo on',
      'ifdef [CONFIG_SMP]',
      '  recipe echo smp',
      'else',
      '  recipe echo up',
      'endif',
      'recipe echo off',
    ])
  })

  it('takes a line with a tab as any other where no rule is open', () => {
    expect(shapeOf('\tCC := gcc\n\tifdef X\n\texport Y\n\tendif\n\t# comment\n')).toEqual([
      'CC := gcc',
      'ifdef [X]',
      '  export Y',
      'endif',
      '',
    ])
  })

  it('refuses a command where no rule is open, once', () => {
    expect(shapeOf('\tgcc -c a.c\n\tgcc -c b.c\n')).toEqual([
      'bad: recipe commences before first target',
      'recipe? gcc -c b.c',
    ])
  })

  it('ends a rule at an assignment, a variable of a target or a directive, not at a comment or empty line', () => {
    expect(shapeOf('all:\n\n# note\n\techo a\nX := 1\n\tY := 2\n')).toEqual([
      'rule all :',
      '',
      '',
      'recipe echo a',
      'X := 1',
      'Y := 2',
    ])
    expect(shapeOf('all: X := 1\n\tY := 2\n')).toEqual(['rule all : variable X := 1', 'Y := 2'])
    expect(shapeOf('all:\ninclude b.mk\n\tY := 2\n')).toEqual(['rule all :', 'include b.mk', 'Y := 2'])
  })

  it('does not know whether a command belongs to a rule after references alone, or after a branch with a rule', () => {
    expect(shapeOf('$(call dtb-rule,am335x)\n\tcp $< $@\n\tDTC := dtc\n')).toEqual([
      'eval <call|dtb-rule|am335x>',
      'recipe? cp <<> <@>',
      'DTC := dtc',
    ])
    expect(shapeOf('ifdef X\nall:\nendif\n\techo\n')).toEqual(['ifdef [X]', '  rule all :', 'endif', 'recipe? echo'])
  })

  it('knows that functions which give nothing open no rule', () => {
    expect(shapeOf('$(warning old)\n\tgcc\n')).toEqual([
      'eval <warning|old>',
      'bad: recipe commences before first target',
    ])
  })

  it('knows the recipe when each branch ends in a rule', () => {
    expect(shapeOf('ifdef X\nall: a\nelse\nall: b\nendif\n\techo\n').at(-1)).toBe('recipe echo')
  })
})

describe('the recipe prefix', () => {
  it('follows `.RECIPEPREFIX` from the next line on', () => {
    expect(shapeOf('.RECIPEPREFIX := >\nall:\n>echo\n.RECIPEPREFIX =\nall2:\n\techo\n')).toEqual([
      '.RECIPEPREFIX := >',
      'rule all :',
      'recipe echo',
      '.RECIPEPREFIX = ',
      'rule all2 :',
      'recipe echo',
    ])
  })
})

describe('odd bytes', () => {
  it('takes a carriage return before a newline as part of the newline', () => {
    expect(shapeOf('obj-y := a.o \\\r\n\tb.o\r\nall:\r\n\techo\r\nendif\r\n')).toEqual([
      'obj-y := a.o b.o',
      'rule all :',
      'recipe echo',
      "bad: extraneous 'endif'",
    ])
  })

  it('skips a byte order mark at the start', () => {
    expect(shapeOf('\ufeffifdef X\nendif\n')).toEqual(['ifdef [X]', 'endif'])
  })

  it('reads a form feed as white space, but no other Unicode space', () => {
    expect(shapeOf('\f\nifdef\fX\nendif\f\n')).toEqual(['', 'ifdef [X]', 'endif'])
    expect(shapeOf('\u00a0X := 1\n')).toEqual(['\u00a0X := 1'])
  })

  it('loses a line from a NUL on, and by oversight its end', () => {
    expect(shapeOf('AB\0CD := 1\nEF := 2\n')).toEqual(['ABEF := 2'])
    expect(shapeOf('\0X := 1\nY := 2\n')).toEqual(['', 'Y := 2'])
  })

  it('reads a last line without newline, and a backslash at the end of the text', () => {
    expect(shapeOf('X := a')).toEqual(['X := a'])
    expect(shapeOf('X := a\\')).toEqual(['X := a\\'])
    expect(shapeOf('X := a \\\n')).toEqual(['X := a '])
  })
})
