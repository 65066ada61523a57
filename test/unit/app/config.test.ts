import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { configName, loadConfig, parseConfig } from '../../../src/app/config.ts'

const rules = ['ms-target-typo', 'ms-bare-make']
const parse = (text: string) => parseConfig(text, 'c.yaml', rules)

describe('a configuration', () => {
  it('has its defaults where it is empty', () => {
    expect(parse('')).toEqual({
      kind: 'config',
      config: { 'fail-on': 'warning', rules: { disable: [], ignore: {} } },
      path: 'c.yaml',
    })
  })

  it('names the line of an unknown key', () => {
    expect(parse('fail-on: error\nrules:\n  disabled: [x]\n')).toEqual({
      kind: 'bad',
      problems: ['c.yaml:3: rules: Unrecognized key: "disabled"'],
    })
  })

  it('names the line of a wrong value', () => {
    expect(parse('\nfail-on: sometimes\n')).toMatchObject({
      kind: 'bad',
      problems: [expect.stringMatching(/^c\.yaml:2: fail-on: /)],
    })
  })

  it('names the line of a rule that there is not', () => {
    expect(parse('rules:\n  disable:\n    - ms-target-typo\n    - ms-target-tpyo\n')).toEqual({
      kind: 'bad',
      problems: ['c.yaml:4: there is no rule `ms-target-tpyo`'],
    })
  })

  it('takes paths by rule, and names the line of a rule that there is not', () => {
    expect(parse('rules:\n  ignore:\n    ms-bare-make: [drivers/vendor/]\n')).toMatchObject({
      config: { rules: { disable: [], ignore: { 'ms-bare-make': ['drivers/vendor/'] } } },
    })
    expect(parse('rules:\n  ignore:\n    ms-bare-make: [a/]\n    ms-bear-make: [b/]\n')).toEqual({
      kind: 'bad',
      problems: ['c.yaml:4: there is no rule `ms-bear-make`'],
    })
  })

  it('names the line where the YAML breaks', () => {
    expect(parse('rules:\n  disable: [\n')).toMatchObject({
      kind: 'bad',
      problems: [expect.stringMatching(/^c\.yaml:\d+: /)],
    })
  })

  it('does not blow up with aliases of aliases', () => {
    const bomb = [
      'a: &a [x, x]',
      ...Array.from(
        { length: 20 },
        (_, at) => `k${at}: &k${at} [*${at === 0 ? 'a' : `k${at - 1}`}, *${at === 0 ? 'a' : `k${at - 1}`}]`,
      ),
    ]
    expect(() => parse(bomb.join('\n'))).toThrow(/alias/i)
  })
})

describe('the search for a configuration', () => {
  let home = ''
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'kbuild-review-config-'))
  })
  afterEach(() => {
    removeDirectory(home)
  })

  it('goes upwards from the start before it looks at the user', () => {
    const below = join(home, 'tree', 'drivers')
    mkdirSync(below, { recursive: true })
    mkdirSync(join(home, '.config', 'kbuild-review'), { recursive: true })
    writeFileSync(join(home, '.config', 'kbuild-review', 'config.yaml'), 'fail-on: never\n')
    const look = () => loadConfig({ given: null, startDirectory: below, env: { HOME: home }, knownRules: rules })
    expect(look()).toMatchObject({ config: { 'fail-on': 'never' } })
    writeFileSync(join(home, 'tree', configName), 'fail-on: error\n')
    expect(look()).toMatchObject({ config: { 'fail-on': 'error' }, path: join(home, 'tree', configName) })
  })

  it('says that a given file is not there', () => {
    const missing = join(home, 'no.yaml')
    expect(loadConfig({ given: missing, startDirectory: home, env: {}, knownRules: rules })).toEqual({
      kind: 'bad',
      problems: [`${missing}: no such file`],
    })
  })
})
