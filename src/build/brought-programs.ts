import type { Step } from '../review/step.ts'
import type { Diagnostic } from './diagnostic.ts'
import { hasWord } from './blame.ts'

/**
 * A program that is not there is the machine's fault, unless the patch adds the line that runs it: then the patch asks for what no build
 * needs. What the tree asks for itself is the machine's to have (Documentation/process/changes.rst), whoever runs it.
 */
export function blamePrograms(
  diagnostics: readonly Diagnostic[],
  { patch: { files }, before, after }: Step,
): readonly Diagnostic[] {
  const required = [before, after].map((tree) => tree.read('Documentation/process/changes.rst') ?? '').join('\n')
  const isBrought = ({ kind, subject }: Diagnostic): boolean =>
    kind === 'environment' &&
    subject !== null &&
    !hasWord(required, subject) &&
    files.some(({ hunks }) =>
      hunks.some(({ lines }) => lines.some(({ kind, text }) => kind === 'add' && hasWord(text, subject))),
    )
  return diagnostics.map((each) => (isBrought(each) ? { ...each, kind: 'missing' } : each))
}
