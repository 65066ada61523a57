/**
 * Whether an id is one that a mail was sent under. The others are made here: `missing-` and a hash for a mail without one
 * (mail/message.ts), the id of the commit for a local one (git/range.ts); nobody else knows them.
 */
export function isMailedId(id: string): boolean {
  return !/^(missing-[\da-f]+|[\da-f]{40}|[\da-f]{64})$/.test(id)
}
