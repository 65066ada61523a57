import { parentPort } from 'node:worker_threads'
import { readMessage } from './read.ts'
import type { ReadOptions } from './read.ts'
import type { ReadResult } from './message.ts'

/** What a worker gets: a mail, whose bytes are its own. */
export type Job = { readonly raw: Uint8Array; readonly options: ReadOptions }

/** What a worker says: once that it is there, then the result of each job, without `raw`, which the asker has. */
export type Answer = { readonly kind: 'ready' } | { readonly kind: 'result'; readonly result: ReadResult }

const port = parentPort
port?.on('message', (job: Job) => {
  void readMessage(job.raw, job.options).then((result) => port.postMessage(answer(result)))
})
port?.postMessage({ kind: 'ready' } satisfies Answer)

/** Views are copied: sending a view sends all that it looks at. */
function answer(result: ReadResult): Answer {
  if (result.kind === 'refused') return { kind: 'result', result }
  const { message } = result
  const attachments = message.attachments.map((part) => ({ ...part, body: new Uint8Array(part.body) }))
  const slim = { ...message, raw: new Uint8Array(0), body: new Uint8Array(message.body), attachments }
  return { kind: 'result', result: { kind: 'message', message: slim } }
}
