/** A line of a .config: `CONFIG_NAME=value`, or `# CONFIG_NAME is not set`, whose value is `n`. `value` is as written, quotes included. */
export type Assignment = { readonly name: string; readonly value: string; readonly line: number }

/**
 * The assignments of a .config, a defconfig or a fragment, in order; a name may come twice. Lines that are no assignment
 * are passed over (confdata.c, `conf_read_simple`).
 */
export function parseDotConfig(text: string): readonly Assignment[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.replace(/\r$/, '')
    const unset = /^# CONFIG_(\S+) is not set$/.exec(line)
    const set = unset ? null : /^CONFIG_([^=]*)=(.*)$/.exec(line)
    const name = unset?.[1] ?? set?.[1]
    return name === undefined ? [] : [{ name, value: set?.[2] ?? 'n', line: index + 1 }]
  })
}

/** The text within a quoted value, its backslashes undone; null where it is not quoted, or not closed. */
export function unquote(value: string): string | null {
  const match = /^"((?:[^"\\]|\\.)*)"/s.exec(value)
  return match ? (match[1] ?? '').replace(/\\(.)/gs, '$1') : null
}

/** A text as a .config quotes it. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
