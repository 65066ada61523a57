import type { Records, Store } from './store.ts'

/** Who does something that only one process may do at a time, and until when that holds (milliseconds since 1970). */
export type Lease = { readonly owner: string; readonly until: number }

type Wish = {
  readonly name: string
  readonly owner: string
  readonly now: number
  readonly forMs: number
  /** Whether an owner's process is known to be gone: then its lease is void before its time. */
  readonly isGone?: (owner: string) => boolean
}

/**
 * Takes a lease, or prolongs one's own. Null where it is taken; then `leaseOf` says by whom. One that holds for more than twice as long as it
 * is ever taken for was taken while the clock was ahead, and is void: whoever holds it and lives prolongs it by the clock that is right.
 */
export async function takeLease(store: Store, wish: Wish): Promise<Lease | null> {
  const { name, owner, now, forMs, isGone = () => false } = wish
  return store.transaction(async (records) => {
    const held = await leaseOf(records, name)
    const isHeld = held !== null && held.until > now && held.until <= now + 2 * forMs
    if (isHeld && held.owner !== owner && !isGone(held.owner)) return null
    const until = now + forMs
    await records
      .insertInto('leases')
      .values({ name, owner, until })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ owner, until }))
      .execute()
    return { owner, until }
  })
}

/** Who holds a lease, its time over or not; null where nobody ever took it or its last owner gave it back. */
export async function leaseOf(records: Records, name: string): Promise<Lease | null> {
  const row = await records.selectFrom('leases').select(['owner', 'until']).where('name', '=', name).executeTakeFirst()
  return row ?? null
}

/** Gives back one's own lease; that of somebody else stays. */
export async function dropLease(records: Records, name: string, owner: string): Promise<void> {
  await records.deleteFrom('leases').where('name', '=', name).where('owner', '=', owner).execute()
}
