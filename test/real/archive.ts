import { execFileSync } from 'node:child_process'
import { createHistoryReader } from '../../src/git/history-reader.ts'
import { mailOf } from '../../src/sources/lore-index.ts'
import { findEpochs } from '../../src/sources/lore-epochs.ts'

/** A mail of an archive as it lies there. */
export type RawMail = { readonly commit: string; readonly raw: Buffer }

/** Every mail of a list archive in the order of arrival. */
export async function rawMails(archive: string): Promise<readonly RawMail[]> {
  const reader = createHistoryReader(process.env)
  const mails: RawMail[] = []
  for (const { repository } of await findEpochs(archive)) {
    const head = await reader.head(repository)
    const commits = head === null ? [] : ((await reader.commits(repository, { head, after: null })) ?? [])
    const added = commits.flatMap((commit) => {
      const mail = mailOf(commit)
      return mail?.kind === 'added' ? [{ commit: commit.commit, blob: mail.blob }] : []
    })
    let at = 0
    for await (const raw of reader.blobs(
      repository,
      added.map(({ blob }) => blob),
    )) {
      const commit = added[at++]?.commit
      if (raw !== null && commit !== undefined) mails.push({ commit, raw: Buffer.from(raw) })
    }
  }
  return mails
}

/** How many commits the epochs of an archive have, by git's own count. */
export async function countCommits(archive: string): Promise<number> {
  const counts = (await findEpochs(archive)).map(({ repository }) =>
    Number(execFileSync('git', ['--git-dir', repository, 'rev-list', '--count', 'HEAD'], { encoding: 'utf8' })),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}
