import { describe, expect, it } from 'vitest'
import { answersById, followedBy, mostThreadMails, walkThread } from '../../../src/sources/walk-thread.ts'

const named = (word: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${word}-${at}@x`)

describe('the thread of a mail', () => {
  it('is the nearest thousand mails where one mail names every thread of a list', () => {
    const bomb = { id: 'bomb@x', follows: named('root', 3000) }
    const lamp = [
      { id: 'lamp@x', follows: ['root-7@x'] },
      { id: 'answer@x', follows: ['root-7@x', 'lamp@x'] },
    ]
    const mails = [...named('root', 3000).map((id) => ({ id, follows: [] })), ...lamp, bomb]
    const follows = new Map(mails.map((mail) => [mail.id, mail.follows]))
    const answers = answersById(mails)
    const links = {
      follows: (id: string) => follows.get(id) ?? [],
      answers: (id: string) => answers.get(id) ?? [],
    }
    const found = walkThread('lamp@x', links)
    expect(found).toHaveLength(mostThreadMails)
    expect(found.slice(0, 4)).toEqual(['lamp@x', 'root-7@x', 'answer@x', 'bomb@x'])
  })
})

describe('what a mail follows', () => {
  it('is the mail that it answers, and what it names', () => {
    expect(followedBy({ references: ['root@x', 'parent@x'], inReplyTo: 'parent@x' })).toEqual(['root@x', 'parent@x'])
    expect(followedBy({ references: ['root@x'], inReplyTo: 'parent@x' })).toEqual(['root@x', 'parent@x'])
    expect(followedBy({ references: ['root@x'], inReplyTo: null })).toEqual(['root@x'])
  })

  it('is of very many the first and the last hundred', () => {
    const references = named('root', 3000)
    const expected = ['root-0@x', ...references.slice(-100), 'parent@x']
    expect(followedBy({ references, inReplyTo: 'parent@x' })).toEqual(expected)
  })
})
