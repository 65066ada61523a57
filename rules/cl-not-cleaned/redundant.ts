import type { Cleaned } from '../../src/kbuild/clean-mode.ts'
import { normalise } from '../../src/kbuild/parsed-files.ts'
import { matchName } from '../../src/make/glob.ts'
import type { KbuildDirectory } from '../../src/review/knowledge.ts'
import type { TreeContext } from '../../src/review/rule.ts'

/** Words of `clean-files` that are removed anyway, and a rule for `clean`, which Kbuild never runs. */
export function reportRedundant({ directory }: KbuildDirectory, { files }: Cleaned, context: TreeContext): void {
  const others = new Map(files.flatMap(({ text, list }) => (list === 'clean-files' ? [] : [[normalise(text), list]])))
  const patterns = context.closures().cleanPatterns()
  for (const { text, origin, list } of files) {
    if (list !== 'clean-files' || origin.file !== directory.makefile) continue
    const name = normalise(text)
    const same = others.get(name)
    const pattern = patterns.find((each) => matchName(`/${name.slice(name.lastIndexOf('/') + 1)}`, `/${each.pattern}`))
    if (same === undefined && pattern === undefined) continue
    context.report({
      at: origin,
      severity: 'info',
      subject: `clean-files ${name}`,
      message:
        same === undefined
          ? `\`${name}\` need not be in \`clean-files\`: \`${pattern?.pattern ?? ''}\` is removed everywhere`
          : `\`${name}\` need not be in \`clean-files\`: it is in \`${same}\`, which is cleaned as well`,
    })
  }
}
