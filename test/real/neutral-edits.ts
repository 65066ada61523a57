/** Edits that change how a makefile or a Kconfig file is written, and nothing that it means. */

/** A text with one such edit, at one of its places; null where it has no place for it. */
export type Edit = (text: string, random: (below: number) => number) => string | null

type Lines = readonly string[]

/** The lines that stand by themselves: not continued, no recipe, not within `define`. */
function plainLines(lines: Lines): readonly number[] {
  const found: number[] = []
  let isDefine = false
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:override\s+|export\s+)*define\b/.test(line)) isDefine = true
    const before = lines[index - 1] ?? ''
    if (!isDefine && !before.endsWith('\\') && !line.endsWith('\\') && !line.startsWith('\t')) found.push(index)
    if (/^\s*endef\b/.test(line)) isDefine = false
  }
  return found
}

/** An edit of one line among those that a pattern fits. */
function editLine(pattern: RegExp, edit: (match: RegExpExecArray) => string): Edit {
  return (text, random) => {
    const lines = text.split('\n')
    const fitting = plainLines(lines).flatMap((index) => {
      const match = pattern.exec(lines[index] ?? '')
      return match === null ? [] : [{ index, match }]
    })
    const chosen = fitting[random(Math.max(1, fitting.length))]
    if (chosen === undefined) return null
    lines[chosen.index] = edit(chosen.match)
    return lines.join('\n')
  }
}

const list = /^((?:obj|lib|extra|always)-(?:y|m|\$\(CONFIG_\w+\)))\s*\+=\s*([\w./-]+)\s+([\w./-][\w./ \t-]*)$/
const single = /^(obj-\$\(CONFIG_\w+\))(\s*\+=\s*)([\w./-]+)$/

/** An object made from others: `-objs` and `-y` are the same for it, and not for programs. */
const composite: Edit = (text, random) => {
  const names = new Set([...text.matchAll(/^obj-\S+\s*[:+]?=\s*([\w-]+)\.o$/gm)].map(([, name]) => name))
  const places = [...text.matchAll(/^([\w-]+)-objs(?=\s*:?\+?=\s*[\w./ \t-]+$)/gm)].filter(([, name]) =>
    names.has(name),
  )
  const chosen = places[random(Math.max(1, places.length))]
  const [whole = '', name = ''] = chosen ?? []
  if (chosen === undefined || text.includes(`${name}-y`)) return null
  return `${text.slice(0, chosen.index)}${name}-y${text.slice(chosen.index + whole.length)}`
}

/** The first assignment of a list of parts: `:=` is the same for it as `+=`, where nothing has assigned it before. */
const firstAssignment: Edit = (text, random) => {
  const lines = text.split('\n')
  const places = plainLines(lines).filter((at) => {
    const [, name = ''] = /^([\w-]+)-y\s*\+=\s*[\w./ \t-]+\.o$/.exec(lines[at] ?? '') ?? []
    const isList = name !== '' && !/^(?:obj|lib|extra|always|subdir|core|drivers|libs|net)$/.test(name)
    return isList && new RegExp(`^obj-\\S+\\s*[:+]?=\\s*${name}\\.o$`, 'm').test(text) && isFirst(lines, at, name)
  })
  const at = places[random(Math.max(1, places.length))]
  if (at === undefined) return null
  lines[at] = (lines[at] ?? '').replace('+=', ':=')
  return lines.join('\n')
}

function isFirst(lines: Lines, at: number, name: string): boolean {
  const before = lines.slice(0, at)
  return !before.some((line) => line.includes(`${name}-`) || /^\s*(?:-?include|if|define)/.test(line))
}

/** Names that Kbuild gives a meaning, or that other makefiles read: not for a directory to name as it likes. */
const notLocal =
  /-(?:y|m|objs|obj|dtbs|)$|^user(?:ccflags|ldflags)$|^(?:obj|src|srctree|objtree|targets|always|extra|hostprogs|userprogs|clean-files|no-clean-files|quiet|q|asflags|ccflags|cppflags|ldflags)$|^(?:cmd|quiet|rule|filechk)_|^(?:generic|mandatory|generated|dtb|dtbo|need|real|multi|single|purgatory)-/

/** A variable of lower case letters that one file alone assigns and uses, under another name. */
const renamedVariable: Edit = (text, random) => {
  if (/^\s*-?s?include\b|\bexport\b|\$\(eval\b/m.test(text)) return null
  const assigned = [...text.matchAll(/^([a-z][a-z0-9_-]*)[ \t]*[:+?]?=/gm)].flatMap(([, name = '']) => name)
  const local = [...new Set(assigned)].filter((name) => {
    const word = new RegExp(`(?<![\\w./-])${name}(?![\\w./-])`, 'g')
    const uses = new RegExp(`^${name}(?=[ \\t]*[:+?]?=)|(?<=\\$[({])${name}(?=[)}:])`, 'gm')
    // `objs-y$(CONFIG_X)` may be `objs-yy`.
    const isComposed = new RegExp(`(?<![\\w./-])${name.slice(0, -1)}\\S*\\$[({]`).test(text)
    return !notLocal.test(name) && !isComposed && [...text.matchAll(word)].length === [...text.matchAll(uses)].length
  })
  const name = local[random(Math.max(1, local.length))]
  if (name === undefined || text.includes(`own-${name}`)) return null
  return text.replaceAll(new RegExp(`^${name}(?=[ \\t]*[:+?]?=)|(?<=\\$[({])${name}(?=[)}:])`, 'gm'), `own-${name}`)
}

/** The parts of an object, if they are all of its lines and stand together, where the file ends. */
const movedParts: Edit = (text, random) => {
  const lines = text.split('\n')
  const places = plainLines(lines).filter((at) => {
    const [, name = ''] = /^([\w-]+)-(?:y|objs)\s*[:+]=\s*[\w./ \t-]+\.o$/.exec(lines[at] ?? '') ?? []
    const isList = new RegExp(`^obj-\\S+\\s*[:+]?=\\s*${name}\\.o$`, 'm').test(text)
    const others = lines.filter((line, index) => index !== at && line.includes(`${name}-`))
    return name !== '' && isList && others.length === 0 && isOutside(lines, at)
  })
  const at = places[random(Math.max(1, places.length))]
  const last = lines.at(-1)
  if (at === undefined || last !== '' || lines.at(-2)?.endsWith('\\') === true) return null
  return [...lines.slice(0, at), ...lines.slice(at + 1, -1), '', lines[at] ?? '', ''].join('\n')
}

/** Whether no conditional is open at a line. */
function isOutside(lines: Lines, at: number): boolean {
  const count = (pattern: RegExp): number => lines.slice(0, at).filter((line) => pattern.test(line)).length
  return count(/^\s*ifn?(?:def|eq)\b/) === count(/^\s*endif\b/)
}

/** Characters that mean something elsewhere, in a comment. */
const oddComment = `# it's "odd": $(call x, $^ <a> %.o: é | && #1; \t'so \`it is\` {not}`

export const makefileEdits: Readonly<Record<string, Edit>> = {
  comment: editLine(/^(?=[a-z]).*$/, ([line]) => `# what follows is as it was\n${line}`),
  'odd comment': editLine(/^(?=[a-z]).*$/, ([line]) => `${oddComment}\n${line}`),
  'comment behind a list': editLine(single, ([line]) => `${line} # it's "odd": $(x`),
  'renamed local variable': renamedVariable,
  'moved parts': movedParts,
  'assignment in two': editLine(
    /^([\w-]+-(?:y|objs))\s*:=\s*([\w./-]+\.o)\s+([\w./ \t-]+\.o)$/,
    ([, name = '', first = '', rest = '']) => `${name} := ${first}\n${name} += ${rest}`,
  ),
  'words in another order': editLine(
    /^(targets|clean-files|hostprogs|userprogs)(\s*[:+]?=\s*)([\w.-]+)\s+([\w.-]+)$/,
    ([, name = '', op = '', one = '', other = '']) => `${name}${op}${other} ${one}`,
  ),
  'space behind': editLine(single, ([line]) => `${line} `),
  'braces for parentheses': editLine(
    /^obj-\$\((CONFIG_\w+)\)(\s*\+=.*)$/,
    ([, symbol = '', rest = '']) => `obj-\${${symbol}}${rest}`,
  ),
  'continued into nothing': editLine(list, ([line]) => `${line} \\\n`),
  blank: editLine(/^(?=[a-z]).*$/, ([line]) => `\n${line}`),
  spaces: editLine(
    /^([\w$()-]+)\s*(\+=|:=)\s*(\S.*)$/,
    ([, name = '', op = '', value = '']) => `${name}\t\t${op}  ${value}`,
  ),
  'continued line': editLine(list, ([, name = '', first = '', rest = '']) => `${name} += ${first} \\\n\t${rest}`),
  'two lines': editLine(list, ([, name = '', first = '', rest = '']) => `${name} += ${first}\n${name} += ${rest}`),
  'objs as y': composite,
  'endif with a comment': editLine(/^endif$/, () => 'endif # as it was'),
  'first assignment': firstAssignment,
  'repeated object': editLine(single, ([line, name = '', , word = '']) => `${line}\n${name} += ${word}`),
  'filter for a test': editLine(
    /^ifeq\s*\(\$\((CONFIG_\w+)\),\s*y\)$/,
    ([, symbol = '']) => `ifneq ($(filter y,$(${symbol})),)`,
  ),
  'branches swapped': (text, random) => {
    const lines = text.split('\n')
    const places = lines.flatMap((_, start) => branchesAt(lines, start) ?? [])
    const chosen = places[random(Math.max(1, places.length))]
    if (chosen === undefined) return null
    const { start, middle, end } = chosen
    const test = (lines[start] ?? '').replace(/^if(n?)(def|eq)/, (_, not: string, kind: string) =>
      not === '' ? `ifn${kind}` : `if${kind}`,
    )
    const [yes, no] = [lines.slice(start + 1, middle), lines.slice(middle + 1, end)]
    return [...lines.slice(0, start), test, ...no, 'else', ...yes, ...lines.slice(end)].join('\n')
  },
  'neighbours swapped': (text, random) => {
    const lines = text.split('\n')
    const places = plainLines(lines).filter((at) => single.test(lines[at] ?? '') && single.test(lines[at + 1] ?? ''))
    const at = places[random(Math.max(1, places.length))]
    if (at === undefined) return null
    ;[lines[at], lines[at + 1]] = [lines[at + 1] ?? '', lines[at] ?? '']
    return lines.join('\n')
  },
}

/** A conditional of two branches with none inside of them, which begins at a line. */
function branchesAt(lines: Lines, start: number): { start: number; middle: number; end: number } | null {
  if (!/^ifn?(?:def CONFIG_\w+|eq \(\$\(CONFIG_\w+\), ?\w*\))$/.test(lines[start] ?? '')) return null
  const marks = lines.flatMap((line, at) => (at > start && /^\s*(?:if|else|endif)/.test(line) ? [at] : []))
  const [middle = 0, end = 0] = marks
  return lines[middle] === 'else' && lines[end] === 'endif' ? { start, middle, end } : null
}

/** `obj-$(CONFIG_X) += a.o` as a conditional, and the other way round, for symbols that are bools. */
export function conditionalEdit(isBool: (symbol: string) => boolean): Edit {
  return (text, random) => {
    const lines = text.split('\n')
    const places = plainLines(lines).filter((index) => {
      const [, name = ''] = single.exec(lines[index] ?? '') ?? []
      return name !== '' && isBool(name.slice('obj-$(CONFIG_'.length, -1))
    })
    const at = places[random(Math.max(1, places.length))]
    if (at === undefined) return null
    const [, name = '', , word = ''] = single.exec(lines[at] ?? '') ?? []
    const symbol = name.slice('obj-$('.length, -1)
    const asked = random(2) === 0 ? `ifdef ${symbol}` : `ifeq ($(${symbol}),y)`
    lines[at] = `${asked}\nobj-y += ${word}\nendif`
    return lines.join('\n')
  }
}

/** A bool is y wherever it is anything. */
export function definedEdit(isBool: (symbol: string) => boolean): Edit {
  return (text, random) => {
    const pattern = /^(?:ifdef (CONFIG_\w+)|ifeq \(\$\((CONFIG_\w+)\), ?y\))$/gm
    const places = [...text.matchAll(pattern)].filter(([, one, other]) =>
      isBool((one ?? other ?? '').slice('CONFIG_'.length)),
    )
    const chosen = places[random(Math.max(1, places.length))]
    const [line = '', one, other = ''] = chosen ?? []
    if (chosen === undefined) return null
    const asked = one === undefined ? `ifdef ${other}` : `ifeq ($(${one}),y)`
    return `${text.slice(0, chosen.index)}${asked}${text.slice(chosen.index + line.length)}`
  }
}

/** More help text, as deep as the first line of what is there: less deep a line ends it (scripts/kconfig/lexer.l). */
function oddHelp(text: string, random: (below: number) => number): string | null {
  const places = [...text.matchAll(/^\thelp\n([ \t]+)(?=\S)/gm)]
  const chosen = places[random(Math.max(1, places.length))]
  if (chosen === undefined) return null
  const [head, indent = ''] = chosen
  const at = chosen.index + head.length - indent.length
  const lines = [`It's an "odd" one: $(x), 'y', endif.`, 'config it as it was.'].map((line) => `${indent}${line}\n`)
  return `${text.slice(0, at)}${lines.join('')}${text.slice(at)}`
}

export const kconfigEdits: Readonly<Record<string, Edit>> = {
  'odd comment': editKconfig(/^config (\w+)$/, ([line]) => `# it's "odd": $(x) && 'so\n${line}`),
  'odd help': oddHelp,
  'quotes around a symbol': editKconfig(/^\tdefault y$/, () => `\tdefault "y"`),
  'brackets around a symbol': editKconfig(/^\tdepends on (\w+)$/, ([, name = '']) => `\tdepends on (${name})`),
  'condition of a line': editKconfig(
    /^\tselect (\w+) if (\w+) && (\w+)$/,
    ([, name = '', left = '', right = '']) => `\tselect ${name} if (${right} && ${left})`,
  ),
  comment: editKconfig(/^config (\w+)$/, ([line]) => `# as it was\n${line}`),
  'two dependencies': editKconfig(
    /^\tdepends on (!?\w+) && (!?\w+)$/,
    ([, left = '', right = '']) => `\tdepends on ${right}\n\tdepends on ${left}`,
  ),
  'prompt by itself': editKconfig(
    /^\t(bool|tristate) (".*")$/,
    ([, type = '', prompt = '']) => `\t${type}\n\tprompt ${prompt}`,
  ),
  'default as a definition': editKconfig(/^\tdefault n$/, () => ''),
  'double negation': editKconfig(
    /^\tdepends on (\w+)$/,
    ([, name = '']) => `\tdepends on !!${name} && (${name} || ${name}=y)`,
  ),
  'same selection twice': editKconfig(/^\tselect (\w+)$/, ([line]) => `${line}\n${line} if y`),
}

/** An edit of one line of a Kconfig file, outside of help texts. */
function editKconfig(pattern: RegExp, edit: (match: RegExpExecArray) => string): Edit {
  return (text, random) => {
    const lines = text.split('\n')
    let inHelp = false
    const fitting = lines.flatMap((line, index) => {
      if (/^\S/.test(line)) inHelp = false
      const match = inHelp ? null : pattern.exec(line)
      if (/^\t(?:---)?help/.test(line)) inHelp = true
      return match === null ? [] : [{ index, match }]
    })
    const chosen = fitting[random(Math.max(1, fitting.length))]
    if (chosen === undefined) return null
    lines[chosen.index] = edit(chosen.match)
    return lines.join('\n')
  }
}

/** Edits that change what is built, each at one place. */
export const plantedEdits: Readonly<Record<string, Edit>> = {
  'object dropped': editLine(single, () => ''),
  'object added': editLine(single, ([line, name = '']) => `${line}\n${name} += planted-object.o`),
  'other symbol': editLine(single, ([line]) => line.replace('CONFIG_', 'CONFIG_PLANTED_')),
  'module instead of built-in': editLine(/^obj-y\s*\+=\s*([\w-]+\.o)$/, ([, word = '']) => `obj-m += ${word}`),
  'always instead of a symbol': editLine(single, ([, , , word = '']) => `obj-y += ${word}`),
  'flag added': editLine(single, ([line]) => `ccflags-y += -DPLANTED\n${line}`),
  'list overwritten': editLine(single, ([line]) => line.replace('+=', ':= planted.o #')),
  'conditional around': editLine(single, ([line]) => `ifdef CONFIG_PLANTED\n${line}\nendif`),
}

export const plantedKconfigEdits: Readonly<Record<string, Edit>> = {
  'symbol renamed': editKconfig(/^config (\w+)$/, ([line]) => `${line}_PLANTED`),
  'type changed': editKconfig(/^\ttristate( ".*")$/, ([, rest = '']) => `\tbool${rest}`),
  'dependency replaced': editKconfig(/^\tdepends on [A-Z]\w+$/, () => '\tdepends on PLANTED'),
  'dependency added': editKconfig(/^\t(?:bool|tristate) ".*"$/, ([line]) => `${line}\n\tdepends on PLANTED`),
  'selection dropped': editKconfig(/^\tselect \w+$/, () => ''),
  'default added': editKconfig(/^\t(?:bool|tristate) ".*"$/, ([line]) => `${line}\n\tdefault PLANTED`),
  'prompt dropped': editKconfig(/^\t(bool|tristate) ".*"$/, ([, type = '']) => `\t${type}`),
}
