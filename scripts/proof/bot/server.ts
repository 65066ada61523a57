import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Random } from '../mutate-mail.ts'

/** A mail that the server took. */
export type Taken = { readonly to: readonly string[]; readonly raw: Buffer }

/** An SMTP server on loopback, sound or not. */
export type MailServer = {
  readonly port: number
  readonly taken: readonly Taken[]
  /** How many dialogues have begun. */
  readonly dialogues: () => number
  /** What it did to its clients, by name. */
  readonly faults: ReadonlyMap<string, number>
  /** From now on it cuts, delays and refuses at random, or no longer does. */
  setFaults(random: Random | null): void
  close(): Promise<void>
}

/** Bytes of a dialogue with one mail of ours: what a random cut is chosen from. */
const longestDialogue = 4000
const longestDelayMs = 400

/** Starts a server that hands each mail to the list that it is for on before it says that it has taken it. */
export async function startMailServer(list: string, deliver: (mail: Buffer) => Promise<void>): Promise<MailServer> {
  const taken: Taken[] = []
  const faults = new Map<string, number>()
  let random: Random | null = null
  const count = (fault: string): void => void faults.set(fault, (faults.get(fault) ?? 0) + 1)
  /** An error of so many answers, which the client is to take for `later`. */
  const refusal = (stage: string): Error | undefined => {
    if (random === null || random() >= 0.08) return undefined
    count(`refused at ${stage}`)
    return Object.assign(new Error('try again'), { responseCode: random() < 0.5 ? 421 : 451 })
  }
  let dialogues = 0
  const options: SMTPServerOptions = {
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onConnect: (_session, done) => {
      dialogues += 1
      done(refusal('connect'))
    },
    onMailFrom: (_address, _session, done) => done(refusal('MAIL')),
    onRcptTo: (_address, _session, done) => done(refusal('RCPT')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const error = refusal('the mail')
        if (error !== undefined) {
          done(error)
          return
        }
        const raw = Buffer.concat(chunks)
        const to = session.envelope.rcptTo.map(({ address }) => address)
        const handedOn = to.includes(list)
          ? deliver(Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'))
          : Promise.resolve()
        handedOn.then(
          () => {
            taken.push({ to, raw })
            done()
          },
          (failure: unknown) => done(failure instanceof Error ? failure : new Error(String(failure))),
        )
      })
    },
  }
  const server = new SMTPServer(options)
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const inner = (server.server.address() as AddressInfo).port
  const way = await startWay(inner, () => planOf(random, count))
  return {
    port: way.port,
    taken,
    dialogues: () => dialogues,
    faults,
    setFaults: (wanted) => {
      random = wanted
    },
    close: async () => {
      await way.close()
      await new Promise<void>((resolve) => server.close(resolve))
    },
  }
}

/** What happens to a connection: it is cut after so many bytes of both directions, each piece is late by so much. */
type Plan = { readonly cutAfter: number; readonly delayMs: number }

function planOf(random: Random | null, count: (fault: string) => void): Plan {
  const kind = random?.() ?? 1
  if (random === null || kind >= 0.55) return { cutAfter: Infinity, delayMs: 0 }
  count(kind < 0.35 ? 'cut' : 'delayed')
  return kind < 0.35
    ? { cutAfter: Math.floor(random() * longestDialogue), delayMs: 0 }
    : { cutAfter: Infinity, delayMs: Math.floor(random() * longestDelayMs) }
}

async function startWay(inner: number, plan: () => Plan): Promise<{ readonly port: number; close(): Promise<void> }> {
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(inner, '127.0.0.1')
    const { cutAfter, delayMs } = plan()
    let passed = 0
    const end = (): void => [client, upstream].forEach((socket) => socket.destroy())
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from)
      from.on('error', () => undefined)
      from.on('data', (chunk: Buffer) => {
        const room = cutAfter - passed
        passed += chunk.length
        setTimeout(() => {
          if (chunk.length <= room) to.write(chunk)
          else to.write(chunk.subarray(0, Math.max(0, room)), () => setImmediate(end))
        }, delayMs)
      })
      from.on('close', () => {
        open.delete(from)
        setTimeout(() => to.end(), delayMs)
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
