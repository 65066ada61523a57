import { describe, expect, it } from 'vitest'
import type { Address } from '../../../src/mail/message.ts'
import { recipientsOf, type Recipients } from '../../../src/review/recipients.ts'
import { envelopeOf } from '../../support/steps.ts'

const at = (address: string, name = ''): Address => ({ name, address })
const dana = at('dana@boards.example', 'Dana Developer')
const audience = {
  optedIn: (address: string) => address.endsWith('@vger.kernel.org') || address === 'kim@maintainers.example',
  ownAddresses: ['bot@reviews.example'],
}
const addresses = ({ to, cc }: Recipients): string[][] => [
  to.map(({ address }) => address),
  cc.map(({ address }) => address),
]

describe('recipientsOf', () => {
  it('writes to the author, and in copy to those of the recipients who opted in', () => {
    const envelope = envelopeOf({
      to: [at('Kim@Maintainers.example'), at('pat@maintainers.example')],
      cc: [at('linux-kbuild@vger.kernel.org'), at('devel@lists.example')],
    })
    expect(addresses(recipientsOf(envelope, dana, audience))).toEqual([
      ['dana@boards.example'],
      ['Kim@Maintainers.example', 'linux-kbuild@vger.kernel.org'],
    ])
  })

  it('adds nobody whom the patch did not have', () => {
    expect(addresses(recipientsOf(envelopeOf({ to: [], cc: [] }), dana, { ...audience, optedIn: () => true }))).toEqual(
      [['dana@boards.example'], []],
    )
  })

  it('writes to the author behind a relay too', () => {
    const relayed = envelopeOf({
      from: at('devnull+dana.boards.example@kernel.org', 'Dana Developer via B4 Relay'),
      replyTo: [dana],
    })
    expect(addresses(recipientsOf(relayed, dana, audience))[0]).toEqual([
      'devnull+dana.boards.example@kernel.org',
      'dana@boards.example',
    ])
  })

  it('takes no list for a writer that has put its address in his place, whatever its Reply-To says', () => {
    const list = at('boards@lists.example', 'Dana Developer via boards')
    const none = { ...audience, lists: ['drivers@lists.example'] }
    const to = (replyTo: readonly Address[], author = list): unknown =>
      addresses(recipientsOf(envelopeOf({ from: list, to: [], cc: [], replyTo }), author, none))[0]
    expect(to([dana])).toEqual(['dana@boards.example'])
    expect(to([], dana)).toEqual(['dana@boards.example'])
    expect(to([])).toEqual([])
    expect(to([at('Boards@lists.example')])).toEqual([])
    expect(to([at('Drivers@lists.example')])).toEqual([])
  })

  it('writes to nobody twice and never to itself', () => {
    const envelope = envelopeOf({
      from: at('DANA@boards.example'),
      to: [at('linux-kbuild@vger.kernel.org'), at('bot@reviews.example')],
      cc: [at('Linux-Kbuild@vger.kernel.org'), dana],
    })
    expect(addresses(recipientsOf(envelope, dana, { ...audience, optedIn: () => true }))).toEqual([
      ['DANA@boards.example'],
      ['linux-kbuild@vger.kernel.org'],
    ])
  })

  it('leaves out what is no address', () => {
    const envelope = envelopeOf({
      from: at('undisclosed-recipients:;'),
      to: [at('a@b\r\nBcc: everybody@lists.example'), at('list@vger.kernel.org>, <x@vger.kernel.org')],
    })
    expect(addresses(recipientsOf(envelope, at('nobody'), { ...audience, optedIn: () => true }))).toEqual([[], []])
  })
})
