/** Values by id, of which those not asked for the longest are forgotten once all together weigh too much. */
export type WeighedCache<V> = {
  has(id: string): boolean
  /** The value, which is now the last to be forgotten; undefined where there is none. */
  get(id: string): V | undefined
  /** Keeps a value, however heavy, at least until the next one is set. */
  set(id: string, value: V): void
}

/** An empty cache for values of `maxWeight` together; the weight of a value may not change while it is kept. */
export function createWeighedCache<V>(maxWeight: number, weigh: (value: V) => number): WeighedCache<V> {
  const values = new Map<string, V>()
  let weight = 0

  const forget = (id: string): V | undefined => {
    const value = values.get(id)
    if (value !== undefined && values.delete(id)) weight -= weigh(value)
    return value
  }

  const put = (id: string, value: V): void => {
    values.set(id, value)
    weight += weigh(value)
  }

  return {
    has: (id) => values.has(id),
    get: (id) => {
      const value = forget(id)
      if (value !== undefined) put(id, value)
      return value
    },
    set: (id, value) => {
      forget(id)
      put(id, value)
      for (const oldest of values.keys()) {
        if (weight <= maxWeight || oldest === id) break
        forget(oldest)
      }
    },
  }
}
