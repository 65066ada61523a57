/** What is named in commands by its place in a sandbox: the build, its evidence, and the marks that checks of semantics leave. */
const named = /(?<![\w./)}-])\/(?:(?:build|evidence)(?![\w.-])|tmp\/\.kbuild-review)/g

/** A word of a command for a sandbox, as it must be where the directory `root` stands for the top of one. */
export function belowRoot(word: string, root: string): string {
  return word.replaceAll(named, (path) => `${root}${path}`)
}

/** What a command printed there, as it would have in a sandbox. */
export function asInside(text: string, root: string): string {
  return text.replaceAll(`${root}/`, '/')
}
