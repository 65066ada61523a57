import type { MailSource } from '../ports.ts'

/**
 * A source that is opened when it is first asked for something, and again after that failed: a list that is not there yet, or for
 * an hour, fails where it is read and holds up no other.
 */
export function createLazySource(name: string, open: () => Promise<MailSource>): MailSource {
  let opened: Promise<MailSource> | null = null
  const source = (): Promise<MailSource> => {
    const opening = opened ?? open()
    opened = opening
    opening.catch(() => (opened = null))
    return opening
  }
  return {
    name,
    since: async function* (window) {
      yield* (await source()).since(window)
    },
    find: async (id) => (await source()).find(id),
    knownUntil: async () => (await (await source()).knownUntil?.()) ?? Infinity,
    thread: async (id) => (await source()).thread(id),
    close: async () => {
      const closing = await opened?.catch(() => null)
      await closing?.close()
    },
  }
}
