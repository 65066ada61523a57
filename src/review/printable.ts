/**
 * What must not reach a terminal, a mail or a log as it is: control characters, which drive terminals, and the invisible
 * and direction-changing ones, which make text read otherwise than it is (CVE-2021-42574).
 */
const unsafe =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g

/** One line of text that strangers wrote, fit to be shown: what is unsafe in it is spelled out, tabs stay. */
export function printable(line: string): string {
  return line.toWellFormed().replace(unsafe, spell)
}

function spell(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
