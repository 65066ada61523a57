import type { MessagePort } from 'node:worker_threads'

/** What the main thread asks the thread that talks to git. */
export type ObjectRequest =
  | { readonly kind: 'read'; readonly names: readonly string[]; readonly maxBytes: number }
  | { readonly kind: 'list'; readonly tree: string }

/** An object as git has it; `bytes` is null where it is over the limit. */
export type GitObject = {
  readonly id: string
  readonly type: string
  readonly size: number
  readonly bytes: Uint8Array | null
}

/** What it answers: an object for each name, null where there is none (or more than one of that abbreviation). */
export type ObjectReply =
  | { readonly kind: 'objects'; readonly objects: readonly (GitObject | null)[] }
  | { readonly kind: 'listing'; readonly bytes: Uint8Array }
  | { readonly kind: 'error'; readonly message: string }

/** What the thread starts with. `signal` is one 32-bit word that it sets to 1 when a reply is on the port. */
export type ObjectWorkerData = {
  readonly gitDirectory: string
  readonly env: Readonly<Record<string, string>>
  readonly signal: SharedArrayBuffer
  readonly port: MessagePort
}
