import type { Opening } from './log-opening.ts'

/**
 * A message of a shell: dash (`/bin/sh: 1: pumpctl: not found`, `gen.sh: 9: Syntax error: ...`) or bash (`gen.sh: line 2: ...`);
 * or env (`/usr/bin/env: 'python3': No such file or directory`); null for other lines. That a recipe goes on after it is the rule, so that
 * it is a warning unless the recipe fails.
 */
export function openShell(line: string): Opening | null {
  const lacked = /^(?:\S{0,200}\/)?env: (['‘"`](\S{1,300})['’"]: No such file or directory)$/.exec(line)
  if (lacked !== null)
    return { tool: 'shell', severity: 'warning', message: lacked[1] ?? '', kind: 'missing', subject: lacked[2] ?? '' }
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
    // bash tells of a child that was killed, with its process id: `/bin/sh: line 1: 18350 Killed  ld -r ...`.
    ...(/^\d{1,9} (?:Killed|Terminated|Hangup) /.test(message) && { kind: 'environment' as const }),
  }
}
