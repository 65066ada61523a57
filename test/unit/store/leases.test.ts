import { describe, expect, it } from 'vitest'
import { dropLease, leaseOf, takeLease } from '../../../src/store/leases.ts'
import { storeFiles } from '../../support/store.ts'

const files = storeFiles()

describe('a lease', () => {
  it('is one process’s until its time is over', async () => {
    const path = files.path()
    const [one, other] = [await files.open(path), await files.open(path)]
    const wish = { name: 'bot', forMs: 100 }
    expect(await takeLease(one, { ...wish, owner: 'one', now: 0 })).toEqual({ owner: 'one', until: 100 })
    expect(await takeLease(other, { ...wish, owner: 'other', now: 99 })).toBeNull()
    expect(await takeLease(one, { ...wish, owner: 'one', now: 50 })).toEqual({ owner: 'one', until: 150 })
    expect(await takeLease(other, { ...wish, owner: 'other', now: 150 })).toEqual({ owner: 'other', until: 250 })
  })

  it('is void once its process is known to be gone', async () => {
    const store = await files.open()
    await takeLease(store, { name: 'bot', owner: 'one', now: 0, forMs: 100 })
    const wish = { name: 'bot', owner: 'other', now: 1, forMs: 100, isGone: (owner: string) => owner === 'one' }
    expect(await takeLease(store, wish)).not.toBeNull()
  })

  it('is void where a clock that was ahead took it, and not where the clock was set right a little', async () => {
    const store = await files.open()
    await takeLease(store, { name: 'bot', owner: 'one', now: 1000, forMs: 100 })
    const wish = { name: 'bot', owner: 'other', forMs: 100 }
    expect(await takeLease(store, { ...wish, now: 950 })).toBeNull()
    expect(await takeLease(store, { ...wish, now: 500 })).toEqual({ owner: 'other', until: 600 })
  })

  it('is given back by its owner alone', async () => {
    const store = await files.open()
    await takeLease(store, { name: 'bot', owner: 'one', now: 0, forMs: 100 })
    await dropLease(store.records, 'bot', 'other')
    expect(await leaseOf(store.records, 'bot')).toEqual({ owner: 'one', until: 100 })
    await dropLease(store.records, 'bot', 'one')
    expect(await leaseOf(store.records, 'bot')).toBeNull()
  })
})
