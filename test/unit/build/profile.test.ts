import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseProfile, profileJsonSchema } from '../../../src/build/profile.ts'
import type { Profile } from '../../../src/build/profile-schema.ts'

const profiles = resolve(import.meta.dirname, '../../../profiles')
const schemaPath = join(profiles, 'profile.schema.json')
const shipped = readdirSync(profiles).filter((name) => name.endsWith('.yaml'))

function profileOf(text: string): Profile {
  const result = parseProfile(text, 'audio.yaml')
  if (result.kind === 'bad') throw new Error(result.problems.join('\n'))
  return result.profile
}

function problemsOf(text: string): readonly string[] {
  const result = parseProfile(text, 'audio.yaml')
  return result.kind === 'bad' ? result.problems : []
}

const small = `name: audio
summary: codecs with warnings
variables: { W: '1', C: '1', LLVM: '1' }
configure: { target: allmodconfig }
arches:
  - { name: x86_64, arch: x86_64, directory: arch/x86, prefix: x86_64-linux-gnu-, package: gcc-x86-64-linux-gnu }
goals:
  - { id: prepare, targets: [modules_prepare] }
  - { id: codecs, targets: [sound/soc/codecs/], needs: [prepare], variables: { KBUILD_MODPOST_WARN: '1' } }
`

describe('the profiles that are shipped', () => {
  it('are there', () => expect(shipped).toContain('livepatch.yaml'))

  it.each(shipped)('%s is right, and named as its file is', (name) => {
    const result = parseProfile(readFileSync(join(profiles, name), 'utf8'), name)
    expect(result.kind === 'bad' ? result.problems : []).toEqual([])
    expect(result.kind === 'profile' && result.profile.name).toBe(name.replace('.yaml', ''))
  })

  it.each(shipped)('%s agrees with the JSON Schema', (name) => {
    const validate = new Ajv2020({ strict: false }).compile(profileJsonSchema())
    expect(validate(parse(readFileSync(join(profiles, name), 'utf8'))), JSON.stringify(validate.errors)).toBe(true)
  })

  it('have the JSON Schema that is made of the code (UPDATE=1 writes it)', () => {
    const wanted = `${JSON.stringify(profileJsonSchema(), null, 2)}\n`
    if (process.env['UPDATE'] === '1') writeFileSync(schemaPath, wanted)
    expect(readFileSync(schemaPath, 'utf8')).toBe(wanted)
  })
})

describe('a profile', () => {
  it('may have any goals, a configuring target and variables', () => {
    const profile = profileOf(small)
    expect(profile.configure).toEqual({ target: 'allmodconfig', fragments: [] })
    expect(profile.variables).toEqual({ W: '1', C: '1', LLVM: '1' })
    expect(profile.goals.map(({ id, tier }) => [id, tier])).toEqual([
      ['prepare', 'fast'],
      ['codecs', 'fast'],
    ])
  })

  it('has limits where it names none, in bytes and seconds', () => {
    expect(profileOf(small).limits).toEqual({
      seconds: 900,
      memory: 3 * 2 ** 30,
      processes: 512,
      disk: 2 ** 30,
      log: 16 * 2 ** 20,
    })
    expect(profileOf(`${small}limits: { memory: 512M }\n`).limits.memory).toBe(512 * 2 ** 20)
  })

  it.each([
    ['a key that there is none of', 'jobs: 4\n', 'audio.yaml:1: Unrecognized key: "jobs"'],
    ['a size without a unit', 'limits: { memory: 512 }\n', 'audio.yaml:10: limits: memory:'],
    ['text that is no YAML', 'limits: { memory: "\n', 'audio.yaml:1'],
    ['an unknown fragment', 'fragments: {}\n', null],
  ])('is refused for %s', (_, added, problem) => {
    if (problem === null) expect(problemsOf(small + added)).toEqual([])
    else expect(problemsOf(small + added).join('\n')).toContain(problem)
  })

  it.each([
    [
      '[modules_prepare]',
      '[--eval=all]',
      'audio.yaml:8: goals: 0: targets: 0: a target of make begins with no `-` and has no `=`',
    ],
    [
      '[modules_prepare]',
      '[CC=evil]',
      'audio.yaml:8: goals: 0: targets: 0: a target of make begins with no `-` and has no `=`',
    ],
    ['arch/x86,', '/arch/x86,', 'audio.yaml:6: arches: 0: directory: a path is relative, and has no blanks'],
    ['arch/x86,', 'arch/../../x86,', 'audio.yaml:6: arches: 0: directory: a path does not go upwards'],
    ['needs: [prepare]', 'needs: [codecs]', 'audio.yaml:9: there is no goal before this one named `codecs`'],
    ['id: codecs', 'id: prepare', 'audio.yaml:9: `prepare` is given twice'],
    ['allmodconfig', 'modules', 'audio.yaml:4: configure: target: a target that configures ends in `config`'],
    ['allmodconfig }', 'allmodconfig, fragments: [usb] }', 'audio.yaml:4: there is no fragment `usb`'],
    ['needs: [prepare]', 'instead: modules', 'audio.yaml:9: there is no goal before this one named `modules`'],
    [
      'id: prepare',
      'id: configure',
      'audio.yaml:8: goals: 0: id: every profile has a goal `configure`; name yours otherwise',
    ],
    ['needs: [prepare]', 'arches: [arm64]', 'audio.yaml:9: there is no architecture `arm64`'],
  ])('with %s changed to %s is refused, with its line', (old, young, problem) => {
    expect(problemsOf(small.replace(old, young))).toEqual([problem])
  })

  it('is refused where it is empty, or endless', () => {
    expect(problemsOf('')).not.toEqual([])
    expect(problemsOf(`name: ${'a'.repeat(1 << 20)}`)).toEqual(['audio.yaml: longer than 1048576 characters'])
  })
})
