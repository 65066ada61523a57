import type { MessagePort } from 'node:worker_threads'

/** What the main thread asks the thread that talks to git. */
export type ObjectQuestion =
  | { readonly kind: 'read'; readonly names: readonly string[]; readonly maxBytes: number }
  | { readonly kind: 'list'; readonly tree: string }

/** A question and the number under which its answer comes: many may be on their way. */
export type ObjectRequest = { readonly number: number; readonly question: ObjectQuestion }

/** An object as git has it; `bytes` is null where it is over the limit. */
export type GitObject = {
  readonly id: string
  readonly type: string
  readonly size: number
  readonly bytes: Uint8Array | null
}

/** An answer, and the number of the question. */
export type ObjectReply = { readonly number: number; readonly answer: ObjectAnswer }

/** What it answers: an object for each name, null where there is none (or more than one of that abbreviation). */
export type ObjectAnswer =
  | { readonly kind: 'objects'; readonly objects: readonly (GitObject | null)[] }
  | { readonly kind: 'listing'; readonly bytes: Uint8Array }
  | { readonly kind: 'error'; readonly message: string }

/** What the thread starts with. `signal` is one 32-bit word, which counts the replies put on the port. */
export type ObjectWorkerData = {
  readonly gitDirectory: string
  readonly env: Readonly<Record<string, string>>
  readonly signal: SharedArrayBuffer
  readonly port: MessagePort
  /** The URL of the module that the thread runs. */
  readonly module: string
  /** The directory of node's compile cache, where the process has one. */
  readonly compileCache: string | null
}
