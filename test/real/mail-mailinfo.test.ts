import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { removeDirectory } from '../../src/processes/remove-directory.ts'
import { readMessage } from '../../src/mail/read.ts'
import type { Message } from '../../src/mail/message.ts'
import { headerValues } from '../../src/mail/message.ts'
import { rawMails } from './archive.ts'
import { describeReal } from './support.ts'

const git = promisify(execFile)

/** The patch that git mailinfo takes out of a mail, CR LF undone first as git mailsplit does. */
async function gitPatch(raw: Buffer, directory: string): Promise<Buffer> {
  const unix = Buffer.from(raw.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
  const patch = join(directory, 'patch')
  const run = git('git', ['mailinfo', '--quoted-cr=strip', join(directory, 'msg'), patch])
  run.child.stdin?.end(unix)
  await run
  return readFileSync(patch)
}

/** Where git says that the patch begins: mailinfo.c `patchbreak`. */
function patchBreak(body: Buffer): number {
  const found = /^(diff -|Index: |--- \S|---[ \t\r\v\f]*$)/m.exec(body.toString('latin1'))
  return found?.index ?? -1
}

/** Why our bytes of a mail may differ from git's; null where they may not. */
function knownDifference(message: Message): 'flowed' | 'multipart' | null {
  const type = headerValues(message, 'content-type')[0] ?? ''
  // git joins lines that end in a blank, as empty context lines of a diff do. Of 17 mails of the archives with a diff in format=flowed
  // 4 are good patches only as they stand, 2 only joined.
  if (/format="?flowed/i.test(type)) return 'flowed'
  // git reads on in the parts behind the text: signatures and attachments become the end of the patch.
  if (/^multipart\//i.test(type)) return 'multipart'
  return null
}

describeReal('the bytes of a patch', ['KBUILD_REVIEW_LORE'], (lore) => {
  const directory = mkdtempSync(join(tmpdir(), 'kbuild-review-mailinfo-'))
  afterAll(() => removeDirectory(directory))

  const lists = [
    { list: 'live-patching', atLeast: 500 },
    { list: 'linux-kbuild', atLeast: 2000 },
  ] as const
  for (const { list, atLeast } of lists) {
    it(`are those that git mailinfo sees: ${list}`, async ({ annotate }) => {
      const counts = { equal: 0, flowed: 0, multipart: 0 }
      const wrong: string[] = []
      for (const { raw } of await rawMails(join(lore, list))) {
        if (counts.equal >= 2100) break
        const result = await readMessage(raw, { now: Date.now(), origin: { kind: 'none' } })
        if (result.kind === 'refused' || !/^\[[^\]]*PATCH/i.test(result.message.subject)) continue
        const body = Buffer.from(result.message.body)
        const start = patchBreak(body)
        if (start === -1) continue
        const why = knownDifference(result.message)
        if ((await gitPatch(raw, directory)).equals(body.subarray(start))) counts.equal++
        else if (why === null) wrong.push(result.message.id)
        else counts[why]++
      }
      await annotate(`${list}: ${JSON.stringify(counts)}`)
      expect(wrong).toEqual([])
      expect(counts.equal).toBeGreaterThanOrEqual(atLeast)
      expect(counts.flowed + counts.multipart).toBeLessThan(counts.equal / 100)
    })
  }
})
