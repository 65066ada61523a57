import { z } from 'zod'
import { UnavailableError } from './unavailable.ts'
import { unzipWithin } from './unzip-within.ts'
import type { Web } from './web.ts'

/** An epoch that a server has: where it is to be cloned from, and what changes with its branches; null where the server does not say. */
export type ServedEpoch = { readonly epoch: number; readonly url: string; readonly fingerprint: string | null }

/** The manifest of all lists of lore.kernel.org has some 1 MB. */
const packedBytes = 4 * 1024 * 1024
const unpackedBytes = 32 * 1024 * 1024

const shape = z.record(z.string(), z.object({ fingerprint: z.string().max(200).optional() }))

/**
 * The epochs of a list on a public-inbox server, oldest first, by its `manifest.js.gz` (grokmirror's format, PublicInbox::ManifestJsGz). Throws
 * `UnavailableError` where it cannot be had.
 */
export async function readManifest(web: Web, listUrl: string): Promise<readonly ServedEpoch[]> {
  const base = new URL(listUrl.endsWith('/') ? listUrl : `${listUrl}/`)
  const url = new URL('manifest.js.gz', base)
  const answer = await web.get(url, { maxBytes: packedBytes })
  if (answer.status !== 200) throw new UnavailableError(`${url.href}: status ${answer.status}`)
  try {
    const text = Buffer.concat(await Array.fromAsync(unzipWithin(answer.body, unpackedBytes))).toString('utf8')
    const entries = Object.entries(shape.parse(JSON.parse(text)))
    return entries.flatMap(([path, entry]) => epochOf(path, entry, base)).sort((a, b) => a.epoch - b.epoch)
  } catch (error) {
    throw new UnavailableError(`${url.href}: no manifest`, { cause: error })
  }
}

/** The address is made of the list's own, so that a manifest cannot send us elsewhere. */
function epochOf(
  path: string,
  { fingerprint }: { fingerprint?: string | undefined },
  base: URL,
): readonly ServedEpoch[] {
  const [, list, number] = /([^/]+)\/git\/(\d{1,6})\.git$/.exec(path) ?? []
  // a manifest may name other lists of the server
  if (number === undefined || list !== base.pathname.split('/').at(-2)) return []
  return [{ epoch: Number(number), url: new URL(`git/${number}.git`, base).href, fingerprint: fingerprint ?? null }]
}
