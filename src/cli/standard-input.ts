import { UsageError } from './exit.ts'

/** More than any series needs: the largest of two lists in three years has 332 patches and 6 MB. Bytes. */
const maxBytes = 256 * 1024 * 1024

/** All of standard input. Throws `UsageError` where it is larger than what is read. */
export async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    // Without an encoding set, a stream of Node gives Buffers.
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > maxBytes) throw new UsageError(`standard input has more than ${maxBytes / 1024 / 1024} MB`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}
