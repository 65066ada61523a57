import { describe, expect, it } from 'vitest'
import { parseConfig, type ConfigResult } from '../../../../src/app/config.ts'
import { policyFor, type Policy } from '../../../../src/app/bot/policy.ts'

const head = `
reply:
  from: Kbuild review <review@example.org>
bot:
  state: state.sqlite
  smtp: { host: localhost, tls: none }
  lists:`
const parse = (lists: string): ConfigResult =>
  parseConfig(`${head}\n${lists}`, 'c.yaml', ['ms-bare-make', 'ms-target-typo'])

function policy(lists: string, addresses: readonly string[], seenIn: readonly string[] = []): Policy | null {
  const parsed = parse(lists)
  if (parsed.kind === 'bad') throw new Error(parsed.problems.join('\n'))
  if (parsed.config.bot === undefined) throw new Error('no bot')
  return policyFor(parsed.config.bot, { addresses, seenIn })
}

const boards = '    boards@lists.example.org:\n      archive: boards\n'
const drivers = '    drivers@lists.example.org:\n      archive: drivers\n'

describe('the policy', () => {
  it('is to draft, and nothing else, where a list says no more than where its archive is', () => {
    const found = policy(boards, ['Boards@lists.example.org'])
    expect(found).toMatchObject({ lists: ['boards@lists.example.org'], send: 'draft', embargoMs: 0, copies: true })
    expect(found?.dailyLimits).toEqual(new Map([['boards@lists.example.org', 10]]))
    expect(found?.allows('ms-bare-make')).toBe(true)
  })

  it('is none where no list opted in', () => {
    expect(policy(boards, ['linux@lists.example.org'])).toBeNull()
  })

  it('holds for a mail that came over a list that its headers do not name', () => {
    expect(policy(boards, [], ['boards@lists.example.org'])).toMatchObject({ send: 'draft' })
  })

  it('is the strictest of several lists in each of its parts', () => {
    const lists = `${boards}      send: auto
      checks: [ms-bare-make]
      embargo: 2h
      daily-limit: 3
      quiet: { paths: [drivers/vendor/], authors: [Ada@example.org] }
${drivers}      send: approve
      to: author
      embargo: 90s
      daily-limit: 5
`
    const both = policy(lists, ['drivers@lists.example.org', 'boards@lists.example.org'])
    expect(both).toMatchObject({ send: 'approve', copies: false, embargoMs: 7_200_000 })
    expect([...(both?.dailyLimits.values() ?? [])]).toEqual([3, 5])
    expect(both?.allows('ms-target-typo')).toBe(false)
    expect(both?.isQuietPath('drivers/vendor/Makefile')).toBe(true)
    expect(both?.isQuietPath('drivers/tty/Makefile')).toBe(false)
    expect(both?.isQuietAuthor('ada@example.org')).toBe(true)
    const one = policy(lists, ['drivers@lists.example.org'])
    expect(one?.allows('ms-target-typo')).toBe(true)
    expect(one?.isQuietPath('drivers/vendor/Makefile')).toBe(false)
  })

  it('never sends where one of the lists says never', () => {
    const lists = `${boards}      send: auto\n${drivers}      send: never\n`
    expect(policy(lists, ['drivers@lists.example.org', 'boards@lists.example.org'])?.send).toBe('never')
  })
})

describe('the configuration of the bot', () => {
  const problems = (lists: string): readonly string[] => {
    const parsed = parse(lists)
    return parsed.kind === 'bad' ? parsed.problems : []
  }

  it('names the line of a mode, a rule, a time and an address that there are not', () => {
    expect(problems(`${boards}      send: sometimes\n`)).toEqual([expect.stringMatching(/^c\.yaml:10: bot: lists: /)])
    expect(problems(`${boards}      checks: [ms-bare-made]\n`)).toEqual(['c.yaml:10: there is no rule `ms-bare-made`'])
    expect(problems(`${boards}      embargo: soon\n`)).toEqual([
      'c.yaml:10: bot: lists: boards@lists.example.org: embargo: `soon` is no time; write 90s, 15m, 2h or 7d',
    ])
    expect(problems('    boards:\n      archive: boards\n')).toEqual([expect.stringMatching(/^c\.yaml:[89]: /)])
  })

  it('wants a server where mails are to be sent', () => {
    const text = `${head.replace(/ {2}smtp.*\n/, '')}\n${boards}      send: auto\n`
    expect(parseConfig(text, 'c.yaml', [])).toEqual({
      kind: 'bad',
      problems: ['c.yaml:9: bot: lists: boards@lists.example.org: send: `auto` needs bot.smtp'],
    })
  })

  it('speaks without TLS to loopback alone, and keeps the password in a file', () => {
    const smtp = (text: string) => parseConfig(head.replace(/\{ host.*/, text) + `\n${boards}`, 'c.yaml', [])
    expect(smtp('{ host: mail.example.org, tls: none }')).toMatchObject({
      problems: ['c.yaml:6: bot: smtp: tls: `none` is for loopback, not for `mail.example.org`'],
    })
    expect(smtp('{ host: mail.example.org, user: review }')).toMatchObject({ kind: 'bad' })
    expect(smtp('{ host: mail.example.org, user: review, password: secret }')).toMatchObject({ kind: 'bad' })
    expect(smtp('{ host: mail.example.org, user: review, password-file: /run/secret }')).toMatchObject({
      kind: 'config',
      config: { bot: { smtp: { port: 587, tls: 'starttls' } } },
    })
  })

  it('wants to know who the replies are from, and a schedule that cron knows', () => {
    expect(parseConfig(`bot:\n  state: s\n  lists:\n${boards}`, 'c.yaml', [])).toEqual({
      kind: 'bad',
      problems: ['c.yaml:2: bot: needs `reply.from`: who the replies are from'],
    })
    const text = `${head.replace('state: state.sqlite', 'state: s\n  schedule: hourly')}\n${boards}`
    expect(parseConfig(text, 'c.yaml', [])).toMatchObject({
      problems: ['c.yaml:6: bot: schedule: no schedule; write it as cron does, as */2 * * * *'],
    })
  })
})
