import { normalise } from '../../src/kbuild/parsed-files.ts'
import { selftestLibrary } from '../../src/kbuild/selftest-directory.ts'
import type { Assignment, Expr, Node } from '../../src/make/cst.ts'
import { exprWords, literalText, textOf } from '../../src/make/expr-text.ts'
import { visitNodes } from '../../src/make/visit.ts'
import type { Report } from '../../src/review/finding.ts'
import { defineRule, type MakefileView, type TreeContext } from '../../src/review/rule.ts'
import { directoryOf } from '../../src/review/selftests.ts'

/**
 * lib.mk prefixes the `TEST_GEN_` lists with `$(OUTPUT)/` and hangs them on `all` when it is read, adds to `CFLAGS`, and links with
 * `$(CFLAGS) $(LDFLAGS) ... $^ $(LDLIBS)`. So lists stand above its `include`, flags are added, and libraries are `LDLIBS`.
 *
 * Silent on makefiles that do not include lib.mk themselves; where `CFLAGS` is set anew with itself in it; on words behind the
 * `include` that hold a variable; on other paths of headers beside `$(KHDR_INCLUDES)`; and on libraries where the makefile has recipes of its own, which may use the flags as they like.
 */
export default defineRule({
  id: 'st-cflags-clobber',
  severity: 'warning',
  scope: 'tree',
  summary:
    'Flags or lists of a selftest on the wrong side of lib.mk, or headers that it should leave to the top makefile.',
  since: '0.1.0',
  check(context) {
    for (const makefile of context.makefiles) {
      if (makefile.world !== 'selftests') continue
      const library = findLibrary(makefile)
      if (library === null) continue
      for (const report of reportsOn(makefile, library, context)) context.report(report)
    }
  },
})

/** Where the makefile includes lib.mk. */
function findLibrary({ path, text, syntax }: MakefileView): Node | null {
  for (const { node } of visitNodes(syntax.nodes)) {
    if (node.kind !== 'include') continue
    const paths = exprWords(text, node.paths).map((word) => literalText(text, word) ?? '')
    if (paths.some((word) => normalise(`${directoryOf(path)}/${word}`) === selftestLibrary)) return node
  }
  return null
}

function reportsOn(makefile: MakefileView, library: Node, context: TreeContext): readonly Report[] {
  const { text, syntax } = makefile
  const lib = context.makefile(selftestLibrary)?.text ?? ''
  const knows = { headers: lib.includes('KHDR_INCLUDES'), khdr: /^khdr\s*:/m.test(lib) }
  const visited = [...visitNodes(syntax.nodes)].map(({ node }) => node)
  const hasRecipes = visited.some(({ kind }) => kind === 'recipe')
  return visited.flatMap((node): readonly Report[] => {
    if (node.kind === 'recipe') return ownHeaders(makefile, node.text)
    if (node.kind === 'rule') return knows.khdr ? [] : khdrWords(makefile, node.prerequisites)
    if (node.kind !== 'assignment') return []
    const name = literalText(text, node.name)
    if (name === null) return []
    const isBehind = node.range.start > library.range.start
    return [
      ...(isBehind && name === 'CFLAGS' ? setAnew(makefile, node) : []),
      ...(isBehind && /^TEST_GEN_(?:PROGS|PROGS_EXTENDED|FILES)$/.test(name) ? listedLate(makefile, node, name) : []),
      ...(knows.headers && !text.includes('KHDR_INCLUDES') && /^(?:CFLAGS|CPPFLAGS)$/.test(name)
        ? fixedHeaders(makefile, node)
        : []),
      ...(!hasRecipes && /^(?:CFLAGS|LDFLAGS)$/.test(name) ? librariesIn(makefile, node, name) : []),
    ]
  })
}

function setAnew({ path, text }: MakefileView, { op, value, name }: Assignment): readonly Report[] {
  if (op === '+=' || op === '?=' || /\$[({]CFLAGS[)}]/.test(textOf(text, value))) return []
  return [
    {
      at: { file: path, ...name.range },
      severity: 'error',
      message: '`CFLAGS` is set anew behind lib.mk, which has added to it',
      evidence: ['`-D_GNU_SOURCE=` and `$(USERCFLAGS)` are lost'],
    },
  ]
}

/** What is listed when lib.mk has made `all` of the list already; what a variable stands for may name `$(OUTPUT)`. */
function listedLate({ path, text }: MakefileView, { value }: Assignment, list: string): readonly Report[] {
  return exprWords(text, value).flatMap((word): Report[] => {
    const name = literalText(text, word)
    if (name === null) return []
    const message = `lib.mk has read \`${list}\` above: \`${name}\` is not built, and \`$(OUTPUT)/\` is not put in front`
    return [{ at: { file: path, ...word.range }, severity: 'error', subject: `${list} ${name}`, message }]
  })
}

function fixedHeaders({ path, text }: MakefileView, { value }: Assignment): readonly Report[] {
  return exprWords(text, value).flatMap((word): Report[] => {
    const written = textOf(text, word)
    if (!/^-(?:I|isystem).*usr\/include\/?$/.test(written)) return []
    const isSystem = /^-(?:I|isystem)\/usr\/include/.test(written)
    return [
      {
        at: { file: path, ...word.range },
        subject: written,
        message: isSystem
          ? `\`${written}\` has the headers of the machine that builds: those of this kernel are \`$(KHDR_INCLUDES)\``
          : `\`${written}\` is empty where the kernel is built with \`O=\`: \`$(KHDR_INCLUDES)\` is right for both`,
      },
    ]
  })
}

function librariesIn({ path, text }: MakefileView, { value }: Assignment, list: string): readonly Report[] {
  return exprWords(text, value).flatMap((word): Report[] => {
    const written = textOf(text, word)
    if (!/^-l[a-z]/.test(written)) return []
    const message = `\`${written}\` in \`${list}\` stands before the sources on the command line: libraries are \`LDLIBS\``
    return [{ at: { file: path, ...word.range }, subject: `${list} ${written}`, message }]
  })
}

function ownHeaders({ path, text }: MakefileView, recipe: Expr): readonly Report[] {
  const written = textOf(text, recipe)
  const found = /\$[({]MAKE[)}].*\b(headers_install|headers)\b(?!\/)/.exec(written)
  if (found === null) return []
  const start = recipe.range.start + found.index
  return [
    {
      at: { file: path, start, end: start + found[0].length },
      message: 'headers are made by `make headers`, before any selftest is: not by a test of its own',
      subject: found[1] ?? '',
    },
  ]
}

function khdrWords({ path, text }: MakefileView, prerequisites: Expr): readonly Report[] {
  return exprWords(text, prerequisites).flatMap((word): Report[] =>
    textOf(text, word) === 'khdr'
      ? [
          {
            at: { file: path, ...word.range },
            message: 'lib.mk has no target `khdr` any more: `make headers` is run before',
          },
        ]
      : [],
  )
}
