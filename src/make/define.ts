import type { Define, Expr, Makefile } from './cst.ts'
import { isDirective, skipSpace } from './chars.ts'
import { parseExpr } from './expr.ts'
import { joinContinuations, openSource, readLine } from './lines.ts'
import { parseRange } from './parse.ts'
import type { View } from './view.ts'
import { findUnquoted, headOfView, joinViews } from './view.ts'

/**
 * The body of a `define`, read as a makefile: what `$(eval $(NAME))` would see if it held no reference. Offsets are those of the
 * same file. What the body means is known only after its expansion, when `$$` is `$`.
 */
export function defineBody(makefile: Makefile, define: Define): Makefile {
  return { text: makefile.text, nodes: parseRange(makefile.text, define.body) }
}

/**
 * The value that a `define` gives: its lines, with continuations joined, comments kept but those behind an inner `endef`, and no
 * newline at the end (read.c do_define()).
 */
export function defineValue(makefile: Makefile, define: Define): Expr {
  const source = openSource(makefile.text, define.body)
  const views: View[] = []
  for (let at = define.body.start; at < define.body.end;) {
    const line = readLine(source, at)
    at = line.end
    views.push(withoutEndefComment(joinContinuations(line.buffer)))
    if (at < define.body.end) views.push(newline(line.contentEnd, line.end))
  }
  const view = joinViews(views, define.body.start)
  return parseExpr(view, 0, view.text.length)
}

function withoutEndefComment(line: View): View {
  const start = skipSpace(line.text, 0)
  if (line.text.startsWith('\t') || !isDirective(line.text, start, 'endef')) return line
  const { view, index } = findUnquoted(line, '#', start)
  return index === -1 ? view : headOfView(view, index)
}

/** `\n`, or `\r\n`, as the newline that make sees. */
function newline(start: number, end: number): View {
  return {
    text: '\n',
    base: start,
    map: end - start === 1 ? null : { starts: Int32Array.of(start, end), ends: Int32Array.of(end) },
  }
}
