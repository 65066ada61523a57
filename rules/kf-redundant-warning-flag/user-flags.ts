import type { Report } from '../../src/review/finding.ts'
import type { MakefileView } from '../../src/review/rule.ts'
import { exprWords, textOf } from '../../src/make/expr-text.ts'
import { definitionsIn } from '../../src/review/recipe-variables.ts'

/** Flags that who builds gives on the command line or in the environment (Documentation/kbuild/kbuild.rst; tools/build). */
const fromUser =
  /^\$[({](EXTRA_CFLAGS|EXTRA_CXXFLAGS|EXTRA_LDFLAGS|KCFLAGS|KAFLAGS|KCPPFLAGS|USERCFLAGS|USERLDFLAGS)[)}]$/

/** What the user's flags could undo: of two options that contradict each other the compiler takes the last. */
const contradictable = /^-(?:O[0-3sgz]?$|g|W(?![alp],)|f|std=)/

/** `kf-user-flags-last`: assignments in which the project's own options follow those of the user. */
export function overruledUserFlags({ syntax, text, path }: MakefileView): readonly Report[] {
  return definitionsIn(syntax).flatMap(({ name, node, value }): Report[] => {
    if (node.kind === 'define' || !/FLAGS$/.test(name)) return []
    const words = exprWords(text, value)
    const index = words.findIndex((word) => fromUser.test(textOf(text, word)))
    const given = words[index]
    if (given === undefined) return []
    const later = words.slice(index + 1).map((word) => textOf(text, word))
    const first = later.find((word) => contradictable.test(word))
    const user = textOf(text, given)
    if (first === undefined || later.includes(user)) return []
    return [
      {
        at: { file: path, ...given.range },
        subject: `${name} ${user}`,
        severity: 'info',
        message: `\`${user}\` stands before \`${first}\`, which the user's flags cannot undo`,
        evidence: ['of two options that contradict each other the last counts'],
      },
    ]
  })
}
