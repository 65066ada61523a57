/** Where make runs, for makefiles whose paths are relative to their own directory and not to the top of the tree. */
export type WorkingDirectory = {
  /** An absolute path that stands for the top of the tree: `/kernel`. */
  readonly root: string
  /** From the top of the tree; the top itself is ''. */
  readonly path: string
}

/** A path as a makefile spells it, as an absolute one without `.`, `..` and double slashes (GNU make function.c abspath()). */
export function absolutePath({ root, path }: WorkingDirectory, spelled: string): string {
  return withoutDots(spelled.startsWith('/') ? spelled : `${root}/${path}/${spelled}`)
}

/** A path as a makefile spells it, from the top of the tree; null for one outside of it. */
export function pathFromTop(directory: WorkingDirectory, spelled: string): string | null {
  const absolute = absolutePath(directory, spelled)
  if (absolute === directory.root) return ''
  const lead = `${directory.root}/`
  return absolute.startsWith(lead) ? absolute.slice(lead.length) : null
}

/** A file of the tree as make is told to read it from where it runs. */
export function spelledFrom({ root, path }: WorkingDirectory, file: string): string {
  const lead = path === '' ? '' : `${path}/`
  return file.startsWith(lead) ? file.slice(lead.length) : `${root}/${file}`
}

/** An absolute path without `.`, `..` and double slashes. */
export function withoutDots(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
