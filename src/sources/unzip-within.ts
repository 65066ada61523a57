import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** The text in gzipped bytes, in pieces; throws where it has more than so many bytes, before more of it is unpacked. */
export async function* unzipWithin(bytes: Uint8Array, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0
  const unzipped = pipeline(Readable.from([bytes]), createGunzip(), () => undefined)
  for await (const chunk of unzipped) {
    // what a gunzip gives
    const piece = chunk as Buffer
    size += piece.length
    if (size > maxBytes) throw new Error(`more than ${maxBytes} bytes when unpacked`)
    yield piece
  }
}
