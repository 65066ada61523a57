import { execFileSync } from 'node:child_process'

/** Mails of a series that we make up on a real kernel, and which of them are to be answered. */
export type PlantedSeries = { readonly mails: readonly Buffer[]; readonly answered: readonly string[] }

type Written = {
  readonly id: string
  readonly subject: string
  readonly inReplyTo: string | null
  readonly date: number
  readonly body: string
}

/** The list that the mails go to, and who they are from. */
const list = 'linux-kbuild@vger.kernel.org'
export const author = 'ada@example.org'
const sender = `Ada Byron <${author}>`

/** Makes up series on the kernel of a checkout, the same ones each time; dates are in milliseconds since 1970. */
export type Planting = {
  /** One that builds a program which no .gitignore matches, in a directory that others do not touch; each fifth has two patches and a cover letter. */
  readonly series: (number: number, date: number) => PlantedSeries
  /** The mails of one of so many patches, of which each fiftieth builds such a program. */
  readonly large: (count: number, date: number) => readonly Buffer[]
}

/** Opens the kernel to plant on; its HEAD is the base of all series. */
export function openPlanting(tree: string): Planting {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', tree, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const base = git('rev-parse', 'HEAD').trim()
  const makefiles = git('ls-files', 'drivers/*/Makefile')
    .split('\n')
    .filter((path) => path.split('/').length === 3)
  const bad = (number: number): Change => {
    const makefile = makefiles[number % makefiles.length] ?? ''
    const directory = makefile.replace(/\/Makefile$/, '')
    const text = git('show', `HEAD:${makefile}`)
    const diff = programDiff({ directory, text, name: `table-${number}` })
    return { title: `${directory}: make a table of boards`, diff }
  }
  const good = (number: number): Change => {
    const directory = (makefiles[number % makefiles.length] ?? '').replace(/\/Makefile$/, '')
    return { title: `${directory}: say what is built`, diff: commentDiff({ directory, name: `notes-${number}` }) }
  }
  const posted = (
    changes: readonly Change[],
    { id, date }: { readonly id: string; readonly date: number },
  ): Written[] => {
    const count = changes.length
    const cover = { id: `${id}-0@example.org`, subject: `[PATCH 0/${count}] boards`, inReplyTo: null }
    return [
      { ...cover, date, body: `Some patches.\n\nbase-commit: ${base}\n` },
      ...changes.map((change, at) => ({
        id: `${id}-${at + 1}@example.org`,
        subject: `[PATCH ${at + 1}/${count}] ${change.title}`,
        inReplyTo: cover.id,
        date,
        body: patchBody(change, base),
      })),
    ]
  }
  return {
    series: (number, date) => {
      const id = `planted-${number}`
      if (number % 5 === 0) {
        const mails = posted([good(number), bad(number)], { id, date })
        return { mails: mails.map(printMail), answered: [`${id}-2@example.org`] }
      }
      const change = bad(number)
      const mail = { id: `${id}-1@example.org`, subject: `[PATCH] ${change.title}`, inReplyTo: null, date }
      return { mails: [printMail({ ...mail, body: patchBody(change, base) })], answered: [mail.id] }
    },
    large: (count, date) => {
      const changes = Array.from({ length: count }, (_, at) => (at % 50 === 7 ? bad(at) : good(at)))
      return posted(changes, { id: 'large', date }).map(printMail)
    },
  }
}

type Change = { readonly title: string; readonly diff: string }

function patchBody({ diff }: Change, base: string): string {
  return `The boards need it.\n\nSigned-off-by: ${sender}\n---\n${diff}-- \n2.40.1\n\nbase-commit: ${base}\n`
}

function printMail({ id, subject, inReplyTo, date, body }: Written): Buffer {
  const lines = [
    `From: ${sender}`,
    `To: ${list}`,
    `Subject: ${subject}`,
    `Date: ${new Date(date).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}>`,
    ...(inReplyTo === null ? [] : [`In-Reply-To: <${inReplyTo}>`, `References: <${inReplyTo}>`]),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    'Content-Transfer-Encoding: 7bit',
    '',
    body,
  ]
  return Buffer.from(lines.join('\n'))
}

type Place = { readonly directory: string; readonly name: string }

/** A program for the host at the end of a makefile, and its source. */
function programDiff({ directory, text, name }: Place & { readonly text: string }): string {
  const lines = text.replace(/\n$/, '').split('\n')
  const context = lines.slice(-3)
  const start = lines.length - context.length + 1
  const hunk = [
    `@@ -${start},${context.length} +${start},${context.length + 2} @@`,
    ...context.map((line) => ` ${line}`),
    '+',
    `+hostprogs-always-y += ${name}`,
  ]
  const path = `${directory}/Makefile`
  return `${[`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, ...hunk].join('\n')}\n${newFile(`${directory}/${name}.c`, ['// SPDX-License-Identifier: GPL-2.0', 'int main(void) { return 0; }'])}`
}

function commentDiff({ directory, name }: Place): string {
  return newFile(`${directory}/${name}.rst`, ['.. SPDX-License-Identifier: GPL-2.0', '', 'Boards'])
}

function newFile(path: string, lines: readonly string[]): string {
  const head = [
    `diff --git a/${path} b/${path}`,
    'new file mode 100644',
    'index 000000000000..111111111111',
    '--- /dev/null',
    `+++ b/${path}`,
  ]
  return `${[...head, `@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`)].join('\n')}\n`
}
