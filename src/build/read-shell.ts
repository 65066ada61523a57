import type { Opening } from './log-opening.ts'

/**
 * A message of a shell: dash (`/bin/sh: 1: pumpctl: not found`, `gen.sh: 9: Syntax error: ...`) or bash (`gen.sh: line 2: ...`);
 * null for other lines. That a recipe goes on after it is the rule, so that it is a warning unless the recipe fails.
 */
export function openShell(line: string): Opening | null {
  const match = /^([^\s:]{1,300}): (?:line )?(\d{1,7}): (.*)$/.exec(line)
  if (match === null) return null
  const [, name = '', number, message = ''] = match
  const isScript = name.includes('/') ? !/\/(?:ba|da|a|k)?sh$/.test(name) : name.endsWith('.sh')
  if (!isScript && !/^(?:\S*\/)?(?:ba|da|a|k)?sh$/.test(name)) return null
  const program = /^(\S{1,300}): (?:not found|command not found|Permission denied|No such file or directory)$/.exec(
    message,
  )?.[1]
  return {
    tool: 'shell',
    severity: 'warning',
    message,
    ...(isScript && { at: { path: name, line: Number(number), column: null } }),
    ...(program !== undefined && { kind: 'missing' as const, subject: program }),
  }
}
