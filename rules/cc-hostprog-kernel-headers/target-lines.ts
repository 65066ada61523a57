/** A line of a source that takes something of the target, 1-based. */
export type TargetLine = { readonly line: number; readonly what: string }

/** The lines of a program's source that take the configuration or generated headers of the target. */
export function targetLines(text: string): readonly TargetLine[] {
  return text.split('\n').flatMap((line, at): readonly TargetLine[] => {
    const header = /^\s*#\s*include\s*[<"]((?:generated\/|linux\/kconfig\.h|asm\/asm-offsets\.h)[^>"]*)[>"]/.exec(
      line,
    )?.[1]
    if (header !== undefined) return [{ line: at + 1, what: `includes \`${header}\` of the target` }]
    const symbol = /^\s*#\s*(?:if|ifdef|ifndef|elif)\b.*\b(CONFIG_[A-Z0-9_]+)/.exec(line)?.[1]
    return symbol === undefined ? [] : [{ line: at + 1, what: `asks for \`${symbol}\` of the target` }]
  })
}
