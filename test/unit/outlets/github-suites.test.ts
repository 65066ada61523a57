import { describe, expect, it } from 'vitest'
import { suitesOf } from '../../../src/outlets/github-suites.ts'
import type { BuildResult, BuiltGoal } from '../../../src/review/build-result.ts'
import { reviewOf, wordRule } from '../../support/reviews.ts'
import { seriesThrough } from '../../support/steps.ts'

const through = seriesThrough([{ 'drivers/plant/Makefile': '\n' }, { 'drivers/plant/Makefile': 'obj-m += pump.o\n' }])
const review = reviewOf(through, [wordRule('nothing')])

const goal = (status: BuiltGoal['status']): BuiltGoal => ({
  goal: 'modules',
  status,
  seconds: 1.5,
  reason: null,
  reproduce: status === 'failed' ? '#!/bin/sh\nmake modules\n' : null,
})
const result = (patch: number | null, status: BuiltGoal['status']): BuildResult => ({
  profile: 'livepatch',
  arch: 's390',
  patch,
  toolchain: 's390x-linux-gnu-gcc 12.2.0',
  goals: [goal(status)],
  notRun: [],
  evidence: [],
})
const outcomes = (...results: BuildResult[]) =>
  suitesOf({ ...review, builds: results }).map(({ suite, arch, outcome }) => [suite, arch, outcome])

describe('suites of a review', () => {
  it('are none where nothing was built', () => expect(suitesOf(review)).toEqual([]))

  it('pass where all patches build', () =>
    expect(outcomes(result(null, 'ok'), result(1, 'ok'))).toEqual([['livepatch', 's390', 'passed']]))

  it('fail where the last patch does not build, with the script that shows it', () => {
    const builds = [result(null, 'ok'), result(1, 'failed')]
    expect(outcomes(...builds)).toEqual([['livepatch', 's390', 'failed']])
    expect(suitesOf({ ...review, builds })[0]?.summary).toContain('make modules')
  })

  it('pass where a later patch mends what one breaks, and where it failed before', () => {
    expect(outcomes(result(null, 'ok'), result(1, 'failed'), result(2, 'ok'))[0]).toContain('passed')
    expect(outcomes(result(null, 'failed'), result(1, 'failed'))[0]).toContain('passed')
  })

  it("tell a build that was ended by a limit as nobody's fault", () =>
    expect(outcomes(result(null, 'ok'), result(1, 'timeout'))[0]).toContain('environment'))

  it('leave out an architecture that was not built at all', () => {
    const none = { ...result(null, 'ok'), toolchain: null, goals: [], notRun: [{ what: 'modules', why: 'no gcc' }] }
    expect(outcomes(none)).toEqual([])
  })
})
