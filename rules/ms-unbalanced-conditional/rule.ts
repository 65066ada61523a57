import type { Node } from '../../src/make/cst.ts'
import { visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { defineRule, type MakefileView } from '../../src/review/rule.ts'

/**
 * GNU make balances conditionals and definitions file by file (read.c eval() sets up fresh conditionals for each), and
 * stops where one is left open, or closed without being open. It does so whatever the configuration and the goal, so
 * nothing here has to be evaluated.
 *
 * Silent inside the body of a `define`, which is text until something expands it, and on other syntax errors. Where a
 * `define` is left open, the conditionals around it are too: they are not told.
 */
export default defineRule({
  id: 'ms-unbalanced-conditional',
  severity: 'error',
  scope: 'tree',
  summary: 'A conditional or definition is opened and not closed, or closed and not opened.',
  since: '0.1.0',
  check({ makefiles, report }) {
    for (const makefile of makefiles) {
      const nodes = [...visitNodes(makefile.syntax.nodes)].map(({ node }) => node)
      const openDefine = nodes.find((node) => node.kind === 'define' && node.end === null)
      const faulty = nodes.filter((node) => openDefine === undefined || node === openDefine || node.kind === 'bad')
      for (const node of faulty) {
        const fault = faultOf(node, makefile)
        if (fault) report({ ...fault, ...reproduction(makefile.path) })
      }
    }
  },
})

function faultOf(node: Node, makefile: MakefileView): Report | null {
  if (node.kind === 'conditional' && node.endif === null) {
    const says = "missing 'endif'"
    return faultOn(node, makefile, (line) => ({ message: `\`${line}\` has no \`endif\``, says }))
  }
  if (node.kind === 'define' && node.end === null) {
    const says = "missing 'endef', unterminated 'define'"
    return faultOn(node, makefile, (line) => ({ message: `\`${line}\` has no \`endef\``, says }))
  }
  if (node.kind !== 'bad') return null
  return faultOn(node, makefile, (line) => {
    const message = strayMessage(line, node.message)
    return message === null ? null : { message, says: node.message }
  })
}

/** What is wrong with an `endif`, `else` or `endef` that make refuses; null for other lines. */
function strayMessage(line: string, says: string): string | null {
  const word = /^(endif|endef|else)(?![\w.-])/.exec(line)?.[1]
  if (word === undefined) return null
  if (word === 'else' && says.startsWith('only one')) return '`else` after `else`'
  return word === 'endef' ? '`endef` without `define`' : `\`${word}\` without \`ifeq\` or \`ifdef\``
}

type Fault = { readonly message: string; readonly says: string }

/** A report on the first line of a node, from its first word on; `tell` gets its text. */
function faultOn(node: Node, makefile: MakefileView, tell: (line: string) => Fault | null): Report | null {
  const { text, path } = makefile
  const whole = text.slice(node.range.start, node.range.start + maxShown).split('\n', 1)[0] ?? ''
  const line = whole.trim()
  const fault = tell(line)
  if (!fault) return null
  const start = node.range.start + whole.length - whole.trimStart().length
  const evidence = [`GNU make stops: *** ${fault.says}.  Stop.`]
  return { at: { file: path, start, end: start + line.length }, message: fault.message, evidence }
}

/** How much of a line is shown. */
const maxShown = 120

/** A goal that no makefile has makes GNU make read the file and do nothing else. */
function reproduction(path: string): Pick<Report, 'reproduce'> {
  return /^[\w./+-]+$/.test(path) ? { reproduce: [`make -nf ${path} no-such-goal`] } : {}
}
