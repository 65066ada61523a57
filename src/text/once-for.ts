/** Derives something from a text once, and gives the same answer for the same text from then on. */
export function onceFor<V>(derive: (of: string) => V): (of: string) => V {
  const kept = new Map<string, { readonly value: V }>()
  return (of) => {
    let found = kept.get(of)
    if (found === undefined) {
      found = { value: derive(of) }
      kept.set(of, found)
    }
    return found.value
  }
}
