/** A name that a script takes from its environment, and where it first does. */
export type Taken = { readonly name: string; readonly start: number; readonly end: number }

/**
 * The upper-case names that a script reads and does not set: `$FOO`, `${FOO}`, `os.environ["FOO"]`, `$ENV{FOO}`. Those with a default or a
 * test (`${FOO:-x}`, `os.environ.get("FOO")`) are left out: the script gets along without. Null where it reads another script, which
 * may set anything, or is in a language that is not known.
 */
export function environmentOf(path: string, text: string): readonly Taken[] | null {
  if (path.endsWith('.py')) return first(text.matchAll(/\bos\.environ\[['"]([A-Z][A-Z0-9_]+)['"]\]/g))
  if (path.endsWith('.pl')) {
    const tested = new Set([...text.matchAll(/(?:defined|exists)\s*\(?\s*\$ENV\{['"]?(\w+)/g)].map(([, name]) => name))
    return first(text.matchAll(/\$ENV\{['"]?([A-Z][A-Z0-9_]+)['"]?\}/g)).filter(({ name }) => !tested.has(name))
  }
  return path.endsWith('.sh') ? ofShell(withoutComments(text)) : null
}

function ofShell(text: string): readonly Taken[] | null {
  // `. include/config/auto.conf` sets CONFIG_ symbols, which are no variables of make here.
  const sourced = [...text.matchAll(/^[ \t]*(?:\.|source)[ \t]+(\S+)/gm)].map(([, file = '']) => file)
  if (sourced.some((file) => !/auto\.conf["']?$/.test(file))) return null
  const own = new Set(
    [
      ...text.matchAll(
        /(?:^|[\s;&|({])(?:local |declare |readonly |export |typeset )*([A-Z][A-Z0-9_]+)(?:\[[^\]]*\])?\+?=/g,
      ),
      ...text.matchAll(/\b(?:for|read|local|declare|unset|getopts\s+\S+)\s+(?:-\w+\s+)*([A-Z][A-Z0-9_]+)\b/g),
      // Asked for with a default, or whether it is there.
      ...text.matchAll(/\$\{([A-Z][A-Z0-9_]+):?[-+=?]/g),
      ...text.matchAll(/-[nz]\s+"?\$\{?([A-Z][A-Z0-9_]+)\b/g),
    ].map(([, name]) => name),
  )
  return first(text.matchAll(/(?<![\\$])\$\{?([A-Z][A-Z0-9_]+)\b/g)).filter(
    ({ name }) => !own.has(name) && !name.startsWith('CONFIG_'),
  )
}

/** The text with its comments blanked, offsets kept. */
function withoutComments(text: string): string {
  return text.replace(/(^|[ \t;])#.*$/gm, (comment: string) => ' '.repeat(comment.length))
}

function first(matches: Iterable<RegExpExecArray>): readonly Taken[] {
  const found = new Map<string, Taken>()
  for (const match of matches) {
    const [whole, name = ''] = match
    if (!found.has(name)) found.set(name, { name, start: match.index, end: match.index + whole.length })
  }
  return [...found.values()]
}
