import { setTimeout as sleep } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import { connectImap, type ImapOptions } from './imap.ts'

/** Waits between connections that fail: half a minute, doubled each time, at most an hour (milliseconds). */
const firstWaitMs = 30_000
const longestWaitMs = 3_600_000

/** RFC 2177: a client asks anew at least every 29 minutes; what stands between may forget a connection sooner. */
const idleMs = 4 * 60_000

/** Who comes back sooner from waiting has not waited (milliseconds). */
const shortestIdleMs = 1000

type Heard = { readonly onNews: () => void; readonly onFailure: (error: unknown) => void }

/**
 * Says whenever a mail comes to a folder (RFC 2177 IDLE), until the signal is aborted. Connects again after failures, later each time; a
 * server that does not let us wait is one, too: mails are found there by who asks for them.
 */
export async function watchImapFolder(options: ImapOptions, { onNews, onFailure }: Heard): Promise<void> {
  const { signal } = options
  // asked anew each time: it changes meanwhile
  const isStopping = (): boolean => signal.aborted
  for (let failures = 0; !isStopping(); failures++) {
    try {
      await watchOnce(options, () => {
        failures = 0
        onNews()
      })
    } catch (error) {
      if (!isStopping()) onFailure(error)
    }
    await sleep(Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 20)), undefined, { signal }).catch(
      () => null,
    )
  }
}

async function watchOnce(options: ImapOptions, onNews: () => void): Promise<void> {
  const client = await connectImap({ ...options, idleMs })
  const stop = (): void => client.close()
  options.signal.addEventListener('abort', stop, { once: true })
  try {
    options.signal.throwIfAborted()
    client.on('exists', onNews)
    while (client.usable) await idleOnce(client)
  } finally {
    options.signal.removeEventListener('abort', stop)
    client.close()
  }
}

/** The library does not throw where IDLE is refused (NO, BAD): asked at once again, the server would be asked without end. */
async function idleOnce(client: ImapFlow): Promise<void> {
  const began = performance.now()
  const result = await client.idle()
  if (!client.usable) return
  if (result === false) throw new Error('the server refuses to let us wait for mails (IDLE)')
  if (performance.now() - began < shortestIdleMs) throw new Error('the server ends waiting for mails (IDLE) at once')
}
