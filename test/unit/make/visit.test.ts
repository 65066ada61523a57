import { describe, expect, it } from 'vitest'
import { textOf } from '../../../src/make/expr-text.ts'
import { parseMakefile } from '../../../src/make/parse.ts'
import { callsOf, exprsOf, referencesOf, visitNodes, visitParts } from '../../../src/make/visit.ts'
import { showExpr } from './shape.ts'

const text = `obj-y := a.o
ifdef CONFIG_PM
ifeq ($(ARCH),arm)
obj-y += b.o
else
obj-y += c.o
endif
endif
`

describe('visitNodes', () => {
  it('gives all nodes with the branches around them', () => {
    const visits = [...visitNodes(parseMakefile(text).nodes)].map(({ node, enclosing }) => [
      text.slice(node.range.start, node.range.end).split('\n')[0],
      enclosing.map(
        ({ conditional, branch }) => `${text.slice(conditional.range.start, conditional.range.start + 6)}${branch}`,
      ),
    ])
    expect(visits).toEqual([
      ['obj-y := a.o', []],
      ['ifdef CONFIG_PM', []],
      ['ifeq ($(ARCH),arm)', ['ifdef 0']],
      ['obj-y += b.o', ['ifdef 0', 'ifeq (0']],
      ['obj-y += c.o', ['ifdef 0', 'ifeq (1']],
    ])
  })
})

describe('exprsOf', () => {
  it('gives each expression with its role and when make expands it', () => {
    const lines = [
      'A = $(a)',
      'B := $(b)',
      'C += $(c)',
      'D ?= $(d)',
      'E != $(e)',
      'x $(f): $(g) | $(h) ; $(i)',
      '\t$(j)',
      '$(k): %.o: $(l)',
      '$(m): N = $(n)',
      'include $(o)',
      'export $(p)',
      'vpath $(q)',
      'undefine $(r)',
      'load $(s)',
      '$(t)',
      'ifeq ($(u),$(v))',
      'else ifdef $(w)',
      'endif',
      'define $(x)',
      'endef',
    ].join('\n')
    const shown = parseMakefile(lines).nodes.flatMap((node) =>
      exprsOf(node).map(({ role, expansion, expr }) => `${role} ${expansion}: ${showExpr(lines, expr)}`),
    )
    expect(shown).toEqual([
      'name immediate: A',
      'value deferred: <a>',
      'name immediate: B',
      'value immediate: <b>',
      'name immediate: C',
      'value as first defined: <c>',
      'name immediate: D',
      'value deferred: <d>',
      'name immediate: E',
      'value immediate: <e>',
      'targets immediate: x <f>',
      'prerequisites immediate: <g>',
      'order-only prerequisites immediate: <h>',
      'recipe deferred: <i>',
      'recipe deferred: <j>',
      'targets immediate: <k>',
      'target pattern immediate: %.o',
      'prerequisites immediate: <l>',
      'targets immediate: <m>',
      'name immediate: N',
      'value deferred: <n>',
      'prerequisites immediate: ',
      'paths immediate: <o>',
      'names immediate: <p>',
      'paths immediate: <q>',
      'name immediate: <r>',
      'paths immediate: <s>',
      'line immediate: <t>',
      'test immediate: <u>',
      'test immediate: <v>',
      'test immediate: <w>',
      'name immediate: <x>',
    ])
  })
})

describe('the parts of an expression', () => {
  const line = '$(call if_changed,$(x)) $(foreach d,$(dirs:%=$(obj)/%),$(call f,$(d))) $@\n'
  const [node] = parseMakefile(line).nodes
  const expr = node?.kind === 'eval' ? node.expr : null

  it('are given at any depth, the outer first', () => {
    expect(
      expr && [...visitParts(expr)].filter((part) => part.kind !== 'literal').map((part) => textOf(line, part)),
    ).toEqual([
      '$(call if_changed,$(x))',
      '$(x)',
      '$(foreach d,$(dirs:%=$(obj)/%),$(call f,$(d)))',
      '$(dirs:%=$(obj)/%)',
      '$(obj)',
      '$(call f,$(d))',
      '$(d)',
      '$@',
    ])
  })

  it('can be asked for calls by name, and for variables', () => {
    expect(expr && callsOf(expr, 'call').map((part) => textOf(line, part))).toEqual([
      '$(call if_changed,$(x))',
      '$(call f,$(d))',
    ])
    expect(expr && referencesOf(expr).map(({ name }) => showExpr(line, name))).toEqual(['x', 'dirs', 'obj', 'd', '@'])
  })
})
