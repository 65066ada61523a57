import type { Span } from '../../src/text/span.ts'

/** A line of a fragment that sets a symbol. */
export type ConfigLine = {
  /** Without `CONFIG_`. */
  readonly name: string
  readonly value: string
  /** The name as the line has it, with `CONFIG_`. */
  readonly at: Span
}

/** The lines of a fragment that scripts/kconfig/merge_config.sh reads as settings: `CONFIG_X=value`, from the first column on. */
export function configLines(file: string, text: string): readonly ConfigLine[] {
  return [...text.matchAll(/^CONFIG_(\w+)=(.*)$/gm)].map((match) => {
    const [, name = '', value = ''] = match
    const at = { file, start: match.index, end: match.index + 'CONFIG_'.length + name.length }
    return { name, value: value.trim(), at }
  })
}
