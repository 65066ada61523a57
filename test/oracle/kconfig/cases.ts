import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfigMode } from '../../../src/kconfig/evaluate.ts'
import { linux612 } from '../../../src/kconfig/dialect.ts'
import type { KconfigDialect } from '../../../src/kconfig/dialect.ts'
import { readTreeLiteral } from '../../support/tree.ts'

/** The dialect of Linux 6.1, as `readDialect` reads it from that kernel. */
export const linux61: KconfigDialect = {
  ...linux612,
  choices: 'recorded',
  emptyNumberIsZero: false,
  dropsOutOfRange: true,
  optionalChoice: true,
  tristateChoice: true,
  namedChoice: true,
}

export const dialects = { '6.12': linux612, '6.1': linux61 } as const
export type Version = keyof typeof dialects

export const modes: readonly ConfigMode[] = ['olddefconfig', 'defconfig', 'allnoconfig', 'allyesconfig', 'allmodconfig']

/** Whether a mode starts from the case's start.config. */
export const startsFromConfig = (mode: ConfigMode): boolean => mode === 'olddefconfig' || mode === 'defconfig'

/** Kconfig files, a .config to start from, what the shell answers, and the .config that conf of a kernel makes of them. */
export type OracleCase = {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  readonly start: string
  readonly answers: Readonly<Record<string, string>>
  /** The path of the expected .configs of a kernel version; none is there where its conf refuses the files. */
  readonly expectedPath: (version: Version) => string
}

export const oracleEnvironment = { ARCH: 'toy', SRCARCH: 'toy' }

const directory = import.meta.dirname

/** The cases, by name. Each is a directory beside this file. */
export function oracleCases(): readonly OracleCase[] {
  const names = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return names.map(({ name }) => {
    const path = join(directory, name)
    const texts = Object.entries(readTreeLiteral(path)).flatMap(([file, content]): [string, string][] =>
      /(^|\/)Kconfig$/.test(file) ? [[file, typeof content === 'string' ? content : content.text]] : [],
    )
    const answers = join(path, 'answers.json')
    return {
      name,
      files: Object.fromEntries(texts),
      start: readFileSync(join(path, 'start.config'), 'utf8'),
      // Decoding edge: the file is one of ours, and holds texts by command.
      answers: existsSync(answers) ? (JSON.parse(readFileSync(answers, 'utf8')) as Record<string, string>) : {},
      expectedPath: (version) => join(path, `expected-${version}.txt`),
    }
  })
}

/** The .configs of all modes in one text. */
export function joinConfigs(configs: ReadonlyMap<ConfigMode, string>): string {
  return [...configs].map(([mode, config]) => `==== ${mode}\n${config}`).join('')
}
