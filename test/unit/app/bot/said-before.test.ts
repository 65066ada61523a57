import { describe, expect, it } from 'vitest'
import { saidBefore } from '../../../../src/app/bot/said-before.ts'
import type { KeptFinding } from '../../../../src/store/reviews.ts'
import { readMail, writeMail, type MailParts } from '../../../support/mails.ts'

const finding: KeptFinding = {
  patch: 1,
  key: 'key-1',
  rule: 'told-word',
  severity: 'error',
  path: 'drivers/boards/Makefile',
  line: 7,
  source: 'obj-z += extra.o',
  message: '`obj-z` is written',
}
const voices = { own: ['review@example.org'], robots: ['lkp@intel.com'] }
const said = async (body: string, change: MailParts = {}): Promise<string | null> => {
  const text = writeMail({ id: 'answer@x', subject: 'Re: [PATCH]', inReplyTo: 'v1@x', body, ...change })
  return saidBefore([finding], [await readMail(text)], voices)
}
const robot = { from: 'kernel test robot <lkp@intel.com>' }

describe('what somebody else has said', () => {
  it('is what a person writes below the quoted line', async () => {
    expect(await said('> +obj-z += extra.o\n\nIs obj-z a typo?\n')).toBe('answer@x')
    expect(await said('> > +obj-z += extra.o\nobj-z?\n')).toBe('answer@x')
    expect(await said('> +obj-z += extra.o\n> --\n> 2.40\n\nWhat is this?\n')).toBe('answer@x')
  })

  it('is not what only stands in a quote, or is about other lines', async () => {
    expect(await said('Thanks!\n\n> +obj-z += extra.o\n')).toBeNull()
    expect(await said('> +obj-z += extra.o\n> a\n> b\n> c\nc is wrong\n')).toBeNull()
    expect(await said('> +obj-z += extra.o.bak\nHm?\n')).toBeNull()
    expect(await said('obj-z += extra.o\nHm?\n')).toBeNull()
  })

  it('is what another robot reports of the file and line', async () => {
    expect(await said('drivers/boards/Makefile:7: *** missing separator\n', robot)).toBe('answer@x')
    expect(await said('in drivers/boards/Makefile\n  obj-z += extra.o\n', robot)).toBe('answer@x')
    expect(await said('drivers/boards/Makefile:8: *** missing separator\n', robot)).toBeNull()
    expect(await said('drivers/boards/core.c:7: warning\n', robot)).toBeNull()
  })

  it('is not what we said ourselves, nor the patch', async () => {
    const body = '> +obj-z += extra.o\n\nobj-z is written\n'
    expect(await said(body, { from: 'Kbuild review <review@example.org>' })).toBeNull()
    expect(
      saidBefore([finding], [await readMail(writeMail({ id: 'v1@x', subject: '[PATCH]', body }))], voices),
    ).toBeNull()
  })

  it('is told only where nothing of ours would be news', async () => {
    const other = { ...finding, key: 'key-2', source: 'obj-z += second.o' }
    const answer = await readMail(
      writeMail({ id: 'answer@x', subject: 'Re: x', inReplyTo: 'v1@x', body: '> +obj-z += extra.o\nHm?\n' }),
    )
    expect(saidBefore([finding, other], [answer], voices)).toBeNull()
    expect(saidBefore([], [answer], voices)).toBeNull()
  })

  it('takes no lines for an answer that everybody quotes', async () => {
    const short = { ...finding, source: 'endif' }
    const text = writeMail({ id: 'answer@x', subject: 'Re: x', inReplyTo: 'v1@x', body: '> endif\nyes\n' })
    expect(saidBefore([short], [await readMail(text)], voices)).toBeNull()
  })
})
