import { z } from 'zod'

/** Milliseconds of the units that times are written in. */
export const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `15m`, `2h`, `7d` or 0, in milliseconds. */
export const duration = z.union([z.literal(0), z.string()]).transform((text, context) => {
  const found = /^(\d{1,6})([smhd])$/.exec(String(text))
  const unit = found?.[2]
  if (text === 0) return 0
  if (unit === 's' || unit === 'm' || unit === 'h' || unit === 'd') return Number(found?.[1]) * unitMs[unit]
  context.addIssue({ code: 'custom', message: `\`${text}\` is no time; write 90s, 15m, 2h or 7d` })
  return z.NEVER
})

/** A bare mail address, in lower case. */
export const address = z
  .string()
  .regex(/^[^\s@<>]+@[^\s@<>]+$/, 'a bare mail address, as list@example.org')
  .toLowerCase()

/** Whether a host is this machine. */
export function isLoopback(host: string): boolean {
  return ['localhost', '127.0.0.1', '::1', '[::1]'].includes(host)
}

/** The address of a list on a public-inbox server: over HTTPS, but for this machine. */
export const listUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, search, hash } = new URL(text)
  const isPlain = username === '' && search === '' && hash === ''
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)))
}, 'the address of a list, as https://lore.kernel.org/linux-kbuild/ (http is for loopback)')
