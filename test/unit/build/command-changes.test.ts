import { describe, expect, it } from 'vitest'
import { compareCommands, readSavedCommand, splitWords } from '../../../src/build/command-changes.ts'

const gcc = (object: string, flags: string): readonly [string, string] => [
  object,
  `gcc -Wp,-MMD,${object}.d ${flags} -DKBUILD_BASENAME='"x"' -c -o ${object} ${object.replace(/o$/, 'c')}`,
]

describe('reading a .cmd file', () => {
  it('takes the command, and not the dependencies', () => {
    const text = 'savedcmd_drivers/pump.o := gcc -c -o drivers/pump.o pump.c\n\nsource_drivers/pump.o := pump.c\n'
    expect(readSavedCommand(text)).toEqual({ target: 'drivers/pump.o', command: 'gcc -c -o drivers/pump.o pump.c' })
  })

  it('takes that of kernels before 6.2', () => {
    expect(readSavedCommand('cmd_pump.o := gcc pump.c')).toEqual({ target: 'pump.o', command: 'gcc pump.c' })
  })

  it('takes none where there is none', () => {
    expect(readSavedCommand('deps_pump.o := pump.c\n')).toBeNull()
  })
})

describe('splitting a command', () => {
  it('keeps quoted blanks in a word', () => {
    expect(splitWords(`gcc -DA='"x y"' "b c"d e\\ f\t;  true`)).toEqual([
      'gcc',
      `-DA='"x y"'`,
      '"b c"d',
      'e\\ f',
      ';',
      'true',
    ])
  })

  it('ends an open quote with the text', () => {
    expect(splitWords(`gcc 'a b`)).toEqual(['gcc', `'a b`])
  })
})

describe('comparing the commands of two builds', () => {
  it('puts objects together whose commands change in the same way', () => {
    const objects = ['drivers/pump.o', 'drivers/valve.o', 'drivers/tank.o']
    const before = new Map(objects.map((object) => gcc(object, '-O2 -Wall')))
    const after = new Map([
      ...objects.slice(0, 2).map((object) => gcc(object, '-O2 -fno-leak -Wall')),
      gcc('drivers/tank.o', '-O3 -Wall'),
    ])
    expect(compareCommands(before, after).changed).toEqual([
      { objects: ['drivers/pump.o', 'drivers/valve.o'], added: ['-fno-leak'], removed: [] },
      { objects: ['drivers/tank.o'], added: ['-O3'], removed: ['-O2'] },
    ])
  })

  it('takes what each object gets for itself as the same change', () => {
    const before = new Map([gcc('drivers/pump.o', ''), gcc('drivers/valve.o', '')])
    const after = new Map([gcc('drivers/pump.o', '-include pump.h'), gcc('drivers/valve.o', '-include valve.h')])
    expect(compareCommands(before, after).changed).toEqual([
      { objects: ['drivers/pump.o', 'drivers/valve.o'], added: ['-include', '%.h'], removed: [] },
    ])
  })

  it('counts a word as often as it is there', () => {
    const before = new Map([['pump.o', 'gcc -Wall -Wall']])
    expect(compareCommands(before, new Map([['pump.o', 'gcc -Wall -Wall -Wall']])).changed).toEqual([
      { objects: ['pump.o'], added: ['-Wall'], removed: [] },
    ])
  })

  it('names objects that come and go, and is silent on those that stay', () => {
    const before = new Map([
      ['pump.o', 'a'],
      ['valve.o', 'b'],
    ])
    expect(
      compareCommands(
        before,
        new Map([
          ['valve.o', 'b'],
          ['tank.o', 'c'],
        ]),
      ),
    ).toEqual({
      changed: [],
      fresh: ['tank.o'],
      gone: ['pump.o'],
    })
  })
})
