import { isUtf8 } from 'node:buffer'

/** A decoded file and how to get its bytes back. */
export type Decoded = { readonly text: string; readonly encoding: 'utf-8' | 'latin1' }

/** Decodes bytes as UTF-8 where they are that, else one character a byte; either way `encodeText` gives the same bytes again. */
export function decodeBytes(bytes: Uint8Array): Decoded {
  if (!isUtf8(bytes)) return { text: toBinaryString(bytes), encoding: 'latin1' }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return { text, encoding: 'utf-8' }
}

/** The bytes that `decodeBytes` was given. */
export function encodeText(decoded: Decoded): Uint8Array {
  return Buffer.from(decoded.text, decoded.encoding)
}

/** Bytes as a string of one character a byte: lossless and fit for JSON, where the encoding is nobody's business. */
export function toBinaryString(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** The bytes of a binary string. */
export function fromBinaryString(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}
