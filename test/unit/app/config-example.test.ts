import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { archiveSchema, imapSchema } from '../../../src/app/bot/archive-config.ts'
import { botSchema, feedbackSchema, listSchema, smtpSchema } from '../../../src/app/bot/config.ts'
import { parseConfig } from '../../../src/app/config.ts'

const path = resolve(import.meta.dirname, '..', '..', '..', 'deploy', 'config.example.yaml')
const text = readFileSync(path, 'utf8')
// what its test below reads as a configuration
const example = parse(text) as { bot: Record<string, unknown> & { lists: Record<string, Record<string, unknown>> } }
const [list = {}] = Object.values(example.bot.lists)

/** The properties that a schema describes, with their defaults. */
function properties(schema: z.ZodType): ReadonlyMap<string, unknown> {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const entries = Object.entries(described.properties ?? {})
  return new Map(entries.map(([key, value]) => [key, typeof value === 'object' ? value.default : undefined]))
}

describe('deploy/config.example.yaml', () => {
  it('is a configuration', () => {
    const parsed = parseConfig(text, path, [])
    expect(parsed.kind === 'bad' ? parsed.problems : []).toEqual([])
  })

  it('has every key of the bot, its lists, its server and feedback', () => {
    expect(Object.keys(example.bot).sort()).toEqual([...properties(botSchema).keys()].sort())
    expect(Object.keys(list).sort()).toEqual([...properties(listSchema).keys()].sort())
    expect(Object.keys(example.bot['feedback'] ?? {}).sort()).toEqual([...properties(feedbackSchema).keys()].sort())
    expect(Object.keys(example.bot['smtp'] ?? {}).sort()).toEqual([...properties(smtpSchema).keys()].sort())
  })

  it('has every way in which a list can be read', () => {
    const shown = Object.values(example.bot.lists).flatMap(({ archive }) => Object.keys(archive as object))
    expect([...new Set(shown)].sort()).toEqual([...properties(archiveSchema).keys()].sort())
    const [imap] = Object.values(example.bot.lists).flatMap(({ archive }) => (archive as { imap?: object }).imap ?? [])
    expect(Object.keys(imap ?? {}).sort()).toEqual([...properties(imapSchema).keys()].sort())
  })

  it('shows the defaults that the schema has', () => {
    const bare = `reply: { from: Kbuild review <review@example.org> }\nbot:\n  state: s\n  lists:\n    l@x.org: { archive: a }\n`
    const [shown, defaults] = [text, bare].map((each) => {
      const parsed = parseConfig(each, 'c.yaml', [])
      return parsed.kind === 'config' ? parsed.config.bot : undefined
    })
    expect({ ...shown, state: '', drafts: '', smtp: null, lists: null }).toEqual({
      ...defaults,
      state: '',
      drafts: '',
      smtp: null,
      lists: null,
    })
    const [one] = Object.values(shown?.lists ?? {})
    const [other] = Object.values(defaults?.lists ?? {})
    expect({ ...one, archive: '' }).toEqual({ ...other, archive: '' })
    const { every, epochs } = other?.archive ?? {}
    expect(one?.archive).toMatchObject({ every, epochs })
  })
})

describe('deploy/systemd/kbuild-review-bot.service', () => {
  it('gives the bot as long to stop as it takes', () => {
    const unit = readFileSync(join(path, '..', 'systemd', 'kbuild-review-bot.service'), 'utf8')
    expect(unit).toMatch(/^ExecStart=\/usr\/bin\/kbuild-review bot run --config \/etc\/kbuild-review\/config\.yaml$/m)
    expect(unit).toMatch(/^TimeoutStopSec=10$/m)
    expect(unit).toMatch(/^ProtectSystem=strict$/m)
  })
})

describe('deploy/systemd/builds.conf', () => {
  const systemd = join(path, '..', 'systemd')
  const conf = readFileSync(join(systemd, 'builds.conf'), 'utf8')

  it('gives back what a sandbox needs of what the unit denies', () => {
    const unit = readFileSync(join(systemd, 'kbuild-review-bot.service'), 'utf8')
    const namesIn = (text: string) => [...text.matchAll(/^([A-Z]\w+)=/gm)].map(([, name]) => name)
    expect(namesIn(conf).filter((name) => !namesIn(unit).includes(name))).toEqual([])
    expect(conf).toMatch(/^RestrictNamespaces=user mnt pid net ipc uts cgroup$/m)
    expect(conf).toMatch(/^SystemCallFilter=@mount$/m)
  })

  it.skipIf(spawnSync('systemd-analyze', ['--version']).status !== 0)('is understood by systemd', () => {
    const units = mkdtempSync(join(tmpdir(), 'units-'))
    try {
      const unit = readFileSync(join(systemd, 'kbuild-review-bot.service'), 'utf8')
      // The program is not installed here.
      writeFileSync(join(units, 'kbuild-review-bot.service'), unit.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'))
      mkdirSync(join(units, 'kbuild-review-bot.service.d'))
      writeFileSync(join(units, 'kbuild-review-bot.service.d', 'builds.conf'), conf)
      const verified = spawnSync('systemd-analyze', ['verify', join(units, 'kbuild-review-bot.service')], {
        encoding: 'utf8',
        env: { ...process.env, SYSTEMD_UNIT_PATH: `${units}:` },
      })
      expect(
        verified.stderr.split('\n').filter((line) => line.includes('kbuild-review') || line.includes('builds.conf')),
      ).toEqual([])
      expect(verified.status).toBe(0)
    } finally {
      removeDirectory(units)
    }
  })
})
