import type { Span } from '../../src/text/span.ts'
import type { Tree } from '../../src/text/tree.ts'

/** A version as it is written and where it stands; `same` is without zeros at its end, as `5.1` and `5.1.0` are one. */
export type Stated = Span & { readonly version: string; readonly same: string }

/** The least version of a tool, where the build asks for it and where it is documented. */
export type ToolVersion = { readonly tool: string; readonly asked: Stated; readonly documented: Stated }

const script = 'scripts/min-tool-version.sh'
const page = 'Documentation/process/changes.rst'

/** The tools of both: how changes.rst names them, and min-tool-version.sh, or null where the top Makefile asks. */
const tools: readonly { readonly tool: string; readonly name: string | null }[] = [
  { tool: 'GNU C', name: 'gcc' },
  { tool: 'Clang/LLVM', name: 'llvm' },
  { tool: 'Rust', name: 'rustc' },
  { tool: 'bindgen', name: 'bindgen' },
  { tool: 'binutils', name: 'binutils' },
  { tool: 'GNU make', name: null },
]

/** The least versions that both the build and the documentation of a tree state. */
export function toolVersions(tree: Tree): readonly ToolVersion[] {
  const [asking, documenting, top] = [script, page, 'Makefile'].map((path) => tree.read(path) ?? '')
  return tools.flatMap(({ tool, name }) => {
    const asked = name === null ? ofMake(top ?? '') : ofScript(asking ?? '', name)
    const documented = ofPage(documenting ?? '', tool)
    return asked && documented ? [{ tool, asked, documented }] : []
  })
}

/** The last `echo` of a branch of the `case`: those before it are of single architectures. */
function ofScript(text: string, name: string): Stated | null {
  const branch = text.indexOf(`\n${name})\n`)
  const end = text.indexOf(';;', branch)
  if (branch === -1 || end === -1) return null
  const last = [...text.slice(branch, end).matchAll(/\becho ([\d.]+)/g)].at(-1)
  return last === undefined ? null : stated(script, branch + last.index + 'echo '.length, last[1] ?? '')
}

/** The second column of the table's row. */
function ofPage(text: string, tool: string): Stated | null {
  const row = text.split('\n').find((line) => line.startsWith(`${tool} `) && /\d/.test(line))
  if (row === undefined) return null
  const version = /^(?: ?\(optional\))?\s+(\d[\d.]*)\s/.exec(row.slice(tool.length))
  if (version?.[1] === undefined) return null
  const start = `\n${text}`.indexOf(`\n${row}`) + tool.length + version[0].indexOf(version[1])
  return stated(page, start, version[1])
}

/** `$(error GNU Make >= 4.0 is required. Your Make version is $(MAKE_VERSION))`. */
function ofMake(text: string): Stated | null {
  const match = /GNU Make >= (\d[\d.]*\d) is required/.exec(text)
  return match === null ? null : stated('Makefile', match.index + 'GNU Make >= '.length, match[1] ?? '')
}

function stated(file: string, start: number, text: string): Stated {
  return { file, start, end: start + text.length, version: text, same: text.replace(/(\.0+)+$/, '') }
}
