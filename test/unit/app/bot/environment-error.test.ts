import { expect, it } from 'vitest'
import { isOfEnvironment } from '../../../../src/app/bot/environment-error.ts'
import { ArchiveError } from '../../../../src/sources/lore-epochs.ts'
import { UnavailableError } from '../../../../src/sources/unavailable.ts'

it('tells a full disk and an archive that is away from what is wrong with the work', () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' })
  const ofEnvironment = [
    full,
    new Error('cannot keep it', { cause: full }),
    new Error('database or disk is full'),
    new Error('git hash-object: fatal: write error: No space left on device'),
    new ArchiveError('`boards` is no public-inbox mirror'),
    new UnavailableError('cannot fetch'),
  ]
  expect(ofEnvironment.filter((error) => !isOfEnvironment(error))).toEqual([])
  const memory = Object.assign(new Error('Worker terminated due to reaching memory limit: JS heap out of memory'), {
    code: 'ERR_WORKER_OUT_OF_MEMORY',
  })
  const ofWork = [new Error('a rule has a bug'), memory, 'a text', null]
  expect(ofWork.filter((error) => isOfEnvironment(error))).toEqual([])
})
