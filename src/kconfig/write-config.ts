import { quote } from './dot-config.ts'
import type { ConfigValues } from './evaluate.ts'
import type { KconfigModel, MenuNode } from './model.ts'

/** The .config that conf writes for these values, byte for byte (confdata.c, `conf_write`). */
export function writeDotConfig(model: KconfigModel, values: ConfigValues): string {
  const { root } = model
  const lines = ['#', '# Automatically generated file; DO NOT EDIT.', `# ${root.prompt?.text ?? ''}`, '#']
  const written = new Set<string>()
  /** Whether an empty line is due before the next symbol: one follows the end of every menu. */
  let isGapDue = false
  const enter = (node: MenuNode): void => {
    if (node.name === null) {
      if (!isVisible(node, values)) return
      lines.push('', '#', `# ${node.prompt?.text ?? ''}`, '#')
      isGapDue = false
    } else if (!written.has(node.name)) {
      const line = lineOf(node.name, model, values)
      if (line === null) return
      written.add(node.name)
      if (isGapDue) lines.push('')
      isGapDue = false
      lines.push(line)
    }
  }
  const leave = (node: MenuNode): void => {
    if (node.kind !== 'menu' || !isVisible(node, values)) return
    lines.push(`# end of ${node.prompt?.text ?? ''}`)
    isGapDue = true
  }
  for (const child of root.children) walk(child, enter, leave)
  return `${lines.join('\n')}\n`
}

/** The line of a .config for a symbol; null where conf writes none. */
function lineOf(name: string, model: KconfigModel, values: ConfigValues): string | null {
  const type = model.symbols.get(name)?.type
  const value = values.symbols.get(name)
  if (type === undefined || type === 'unknown' || value?.written !== true) return null
  const isTristate = type === 'bool' || type === 'tristate'
  if (isTristate && value.value === 'n') return `# CONFIG_${name} is not set`
  return `CONFIG_${name}=${type === 'string' ? quote(value.value) : value.value}`
}

/** Whether a menu or a comment is shown (menu.c, `menu_is_visible`). */
function isVisible({ prompt, visibleIf }: MenuNode, values: ConfigValues): boolean {
  return prompt !== null && values.test(visibleIf) !== 'n' && values.test(prompt.condition) !== 'n'
}

function walk(node: MenuNode, enter: (node: MenuNode) => void, leave: (node: MenuNode) => void): void {
  enter(node)
  for (const child of node.children) walk(child, enter, leave)
  leave(node)
}
