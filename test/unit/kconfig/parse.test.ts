import { describe, expect, it } from 'vitest'
import { helpText } from '../../../src/kconfig/help-text.ts'
import { parseKconfig } from '../../../src/kconfig/parse.ts'
import { printExpr } from '../../../src/kconfig/print-expression.ts'
import type { KconfigFile, Property, Statement } from '../../../src/kconfig/syntax.ts'
import { fc } from '../../support/random.ts'

type ConfigStatement = Extract<Statement, { kind: 'config' }>

const properties = (text: string): readonly Property[] => firstConfig(parseKconfig(text)).properties

function firstConfig(file: KconfigFile): ConfigStatement {
  const statement = file.statements.find((one) => one.kind === 'config')
  if (!statement) throw new Error('no config in the file')
  return statement
}

const problems = (text: string): string[] =>
  parseKconfig(text).problems.map(({ kind, message, start }) => {
    return `${text.slice(0, start).split('\n').length}: ${kind}: ${message}`
  })

const dependency = (text: string): string => {
  const [property] = properties(`config CODEC\n\tdepends on ${text}\n`)
  return property?.kind === 'depends' ? printExpr(property.expr) : `not a dependency: ${property?.kind ?? 'nothing'}`
}

describe('parseKconfig', () => {
  it('reads every property of a symbol with its span', () => {
    const text = `config CODEC_SPI
\ttristate "Codec on SPI" if EXPERT
\tdefault m if SPI
\tdef_bool y
\tdepends on SPI && !UML
\tselect REGMAP_SPI if SPI_MASTER
\timply SND_VERBOSE
\trange 1 SIZE_MAX if TUNED
\tprompt 'other'
\tmodules
\ttransitional
`
    const found = properties(text)
    expect(found.map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`)).toEqual([
      'type: tristate "Codec on SPI" if EXPERT',
      'default: default m if SPI',
      'default: def_bool y',
      'depends: depends on SPI && !UML',
      'select: select REGMAP_SPI if SPI_MASTER',
      'imply: imply SND_VERBOSE',
      'range: range 1 SIZE_MAX if TUNED',
      "prompt: prompt 'other'",
      'modules: modules',
      'transitional: transitional',
    ])
    expect(problems(text)).toEqual([])
  })

  it('covers the properties with the span of their statement', () => {
    const text = 'menu "Audio"\n\tvisible if SOUND\n\n\tdepends on HAS_IOMEM # no port\n\nendmenu\n'
    const [menu] = parseKconfig(text).statements
    expect(text.slice(menu?.start, menu?.end)).toBe('menu "Audio"\n\tvisible if SOUND\n\n\tdepends on HAS_IOMEM')
  })

  it('knows the block of every statement and where it ends', () => {
    const { statements } = parseKconfig(
      'menu "A"\nif B\nconfig C\nendif\nendmenu\nchoice\nendchoice\nsource "x/Kconfig"\n',
    )
    expect(statements.map(({ kind, parent }) => [kind, parent])).toEqual([
      ['menu', null],
      ['if', 0],
      ['config', 1],
      ['end', 0],
      ['end', null],
      ['choice', null],
      ['end', null],
      ['source', null],
    ])
    expect(statements.map((one) => ('close' in one ? one.close : 'open' in one ? one.open : null))).toEqual([
      ...[4, 3, null, 1, 0, 6, 5, null],
    ])
  })

  it('lets || bind weaker than &&, and comparisons stand between two words', () => {
    expect(dependency('A || B && C')).toBe('A || B && C')
    expect(dependency('(A || B) && C')).toBe('(A || B) && C')
    expect(dependency('A && (B && C)')).toBe('A && B && C')
    expect(dependency('!A = y || !(B || C)')).toBe('!(A = y) || !(B || C)')
    expect(dependency('GCC_VERSION>=120000&&ARCH!="um"')).toBe('GCC_VERSION >= 120000 && ARCH != "um"')
  })

  it('joins lines that end with a backslash, and ends comments with their line', () => {
    expect(dependency('A && \\\n\t\tB # && \\\n')).toBe('A && B')
  })

  it('keeps macros within words and strings unexpanded', () => {
    const text = 'config CC_HAS_TUNE\n\tdef_bool $(cc-option,-mtune="a(b) c")\n\tprompt "for $(ARCH) \\"now\\""\n'
    const [value, prompt] = properties(text)
    const macro = value?.kind === 'default' && value.value.kind === 'symbol' ? value.value.word : null
    expect(macro?.parts).toEqual([{ kind: 'macro', text: 'cc-option,-mtune="a(b) c"', start: 29, end: 57 }])
    expect(prompt?.kind === 'prompt' ? prompt.prompt : null).toMatchObject({
      text: 'for $(ARCH) "now"',
      parts: [
        { kind: 'text', text: 'for ' },
        { kind: 'macro', text: 'ARCH' },
        { kind: 'text', text: ' "now"' },
      ],
    })
  })

  it('takes a dollar without parenthesis for itself', () => {
    expect(dependency('A$B')).toBe('A$B')
  })

  it('reads assignments to the end of the line, and macro calls that stand alone', () => {
    const text = 'comma := ,\nempty =\nsuccess = $(if-success,$(1),y,n) # kept \\\n$(error-if,$(failure,x),no x)\n'
    const { statements } = parseKconfig(text)
    expect(
      statements.map((one) => [one.kind, one.kind === 'assignment' ? `${one.name.text}${one.op}${one.value}` : '']),
    ).toEqual([
      ['assignment', 'comma:=,'],
      ['assignment', 'empty='],
      ['assignment', 'success=$(if-success,$(1),y,n) # kept \\'],
      ['macro', ''],
    ])
  })

  it('ends a help text at the first line that is indented less', () => {
    const text =
      'config A\n\thelp\n\t  First\n\n\t    second\n\tselect B\n\nconfig C\n\thelp\n\n\t  only blank lines above\n'
    const found = properties(text)
    expect(found.map(({ kind }) => kind)).toEqual(['help', 'select'])
    expect(found[0]?.kind === 'help' ? helpText(text, found[0]) : '').toBe('First\n\n  second')
    expect(problems(text)).toEqual([])
  })

  it('counts a tab of help text as up to eight columns', () => {
    const text = 'config A\n\thelp\n        Eight blanks\n\tone tab\n    four blanks are less\n'
    const [help] = properties(text)
    expect(help?.kind === 'help' ? helpText(text, help) : '').toBe('Eight blanks\none tab')
    expect(problems(text)).toEqual(['5: error: unknown statement `four`'])
  })

  it('takes an unindented first line for help, as conf does', () => {
    const text = 'config A\n\tbool "a"\n\thelp\nconfig B\n\nconfig C\n'
    expect(parseKconfig(text).statements.map((one) => (one.kind === 'config' ? one.name.text : one.kind))).toEqual([
      'A',
      'C',
    ])
  })

  it('reads CRLF and a file without a final newline', () => {
    const text =
      'config A\r\n\tbool "a"\r\n\thelp\r\n\t  text\r\n\r\n\t  more\r\nconfig B\r\n\tdepends on A \\\r\n\t\t|| C'
    expect(parseKconfig(text).statements.map(({ kind }) => kind)).toEqual(['config', 'config'])
    expect(problems(text)).toEqual(['9: warning: no newline at the end of the file'])
  })

  it.each([
    ['config A\n\tselects B\n', '2: error: unknown statement `selects`'],
    ['config A\n\tdepend on B\n', '2: error: unknown statement `depend`'],
    ['config A\n\tdepends B\n', '2: error: `depends` is followed by `on`'],
    ['config A\n\tdepends on B C\n', '2: error: `C` is not expected here'],
    ['config A\n\tdepends on (B\n', '2: error: a closing parenthesis is missing'],
    ['config A\n\tdepends on\n', '2: error: a symbol is missing'],
    ['config A\n\tdepends on if\n', '2: error: `if` is a keyword, and cannot be a symbol'],
    ['config A\n\tselect "B"\n', '2: error: the symbol must not be quoted'],
    ['config A\n\tbool a\n', '2: error: the prompt must be quoted'],
    ['config A\n\tvisible if B\n', '2: error: `visible` is not for a `config`'],
    ['config "A"\n', '1: error: the name of the symbol must not be quoted'],
    ['source drivers/Kconfig\n', '1: error: the path must be quoted'],
    ['\tbool "a"\n', '1: error: `bool` stands outside of any entry'],
    ['endif\n', '1: error: there is no `if` to end here'],
    ['if A\nconfig B\n', '1: error: this `if` is not ended by `endif`'],
    ['menu "a"\nif B\nendmenu\n', '2: error: this `if` is not ended by `endif`'],
    ['choice\nmenu "a"\nendmenu\nendchoice\n', '2: error: `menu` cannot stand in a choice'],
    ['choice\nif A\nmenuconfig B\nendif\nendchoice\n', '3: error: `menuconfig` cannot stand in a choice'],
    ['choice\n\tdefault A || B\nendchoice\n', '2: error: the default of a choice is one symbol'],
    ['config A\n\thelp me\n\t  text\n', '2: error: the help text starts on the next line'],
    ['config A\n\t---help---\n\t  text\n', '2: error: `---help---` is spelled `help`'],
    ['menu "a"\n\thelp\n\t  text\nendmenu\n', '2: error: `help` is not for a `menu`'],
    ['config A\n\tdefault $(shell,date\n', '2: error: this macro call is not closed on its line'],
    ['config A\n\tprompt "a\n', '2: warning: this string is not closed on its line'],
    ['on\n', '1: error: `on` does not start a statement'],
  ])('reports %j as "%s"', (text, expected) => {
    expect(problems(text)).toEqual([expected])
  })

  it('reads on after an error, and keeps the line as an error node of its entry', () => {
    const text = 'config A\n\tbool "a"\n\tdepends on B &\n\tselect C\n\nconfig D\n'
    const file = parseKconfig(text)
    expect(firstConfig(file).properties.map(({ kind }) => kind)).toEqual(['type', 'depends', 'select'])
    expect(problems(text)).toEqual(['3: warning: `&` is ignored here'])
    expect(properties('config A\n\tdepends on B & C\n\tselect C\n').map(({ kind }) => kind)).toEqual([
      'error',
      'select',
    ])
  })

  it('reports nesting that is too deep rather than to overflow', () => {
    const depth = 50_000
    expect(problems(`config A\n\tdepends on ${'('.repeat(depth)}B${')'.repeat(depth)}\n`)).toEqual([
      '2: error: this expression is nested deeper than 100 levels',
    ])
    expect(problems(`config A\n\tdepends on ${'!'.repeat(depth)}B\n`)).toHaveLength(1)
    expect(dependency(Array.from({ length: depth }, () => 'B').join(' || '))).toHaveLength(depth * 5 - 4)
    expect(problems('if A\n'.repeat(200) + 'endif\n'.repeat(200))).toHaveLength(100)
  })

  it('gives a tree for any text, with spans in order and within it', () => {
    const line = fc.constantFrom(
      ...['config A', 'choice', 'endchoice', 'menu "m"', 'endmenu', 'if A && !B', 'endif', 'source "a/Kconfig"'],
      ...[
        '\tbool "a" if B',
        '\tdepends on (A || B',
        '\thelp',
        '\t  text',
        '',
        'x := $(shell,a',
        '\tdefault "',
        '\\',
        '\t&&',
      ],
    )
    const text = fc.oneof(
      fc.array(line).map((lines) => lines.join('\n')),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(text, (source) => {
        const file = parseKconfig(source)
        const nodes = file.statements.flatMap((one) => [one, ...('properties' in one ? one.properties : [])])
        const spans = [...nodes, ...file.problems]
        expect(spans.filter(({ start, end }) => start < 0 || start > end || end > source.length)).toEqual([])
        const starts = nodes.map(({ start }) => start)
        expect(starts).toEqual(starts.toSorted((a, b) => a - b))
      }),
    )
  })
})
