/** Works something out when it is first asked for, and gives the same answer from then on. */
export function once<Answer>(work: () => Answer): () => Answer {
  let known: { readonly answer: Answer } | null = null
  return () => (known ??= { answer: work() }).answer
}
