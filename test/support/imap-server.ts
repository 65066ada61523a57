import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createSecureContext, createServer as createTlsServer, TLSSocket, type SecureContext } from 'node:tls'

/** A mail of the folder, its lines ending in LF, and when it came (milliseconds since 1970); `said`: the bytes that it is said to have. */
export type FolderMail = { readonly mail: string; readonly at: number; readonly said?: number }

/** An IMAP4rev1 server (RFC 3501) on loopback with the one folder INBOX, as far as a reader of mails asks. */
export type ImapServer = {
  readonly port: number
  /** Who may log in. */
  readonly user: string
  readonly password: string
  /** Lays mails into the folder; who waits there is told (RFC 2177). */
  readonly deliver: (mails: readonly FolderMail[]) => void
  /** Makes the folder anew: the same mails under other numbers. */
  readonly renumber: () => void
  /** Ends all connections, as a server that is started again. */
  readonly drop: () => void
  readonly close: () => Promise<void>
  /** What is said to who asks to wait for mails: `waits` until one comes, `refuses`, or `ends` it at once. */
  idle: 'waits' | 'refuses' | 'ends'
  /** How often somebody asked to. */
  readonly idles: () => number
}

/** `implicit`: TLS from the first byte; `starttls`: when it is asked for. With neither the server has no TLS. */
export type ImapServerTls = { readonly mode: 'implicit' | 'starttls'; readonly key: string; readonly cert: string }

type Kept = FolderMail & { readonly uid: number }
type Folder = { validity: number; next: number; mails: readonly Kept[] }
type Waiting = { idle: ImapServer['idle']; idles: number }

const user = 'boards'
const password = 'lamp "of" \\ light'

/** Starts it. */
export async function startImapServer(tls: ImapServerTls | null = null): Promise<ImapServer> {
  const folder: Folder = { validity: 1, next: 1, mails: [] }
  const waiting: Waiting = { idle: 'waits', idles: 0 }
  const open = new Set<Session>()
  const context = tls === null ? null : createSecureContext(tls)
  const accept = (socket: Socket): void => {
    const session = new Session({ socket, folder, waiting, context: tls?.mode === 'starttls' ? context : null })
    open.add(session)
    socket.on('close', () => open.delete(session))
  }
  const server: Server = tls?.mode === 'implicit' ? createTlsServer(tls, accept) : createServer(accept)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = (): void => {
    for (const session of open) session.end()
  }
  return {
    // a server that listens on an IP address has one
    port: (server.address() as AddressInfo).port,
    user,
    password,
    get idle() {
      return waiting.idle
    },
    set idle(idle) {
      waiting.idle = idle
    },
    idles: () => waiting.idles,
    deliver: (mails) => {
      folder.mails = [...folder.mails, ...mails.map((mail) => ({ ...mail, uid: folder.next++ }))]
      for (const session of open) session.tell()
    },
    renumber: () => {
      folder.validity += 1
      folder.next += 1000
      folder.mails = folder.mails.map((mail) => ({ ...mail, uid: folder.next++ }))
    },
    drop,
    close: async () => {
      drop()
      server.close()
      await once(server, 'close')
    },
  }
}

type Opened = {
  readonly socket: Socket
  readonly folder: Folder
  readonly waiting: Waiting
  readonly context: SecureContext | null
}

/** One client. */
class Session {
  #socket: Socket
  readonly #folder: Folder
  readonly #waiting: Waiting
  #context: SecureContext | null
  #input = ''
  #isSelected = false
  #idling: string | null = null

  constructor({ socket, folder, waiting, context }: Opened) {
    this.#socket = socket
    this.#folder = folder
    this.#waiting = waiting
    this.#context = context
    this.#listen()
    this.#say('* OK ready')
  }

  tell(): void {
    if (this.#idling !== null) this.#say(`* ${this.#folder.mails.length} EXISTS`)
  }

  end(): void {
    this.#socket.destroy()
  }

  #listen(): void {
    this.#socket.on('error', () => undefined)
    this.#socket.on('data', (chunk: Buffer) => {
      this.#input += chunk.toString('latin1')
      for (let end = this.#input.indexOf('\r\n'); end >= 0; end = this.#input.indexOf('\r\n')) {
        const line = this.#input.slice(0, end)
        this.#input = this.#input.slice(end + 2)
        this.#take(line)
      }
    })
  }

  #say(...lines: readonly string[]): void {
    if (this.#socket.writable) this.#socket.write(Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1'))
  }

  #take(line: string): void {
    if (this.#idling !== null) {
      this.#say(`${this.#idling} OK done`)
      this.#idling = null
      return
    }
    const [tag = '', command = '', ...args] = words(line)
    const name = command.toUpperCase() === 'UID' ? `UID ${args.shift()?.toUpperCase() ?? ''}` : command.toUpperCase()
    this.#say(...this.#answer(name, args, tag))
    if (name === 'LOGOUT') this.#socket.end()
    if (name === 'STARTTLS') this.#secure()
  }

  /** The lines that answer a command. */
  #answer(name: string, args: readonly string[], tag: string): readonly string[] {
    const ok = (...lines: readonly string[]): readonly string[] => [...lines, `${tag} OK ${name} done`]
    switch (name) {
      case 'CAPABILITY':
        return ok(`* CAPABILITY IMAP4rev1 IDLE${this.#context === null ? '' : ' STARTTLS'}`)
      case 'STARTTLS':
        return this.#context === null ? [`${tag} BAD no TLS`] : ok()
      case 'LOGIN':
        return args[0] === user && args[1] === password ? ok() : [`${tag} NO wrong user or password`]
      case 'LIST':
        return ok(args[1] === '' ? '* LIST (\\Noselect) "/" ""' : '* LIST (\\HasNoChildren) "/" INBOX')
      case 'SELECT':
      case 'EXAMINE':
        return this.#select(args[0] ?? '', tag)
      case 'UID SEARCH':
        return ok(`* SEARCH ${this.#search(args).join(' ')}`.trimEnd())
      case 'UID FETCH':
        return ok(...this.#fetch(args[0] ?? '', args.slice(1).join(' ').toUpperCase()))
      case 'IDLE':
        this.#waiting.idles += 1
        if (this.#waiting.idle === 'refuses') return [`${tag} NO too many wait`]
        if (this.#waiting.idle === 'ends') return ok('+ waiting')
        this.#idling = tag
        return ['+ waiting']
      case 'NOOP':
        return ok(...(this.#isSelected ? [`* ${this.#folder.mails.length} EXISTS`] : []))
      case 'LOGOUT':
        return ok('* BYE')
      default:
        return [`${tag} BAD ${name} is not known`]
    }
  }

  #select(name: string, tag: string): readonly string[] {
    if (name.toUpperCase() !== 'INBOX') return [`${tag} NO there is no ${name}`]
    this.#isSelected = true
    const { mails, validity, next } = this.#folder
    return [
      '* FLAGS ()',
      `* ${mails.length} EXISTS`,
      `* OK [UIDVALIDITY ${validity}]`,
      `* OK [UIDNEXT ${next}]`,
      `${tag} OK [READ-ONLY] opened`,
    ]
  }

  /** RFC 3501 §6.4.4, of which ALL, SINCE, HEADER and OR are known. */
  #search(args: readonly string[]): readonly number[] {
    const words = [...args]
    const matches = condition(words)
    return words.length === 0 ? this.#folder.mails.filter(matches).map(({ uid }) => uid) : []
  }

  #fetch(range: string, items: string): readonly string[] {
    const { mails } = this.#folder
    const last = mails.at(-1)?.uid ?? 0
    const spans = range.split(',').map((span) => span.split(':').map((end) => (end === '*' ? last : Number(end))))
    const isAsked = (uid: number): boolean =>
      spans.some(([a = 0, b = a]) => uid >= Math.min(a, b) && uid <= Math.max(a, b))
    return mails.flatMap((mail, at) => (isAsked(mail.uid) ? [`* ${at + 1} FETCH (${fetched(mail, items)})`] : []))
  }

  #secure(): void {
    const socket = this.#socket
    socket.removeAllListeners('data')
    this.#socket = new TLSSocket(socket, { isServer: true, secureContext: this.#context ?? createSecureContext() })
    this.#context = null
    this.#input = ''
    this.#listen()
  }
}

type Condition = (mail: Kept) => boolean

/** Takes one condition of a search from the beginning of its words. */
function condition(words: string[]): Condition {
  const name = words.shift()?.toUpperCase()
  if (name === 'ALL') return () => true
  if (name === 'SINCE') {
    const since = Date.parse(`${words.shift() ?? ''} UTC`)
    return ({ at }) => at >= since
  }
  if (name === 'OR') {
    const [one, other] = [condition(words), condition(words)]
    return (mail) => one(mail) || other(mail)
  }
  const [field = '', value = ''] = name === 'HEADER' ? words.splice(0, 2) : []
  return ({ mail }) => name === 'HEADER' && headerOf(mail, field).toLowerCase().includes(value.toLowerCase())
}

function headerOf(mail: string, name: string): string {
  const head = mail.slice(0, mail.indexOf('\n\n')).replaceAll(/\n[ \t]+/g, ' ')
  const line = head.split('\n').find((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  return line?.slice(name.length + 1).trim() ?? ''
}

/** The items of a mail that are asked for; the envelope has the Message-ID alone. */
function fetched({ mail, uid, at, said }: Kept, items: string): string {
  const text = mail.replaceAll('\n', '\r\n')
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(new Date(at).toUTCString()) ?? []
  const bytes = Buffer.from(text, 'utf8')
  const id = headerOf(mail, 'message-id')
  return [
    `UID ${uid}`,
    ...(items.includes('RFC822.SIZE') ? [`RFC822.SIZE ${said ?? bytes.length}`] : []),
    ...(items.includes('INTERNALDATE')
      ? [`INTERNALDATE "${day ?? ''}-${month ?? ''}-${year ?? ''} ${time ?? ''} +0000"`]
      : []),
    ...(items.includes('ENVELOPE') ? [`ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL "${id}")`] : []),
    ...(/BODY(?:\.PEEK)?\[\]/.test(items) ? [`BODY[] {${bytes.length}}\r\n${bytes.toString('latin1')}`] : []),
  ].join(' ')
}

/** The words of a command: atoms, quoted strings without their quotes, and parentheses for nothing. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s"()]+)/g)].map(
    ([, quoted, atom]) => atom ?? (quoted ?? '').replaceAll(/\\(.)/g, '$1'),
  )
}
