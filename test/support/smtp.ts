import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A mail that a server took: what it was told, and the bytes. */
export type Taken = { readonly from: string; readonly to: readonly string[]; readonly text: string }

/** An SMTP server on loopback. */
export type Sink = { readonly port: number; readonly taken: Taken[]; close(): Promise<void> }

/** Starts a server that takes every mail but for what the options say; `accept` sees each mail before the server answers. */
export async function startSink(
  options: SMTPServerOptions & { readonly accept?: (mail: Taken) => Error | undefined } = {},
): Promise<Sink> {
  const taken: Taken[] = []
  const { accept, ...rest } = options
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: rest.secure === undefined && rest.key === undefined ? ['STARTTLS'] : [],
    closeTimeout: 100,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const mail = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('latin1'),
        }
        const error = accept?.(mail)
        if (error === undefined) taken.push(mail)
        done(error)
      })
    },
    ...rest,
  })
  server.on('error', () => undefined) // connections that are cut are what these tests are about
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // a server that listens on an IP address has one
  const { port } = server.server.address() as AddressInfo
  return { port, taken, close: () => new Promise((resolve) => server.close(resolve)) }
}

/** What a cut connection let through, and whether it was cut. */
export type Cut = { readonly bytes: number; readonly cut: boolean }

/** A way to a server that is cut when so many bytes have passed it, both directions together. */
export async function startCutter(
  port: number,
  limit: number,
): Promise<{ readonly port: number; readonly seen: () => Cut; close(): Promise<void> }> {
  let passed = 0
  let cut = false
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    const both = [client, upstream]
    for (const socket of both) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    const end = (): void => both.forEach((socket) => socket.destroy())
    const relay = (from: Socket, to: Socket): void => {
      from.on('data', (chunk: Buffer) => {
        const room = limit - passed
        passed += Math.min(room, chunk.length)
        if (chunk.length < room) return void to.write(chunk)
        cut = true
        to.write(chunk.subarray(0, room), () => setImmediate(end))
      })
      from.on('close', () => to.end())
    }
    relay(client, upstream)
    relay(upstream, client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: own } = server.address() as AddressInfo
  return {
    port: own,
    seen: () => ({ bytes: passed, cut }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The error that makes the server answer with a code. */
export function answer(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code })
}
