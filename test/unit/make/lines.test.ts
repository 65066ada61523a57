import { describe, expect, it } from 'vitest'
import { joinContinuations, joinRecipe, openSource, readLine } from '../../../src/make/lines.ts'
import { plainView } from '../../../src/make/view.ts'

function joined(text: string): string {
  return joinContinuations(plainView(text, { start: 0, end: text.length })).text
}

function recipe(text: string): string {
  return joinRecipe(plainView(text, { start: 0, end: text.length }), '\t').text
}

describe('readLine', () => {
  it('ends a line at the first newline behind an even number of backslashes', () => {
    for (const [text, end] of [
      ['a\nb', 2],
      ['a\\\nb\nc', 5],
      ['a\\\\\nb', 4],
      ['a\\\\\\\nb', 6],
      ['a\\\r\nb\nc', 6],
      ['a', 1],
    ] as const) {
      expect(readLine(openSource(text, { start: 0, end: text.length }), 0).end, JSON.stringify(text)).toBe(end)
    }
  })

  it('does not read past the end it was given', () => {
    expect(readLine(openSource('a\\\nb\nc', { start: 0, end: 3 }), 0)).toMatchObject({ end: 3 })
  })

  it('tells the content from the newline', () => {
    expect(readLine(openSource('a\r\nb', { start: 0, end: 4 }), 0)).toMatchObject({ contentEnd: 1, end: 3 })
  })
})

describe('joinContinuations', () => {
  it('makes one space of a continuation and the blanks around it', () => {
    expect(joined('a.o \t\\\n\t  b.o\\\nc.o')).toBe('a.o b.o c.o')
  })

  it('makes one space of continuations that follow each other', () => {
    expect(joined('a.o \\\n \\\n\t\\\n b.o')).toBe('a.o b.o')
  })

  it('keeps half of the backslashes, and then the blanks before them', () => {
    expect(joined('a \\\\\\\n b')).toBe('a \\ b')
  })
})

describe('joinRecipe', () => {
  it('leaves the continuation to the shell, without the recipe prefix', () => {
    expect(recipe('echo a \\\n\t  b')).toBe('echo a \\\n  b')
  })

  it('joins the lines inside a reference', () => {
    expect(recipe('echo $(call cmd, \\\n\t\tx) \\\n\ty')).toBe('echo $(call cmd, x) \\\ny')
  })

  it('joins no lines inside a reference where the backslash is quoted', () => {
    expect(recipe('$(X \\\\\n\ty)')).toBe('$(X \\\\\n\ty)')
  })
})
