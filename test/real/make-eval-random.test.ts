import { expect, it } from 'vitest'
import { compareRandomMakefiles } from '../oracle/eval/random-makefile.ts'

it('gives every variable of 300 makefiles by chance the value that GNU make gives it', async () => {
  const seeds = Array.from({ length: 300 }, (_, index) => 1000 + index)
  const { compared, differences, failures } = await compareRandomMakefiles(seeds)
  expect(differences).toEqual([])
  expect(failures).toEqual([])
  expect(compared).toBeGreaterThan(10_000)
})
