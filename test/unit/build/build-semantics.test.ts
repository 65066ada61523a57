import { describe, expect, it } from 'vitest'
import { leftItems, newFault, remadeItems } from '../../../src/build/build-semantics.ts'
import type { GoalRun } from '../../../src/build/goal-run.ts'
import { kbuildTrees } from '../../../src/build/log-paths.ts'
import { readLog } from '../../../src/build/read-log.ts'
import { tellSemantics } from '../../../src/build/tell-semantics.ts'
import { buildPath } from '../../../src/review/finding.ts'
import { seriesThrough } from '../../support/steps.ts'
import { treeOf } from '../../support/tree.ts'

const paths = { source: '/build/source', output: '/build/output' }
const trees = kbuildTrees(paths, paths.source, () => true)
const second = '  CALL    /build/source/scripts/checksyscalls.sh\n  DESCEND objtool\n'

describe('a second make', () => {
  const before = remadeItems(readLog([second], trees))

  it('is known by what it announces', () => {
    expect(before.items).toEqual(['CALL scripts/checksyscalls.sh', 'DESCEND objtool'])
  })

  it('has no fault in what is made each time before the patch, too', () => {
    expect(newFault(before, remadeItems(readLog([second], trees)))).toBeNull()
  })

  it('has one in what the patch has made again', () => {
    const after = remadeItems(readLog([`${second}  GEN     drivers/plant/limits.h\n`], trees))
    expect(newFault(before, after)).toEqual({ check: 'second-make', items: ['GEN drivers/plant/limits.h'] })
  })
})

describe('the source tree', () => {
  it('is clean where git ignores what is left, or has it', () => {
    const tree = treeOf({ '.gitignore': '*.o\n', 'plant/.gitignore': '/limits.h\n', 'plant/pump.c': '' })
    const left = ['plant/pump.c', 'plant/pump.o', 'plant/limits.h', 'plant/limits.tmp', 'limits.h']
    expect(leftItems(left, tree).items).toEqual(['limits.h', 'plant/limits.tmp'])
  })
})

describe('telling a fault', () => {
  const makefile = 'obj-m += pump.o\n'
  const after = `${makefile}$(obj)/limits.h: FORCE\n\ttouch $@\n`
  const { steps } = seriesThrough([{ 'drivers/plant/Makefile': makefile }, { 'drivers/plant/Makefile': after }])
  const [step] = steps
  const run: GoalRun = {
    arch: 's390',
    goal: 'modules',
    command: ['make', 'modules'],
    directory: paths.source,
    paths,
    status: 'ok',
    exitCode: 0,
    seconds: 1,
    log: { text: '', droppedBytes: 0 },
    reason: null,
    outputDirectory: null,
  }

  it('points at the line of the patch that names what it is about', () => {
    if (step === undefined) throw new Error('there is no step')
    const items = ['CC drivers/plant/pump.o', 'GEN drivers/plant/limits.h']
    const told = tellSemantics({ check: 'second-make', items }, [run], { step, keys: new Set() })
    expect(told).toMatchObject({
      rule: 'build-warning',
      path: 'drivers/plant/Makefile',
      line: 2,
      message: '`CC drivers/plant/pump.o` and 1 more are made again by a second make',
      evidence: ['built modules for s390', ...items],
      placement: { kind: 'line' },
    })
  })

  it('is told of the build as a whole where no line names it', () => {
    if (step === undefined) throw new Error('there is no step')
    const told = tellSemantics({ check: 'clean', items: ['drivers/tank.tmp'] }, [run], { step, keys: new Set() })
    expect(told).toMatchObject({
      path: buildPath,
      message: '`drivers/tank.tmp` is left by make clean, and git does not ignore it',
      placement: { kind: 'summary' },
    })
  })
})
