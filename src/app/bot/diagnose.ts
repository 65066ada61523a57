import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { MailSource } from '../../ports.ts'
import type { Diagnosis } from '../diagnosis.ts'
import type { BotConfig } from './config.ts'

/** How the outside is asked; a reason is what went wrong, null that nothing did. */
export type BotProbes = {
  /** The lists, by their address: `openLists`. */
  readonly lists: ReadonlyMap<string, MailSource>
  /** Connects to the server that takes our mails and logs in; sends nothing. */
  readonly smtp: (smtp: NonNullable<BotConfig['smtp']>) => Promise<string | null>
}

/** An id that no mail has; to ask for it shows whether a list can be asked. */
const nobody = 'kbuild-review-doctor@invalid'

/** Says what of the bot's configuration works: its files, its lists, its server, and who can read its passwords. */
export async function diagnoseBot(config: BotConfig, probes: BotProbes): Promise<readonly Diagnosis[]> {
  const lists = await Promise.all(Object.keys(config.lists).map((name) => diagnoseList(name, probes)))
  return [
    diagnosePlace('bot: state', config.state),
    ...(config.drafts === undefined ? [] : [diagnosePlace('bot: drafts', config.drafts)]),
    ...passwordFiles(config).map(diagnosePassword),
    ...lists,
    ...(await diagnoseServer(config, probes)),
    ...diagnoseFeedback(config),
  ]
}

/** The nearest directory that is there must be one that we may write to. */
function diagnosePlace(what: string, path: string): Diagnosis {
  let place = path
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place)
  try {
    accessSync(place, constants.W_OK)
    return { what, state: 'ok', detail: place === path ? path : `${path} will be made`, advice: '' }
  } catch {
    const advice = 'make it writable for the user that the bot runs as'
    return { what, state: 'broken', detail: `${place} cannot be written`, advice }
  }
}

function passwordFiles({ smtp, lists }: BotConfig): readonly string[] {
  const imap = Object.values(lists).flatMap(({ archive }) => archive.imap?.['password-file'] ?? [])
  return [...new Set([...(smtp?.['password-file'] === undefined ? [] : [smtp['password-file']]), ...imap])]
}

function diagnosePassword(path: string): Diagnosis {
  const what = 'bot: password'
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) {
    const advice =
      'write the password into it, and nothing else; a credential of systemd is there only while the unit runs'
    return { what, state: 'missing', detail: `${path} is not there`, advice }
  }
  const mode = (found.mode & 0o777).toString(8).padStart(3, '0')
  if ((found.mode & 0o077) === 0) return { what, state: 'ok', detail: `${path}, mode ${mode}`, advice: '' }
  return { what, state: 'broken', detail: `${path} has mode ${mode}: others can read it`, advice: `chmod 600 ${path}` }
}

async function diagnoseList(name: string, { lists }: BotProbes): Promise<Diagnosis> {
  const what = `bot: list ${name}`
  const advice = 'see `archive` in deploy/config.example.yaml'
  try {
    const found = (await lists.get(name)?.find(nobody)) ?? null
    if (found?.kind === 'refused') return { what, state: 'broken', detail: found.reason, advice }
    return { what, state: 'ok', detail: 'can be read', advice: '' }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
    const detail = `${error instanceof Error ? error.message : String(error)}${cause}`
    return { what, state: 'broken', detail, advice }
  }
}

async function diagnoseServer({ smtp }: BotConfig, probes: BotProbes): Promise<readonly Diagnosis[]> {
  const what = 'bot: mail server'
  if (smtp === undefined) return [{ what, state: 'ok', detail: 'none: replies are drafted and never sent', advice: '' }]
  const where = `${smtp.host}:${smtp.port}`
  const reason = await probes.smtp(smtp)
  if (reason === null) return [{ what, state: 'ok', detail: `${where} takes mails`, advice: '' }]
  return [{ what, state: 'broken', detail: `${where}: ${reason}`, advice: 'see `smtp` in deploy/config.example.yaml' }]
}

function diagnoseFeedback({ lists }: BotConfig): readonly Diagnosis[] {
  const sending = Object.values(lists).filter(({ send }) => send === 'auto' || send === 'approve')
  if (sending.length === 0 || Object.values(lists).some(({ trust }) => trust.length > 0)) return []
  const detail = 'no command by mail is obeyed: no server is trusted to say who sent a mail'
  return [{ what: 'bot: feedback', state: 'missing', detail, advice: 'name that of a list in its `trust`' }]
}
