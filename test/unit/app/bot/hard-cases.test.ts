import { describe, expect, it } from 'vitest'
import { hardCases } from '../../../support/bot-hard-cases.ts'

describe('a bot to which this happens goes on, and tells of it', { timeout: 120_000 }, () => {
  it.each(hardCases)('$title', async ({ run }) => {
    expect(await run()).toEqual([])
  })
})
