/** What goes wrong: before GitHub has done anything, or after, so that only its answer is lost. `unplaceable` is a diff shown in part. */
export type Fault =
  | 'server-error'
  | 'cut-before'
  | 'cut-after'
  | 'bad-gateway-after'
  | 'rate-limit'
  | 'secondary-limit'
  | 'gone'
  | 'unplaceable'

export const faultKinds: readonly Fault[] = [
  'server-error',
  'cut-before',
  'cut-after',
  'bad-gateway-after',
  'rate-limit',
  'secondary-limit',
]

/** Which fault befalls a request `METHOD /path`; null for none. */
export type FaultPlan = (request: string) => Fault | null

export const noFaults: FaultPlan = () => null

/** A fault for the next `times` requests that match. */
export function faultOn(pattern: RegExp, fault: Fault, times = 1): FaultPlan {
  let left = times
  return (request) => {
    if (left === 0 || !pattern.test(request)) return null
    left -= 1
    return fault
  }
}

/** At random one request of `every` fails, in any of the ways, up to `most` in all. */
export function randomFaults(
  random: () => number,
  { every, most }: { readonly every: number; readonly most: number },
): FaultPlan {
  let left = most
  return () => {
    if (left === 0 || random() * every >= 1) return null
    left -= 1
    return faultKinds[Math.floor(random() * faultKinds.length)] ?? null
  }
}
