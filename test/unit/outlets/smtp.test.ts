import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { removeDirectory } from '../../../src/processes/remove-directory.ts'
import { createSmtpMailer, type SmtpOptions } from '../../../src/outlets/smtp.ts'
import type { Delivery, Parcel } from '../../../src/ports.ts'
import { answer, startCutter, startSink, type Sink } from '../../support/smtp.ts'

const top = mkdtempSync(join(tmpdir(), 'kbuild-review-smtp-'))
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})
afterAll(() => removeDirectory(top))

const mail = 'Subject: Re: boards\r\n\r\n.hidden\r\n..two\r\nFrom here\r\nend\r\n'
const sink = async (options: Parameters<typeof startSink>[0] = {}): Promise<Sink> => {
  const server = await startSink(options)
  open.push(server)
  return server
}
const send = (
  port: number,
  change: Partial<SmtpOptions> = {},
  text = mail,
  onEnvelope?: Parcel['onEnvelope'],
): Promise<Delivery> =>
  createSmtpMailer({
    host: '127.0.0.1',
    port,
    tls: 'none',
    caFile: null,
    login: null,
    signal: new AbortController().signal,
    silenceMs: 1000,
    ...change,
  }).send({
    from: 'review@example.org',
    to: ['ada@example.org', 'boards@lists.example.org'],
    bytes: Buffer.from(text),
    ...(onEnvelope && { onEnvelope }),
  })

/** A key and a certificate for localhost, made once. */
function certificate(): { readonly key: string; readonly cert: string; readonly file: string } {
  const file = join(top, 'cert.pem')
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost']
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync('openssl', [...args, ...names, '-keyout', join(top, 'key.pem'), '-out', file], { stdio: 'ignore' })
  return { key: readFileSync(join(top, 'key.pem'), 'utf8'), cert: readFileSync(file, 'utf8'), file }
}

/** A server that answers a line that begins so with drops of an answer, for ever. */
async function startDripper(at: string, drip: string): Promise<{ readonly port: number }> {
  const dripping: NodeJS.Timeout[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('220 boards\r\n')
    createInterface({ input: socket }).on('line', (line) => {
      if (line.startsWith(at)) dripping.push(setInterval(() => socket.write(drip), 50))
      else if (line === 'DATA') socket.write('354 go on\r\n')
      else if (/^(EHLO|MAIL|RCPT)/.test(line)) socket.write('250 ok\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () => {
      for (const each of dripping) clearInterval(each)
      return new Promise((resolve) => server.close(() => resolve()))
    },
  })
  // a server that listens on an IP address has one
  return { port: (server.address() as AddressInfo).port }
}

const outcomeAfter = (answered: string): string =>
  answered.startsWith('4') ? 'later' : answered.endsWith('mail') ? 'barred' : 'never'

describe('a mail over SMTP', () => {
  it('comes with the envelope and byte for byte, dots and all', async () => {
    const { port, taken } = await sink()
    expect(await send(port)).toMatchObject({ kind: 'accepted', refused: [] })
    const [first] = taken
    expect(first).toEqual({
      from: 'review@example.org',
      to: ['ada@example.org', 'boards@lists.example.org'],
      text: mail,
    })
  })

  it('is sent as 8bit where it is not ASCII', async () => {
    const bodies: unknown[] = []
    const { port, taken } = await sink({
      onMailFrom(address, _, done) {
        bodies.push(address.args)
        done()
      },
    })
    const text = 'Subject: x\r\n\r\nJürgen – ok\r\n'
    expect(await send(port, {}, text)).toMatchObject({ kind: 'accepted' })
    expect(Buffer.from(taken[0]?.text ?? '', 'latin1').toString('utf8')).toBe(text)
    expect(bodies).toEqual([{ BODY: '8BITMIME' }])
    await send(port)
    expect(bodies[1]).toEqual(false)
  })

  it('is tried later after 4yz and never after 5yz to a recipient or the mail; a sender that is refused is barred', async () => {
    const kinds: Record<string, string> = {}
    for (const code of [421, 450, 451, 452, 550, 552, 554]) {
      const stages: Record<string, Parameters<typeof startSink>[0]> = {
        mail: { onMailFrom: (_, __, done) => done(answer(code, 'not now')) },
        rcpt: { onRcptTo: (_, __, done) => done(answer(code, 'not now')) },
        data: { accept: () => answer(code, 'not now') },
      }
      for (const [stage, options] of Object.entries(stages)) {
        const { port, taken } = await sink(options)
        kinds[`${code} ${stage}`] = (await send(port)).kind
        expect(taken).toEqual([])
      }
    }
    const wanted = Object.keys(kinds).map((key) => [key, outcomeAfter(key)])
    expect(kinds).toEqual(Object.fromEntries(wanted))
  })

  it.each([
    ['all', () => '5.7.1 Relay access denied', false, 'barred'],
    ['all, pipelined', () => '5.7.1 Relay access denied', true, 'barred'],
    ['some', (to: string) => (to.startsWith('ada') ? '5.7.1 Relay access denied' : '5.1.1 unknown'), false, 'never'],
  ] as const)('is not at fault where a server relays for us to none: %s', async (_, why, isPipelined, kind) => {
    const onRcptTo: SMTPServerOptions['onRcptTo'] = ({ address }, __, done) => done(answer(554, why(address)))
    const { port, taken } = await sink({ hidePIPELINING: !isPipelined, onRcptTo })
    expect(await send(port)).toMatchObject({ kind, reason: expect.stringContaining(why('')) as string })
    expect(taken).toEqual([])
  })

  it('says whom a server refused while it took the mail for others', async () => {
    const { port, taken } = await sink({
      onRcptTo: (address, _, done) => done(address.address.startsWith('ada') ? answer(550, 'unknown') : null),
    })
    expect(await send(port)).toMatchObject({ kind: 'accepted', refused: ['ada@example.org'], postponed: [] })
    expect(taken).toMatchObject([{ to: ['boards@lists.example.org'] }])
  })

  it.each([
    ['one command after the other', true],
    ['pipelined', false],
  ])('says whom a server put off before it has a byte of the mail, %s', async (_, hidePIPELINING) => {
    const { port, taken } = await sink({
      hidePIPELINING,
      onRcptTo: (address, _session, done) =>
        done(address.address.startsWith('ada') ? answer(450, 'mailbox busy') : null),
    })
    const told: unknown[] = []
    const onEnvelope = (postponed: readonly string[]): Promise<void> => {
      told.push(postponed, taken.length)
      return Promise.resolve()
    }
    const delivery = await send(port, {}, mail, onEnvelope)
    expect(delivery).toMatchObject({ kind: 'accepted', refused: [], postponed: ['ada@example.org'] })
    expect(told).toEqual([['ada@example.org'], 0])
    expect(taken).toMatchObject([{ to: ['boards@lists.example.org'] }])
  })

  it('is not handed over where nobody could note that', async () => {
    const { port, taken } = await sink()
    const delivery = await send(port, {}, mail, () => Promise.reject(new Error('the disk is full')))
    expect(delivery).toEqual({ kind: 'later', reason: 'the disk is full' })
    expect(taken).toEqual([])
  })

  it('is tried later where nobody listens, nobody answers, or the greeting is a refusal', async () => {
    const mute = createServer()
    const rude = createServer((socket) => socket.end('554 go away\r\n'))
    for (const server of [mute, rude]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      // a server that listens on an IP address has one
      const { port } = server.address() as AddressInfo
      expect(await send(port, { silenceMs: 300 })).toMatchObject({ kind: 'later' })
      server.close()
      expect(await send(port, { silenceMs: 300 })).toMatchObject({ kind: 'later' })
    }
  })

  it('logs in with the password of a file, and says barred where that is wrong, and later where it is not there', async () => {
    const passwordFile = join(top, 'password')
    writeFileSync(passwordFile, 'opening words\n')
    const { port, taken } = await sink({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _, done) =>
        done(password === 'opening words' ? null : answer(535, 'no'), { user: username }),
    })
    expect(await send(port, { login: { user: 'review', passwordFile } })).toMatchObject({ kind: 'accepted' })
    writeFileSync(passwordFile, 'other words')
    expect(await send(port, { login: { user: 'review', passwordFile } })).toMatchObject({ kind: 'barred' })
    const missing = await send(port, { login: { user: 'review', passwordFile: join(top, 'none') } })
    expect(missing).toMatchObject({ kind: 'later', reason: expect.stringContaining('ENOENT') as string })
    expect(taken).toHaveLength(1)
  })

  it('goes over TLS or not at all where TLS is asked for', async () => {
    const plain = await sink()
    expect(await send(plain.port, { tls: 'starttls' })).toMatchObject({ kind: 'later' })
    const { key, cert, file } = certificate()
    for (const tls of ['starttls', 'implicit'] as const) {
      const server = await sink({ key, cert, secure: tls === 'implicit' })
      const strange = await send(server.port, { tls })
      expect(strange).toMatchObject({ kind: 'later', reason: expect.stringMatching(/self-signed/) as string })
      expect(await send(server.port, { tls, caFile: file })).toMatchObject({ kind: 'accepted' })
      expect(server.taken).toHaveLength(1)
    }
    expect(plain.taken).toEqual([])
  })

  it.each([
    ['the mail, with lines of no answer', '.', '250-\r\n', 'unclear'],
    ['the mail, with nothing in a line', '.', '\r\n', 'unclear'],
    ['its sender', 'MAIL', '250-\r\n', 'later'],
  ])('has an end where a server goes on and on about %s', async (_, at, drip, kind) => {
    const { port } = await startDripper(at, drip)
    const delivery = await send(port, { silenceMs: 400 })
    expect(delivery).toEqual({ kind, reason: 'the server came to no end in 2.8 s' })
  })

  it('does not hold up a bot that stops', async () => {
    const stop = new AbortController()
    const { port } = await sink({ onData: () => stop.abort() })
    const started = performance.now()
    expect(await send(port, { silenceMs: 60_000, signal: stop.signal })).toMatchObject({ kind: 'unclear' })
    expect(performance.now() - started).toBeLessThan(9000)
  })

  it('tells the truth when the connection is cut at any byte of the dialogue', async () => {
    const { port, taken } = await sink()
    const whole = await startCutter(port, Infinity)
    expect(await send(whole.port, {}, numbered(0))).toMatchObject({ kind: 'accepted' })
    await pause(20)
    const { bytes } = whole.seen()
    await whole.close()
    expect(bytes).toBeGreaterThan(300)
    const limits = Array.from({ length: bytes }, (_, at) => at + 1)
    const outcomes = new Map<number, string>()
    const cutAt = async (limit: number): Promise<void> => {
      const way = await startCutter(port, limit)
      outcomes.set(limit, (await send(way.port, {}, numbered(limit))).kind)
      await way.close()
    }
    // the server lets everybody wait a tenth of a second before it greets
    for (let at = 0; at < limits.length; at += 30) await Promise.all(limits.slice(at, at + 30).map(cutAt))
    await pause(100) // it may still be reading what came before a cut
    const delivered = new Set(taken.map(({ text }) => Number(/Subject: (\d+)/.exec(text)?.[1])))
    const wrong = limits.filter((limit) => {
      const kind = outcomes.get(limit)
      return kind === 'never' || (delivered.has(limit) ? kind === 'later' : kind === 'accepted')
    })
    expect(wrong.map((limit) => `byte ${limit}: ${outcomes.get(limit) ?? ''}`)).toEqual([])
    expect([...new Set(outcomes.values())].sort()).toEqual(['accepted', 'later', 'unclear'])
    // of those that are unclear some were delivered and some were not: nobody could have told
    const unclear = limits.filter((limit) => outcomes.get(limit) === 'unclear')
    expect(unclear.some((limit) => delivered.has(limit))).toBe(true)
    expect(unclear.some((limit) => !delivered.has(limit))).toBe(true)
  })
})

const numbered = (number: number): string => mail.replace('Re: boards', String(number).padStart(6, '0'))
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
