import type { FileDiff } from '../diff/file-diff.ts'
import type { Diagnostic } from './diagnostic.ts'
import { hasWord } from './blame.ts'

/**
 * A program that is not there is the machine's fault, unless the patch adds the line that runs it: then the patch asks for what no build needs
 * (Documentation/process/changes.rst names all of them).
 */
export function blamePrograms(diagnostics: readonly Diagnostic[], files: readonly FileDiff[]): readonly Diagnostic[] {
  const isBrought = ({ kind, subject }: Diagnostic): boolean =>
    kind === 'environment' &&
    subject !== null &&
    files.some(({ hunks }) =>
      hunks.some(({ lines }) => lines.some(({ kind, text }) => kind === 'add' && hasWord(text, subject))),
    )
  return diagnostics.map((each) => (isBrought(each) ? { ...each, kind: 'missing' } : each))
}
