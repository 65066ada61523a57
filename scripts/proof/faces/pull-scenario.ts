import type { Scene, Step } from '../../../test/support/github/scene.ts'
import { driversMakefile } from '../../../test/support/github/small-kernel.ts'
import type { Files } from '../../../test/support/git.ts'

/** What people see of the pull request. Threads are named by the object that they are about. */
export type Shown = {
  readonly check: string
  readonly annotations: number
  readonly open: readonly string[]
  readonly resolved: readonly string[]
  /** Comments of ours in threads and below them: nothing is told twice. */
  readonly comments: number
  readonly summaries: number
  readonly answers: number
}

/** Something that people do, and what the pull request must show then. */
export type ScenarioStep = {
  readonly title: string
  readonly act: (scene: Scene, late: number) => void
  readonly expected: Shown
}

const boards = Array.from({ length: 12 }, (_, at) => `board${at + 1}`)

/** A line above all that the pull request adds: after a rebase every line has another number. */
const comment = (text: string): string => text.replace('\n', '\n# boards and codecs\n')

const redundant = 'config BOARDS\n\ttristate "Boards"\n\nconfig BOARDS_DEBUG\n\tbool "Debug files"\n\tdefault n\n'

/** A commit an object; of those whose source is named it brings that too. The last one says in Kconfig what is so anyway. */
function series(
  names: readonly string[],
  { sources, rebased = false }: { readonly sources: readonly string[]; readonly rebased?: boolean },
): readonly Step[] {
  return names.map((name, at): Step => {
    const list = driversMakefile(...names.slice(0, at + 1))
    const files: Files = {
      'drivers/Makefile': rebased ? comment(list) : list,
      ...(sources.includes(name) && { [`drivers/${name}.c`]: `/* ${name} */\n` }),
      ...(at === names.length - 1 && { 'drivers/Kconfig': redundant }),
    }
    return [`boards: build ${name}`, files]
  })
}

const even = boards.filter((_, at) => at % 2 === 1)
const mended = [...even, 'board1', 'board3', 'board5']
const shortened = [...boards.slice(0, 8), 'board13']

function push(scene: Scene, steps: readonly Step[], late: number): void {
  const { head } = scene.branch('topic', steps)
  scene.github.push(1, head, { late, forget: true })
}

const opened: Shown = {
  check: 'failure: 6 errors, 1 remark',
  annotations: 7,
  open: ['board1', 'board11', 'board3', 'board5', 'board7', 'board9'],
  resolved: [],
  comments: 6,
  summaries: 1,
  answers: 0,
}
const mendedThree: Shown = {
  ...opened,
  check: 'failure: 3 errors, 1 remark',
  annotations: 4,
  // That of board3, too, is mended: but somebody has answered in it.
  open: ['board11', 'board3', 'board7', 'board9'],
  resolved: ['board1', 'board5'],
}
const fewer: Shown = {
  ...mendedThree,
  check: 'failure: 2 errors, 1 remark',
  annotations: 3,
  open: ['board13', 'board3', 'board7'],
  resolved: ['board1', 'board11', 'board5', 'board9'],
  comments: 7,
}
const silenced: Shown = { ...fewer, check: 'failure: 2 errors', annotations: 2, answers: 1 }

/** A pull request's life, from twelve commits with seven findings to its end. */
export const scenario: readonly ScenarioStep[] = [
  {
    title: 'opened with 12 commits',
    act: (scene) => {
      const { head } = scene.branch('topic', series(boards, { sources: even }))
      scene.github.openPull({ head, title: 'Twelve boards' })
    },
    expected: opened,
  },
  {
    title: 'a person answers in a thread',
    act: ({ github }) => {
      const thread = github.pull(1).threads.find(({ comments }) => comments[0]?.body.includes('`board3.o`'))
      if (thread) github.reply(thread, 'dana', 'It comes with the next version.')
      github.comment(1, 'dana', 'Thanks, I shall look at it.')
    },
    expected: opened,
  },
  {
    title: 'three mended',
    act: (scene, late) => push(scene, series(boards, { sources: mended }), late),
    expected: mendedThree,
  },
  {
    title: 'rebased',
    act: (scene, late) => {
      scene.branch('main', [['codecs: a comment', { 'drivers/Makefile': comment(driversMakefile()) }]], 'main')
      push(scene, series(boards, { sources: mended, rebased: true }), late)
    },
    expected: mendedThree,
  },
  {
    title: 'force-pushed: four gone, one new',
    act: (scene, late) => push(scene, series(shortened, { sources: mended, rebased: true }), late),
    expected: fewer,
  },
  {
    title: 'a maintainer calls a rule invalid',
    act: ({ github }) => {
      github.comment(1, 'dana', '/kbuild-review invalid ko-missing-source')
      github.comment(1, 'maintainer', '/kbuild-review invalid kcfg-redundant-line')
    },
    expected: silenced,
  },
  {
    title: 'closed',
    act: ({ github }) => {
      github.setState(1, 'closed')
      github.comment(1, 'maintainer', '/kbuild-review retest')
    },
    expected: silenced,
  },
]

/** What the pull request shows now. */
export function shownOf({ github }: Scene): Shown {
  const { threads, comments, head } = github.pull(1)
  const own = 'kbuild-review[bot]'
  const named = threads.map(({ comments: all, resolvedBy }) => ({
    name: /makes `(\w+)\.o`/.exec(all[0]?.body ?? '')?.[1] ?? '?',
    isResolved: resolvedBy !== null,
  }))
  const checks = github.checks(head)
  const ofOurs = comments.filter(({ author }) => author === own)
  return {
    check: checks
      .map(
        ({ status, conclusion, title }) =>
          `${status === 'completed' ? '' : `${status} `}${conclusion ?? ''}: ${title ?? ''}`,
      )
      .join('; '),
    annotations: checks.reduce((sum, { annotations }) => sum + annotations.length, 0),
    open: named
      .filter(({ isResolved }) => !isResolved)
      .map(({ name }) => name)
      .sort(),
    resolved: named
      .filter(({ isResolved }) => isResolved)
      .map(({ name }) => name)
      .sort(),
    comments: threads.flatMap(({ comments: all }) => all).filter(({ author }) => author === own).length,
    summaries: ofOurs.filter(({ body }) => body.includes('kbuild-review summary')).length,
    answers: ofOurs.filter(({ body }) => body.includes('kbuild-review answer')).length,
  }
}
