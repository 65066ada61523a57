/**
 * Derives something from an object once, and gives the same answer for the same object from then on. For objects that never change,
 * such as syntax trees, and pure functions: nobody can tell by anything but the clock. What was derived goes with its object.
 */
export function oncePer<K extends object, V>(derive: (of: K) => V): (of: K) => V {
  const kept = new WeakMap<K, { readonly value: V }>()
  return (of) => {
    const found = kept.get(of)
    if (found !== undefined) return found.value
    const value = derive(of)
    kept.set(of, { value })
    return value
  }
}
