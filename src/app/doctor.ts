import { accessSync, constants, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { findTool } from '../build/tools.ts'
import type { Diagnosis } from './diagnosis.ts'
import { diagnoseBuilds } from './doctor-builds.ts'

export type DoctorOptions = {
  readonly tree: string | null
  readonly archives: readonly string[]
  readonly cacheDirectory: string
  readonly nodeVersion: string
}

type Need = {
  readonly program: string
  readonly args?: readonly string[]
  readonly for: string
  readonly vital: boolean
  readonly package: string
}

const needs: readonly Need[] = [
  { program: 'git', for: 'reading trees and applying patches', vital: true, package: 'git' },
  { program: 'patch', for: 'applying patches with fuzz', vital: false, package: 'patch' },
  { program: 'make', for: 'the oracles of the tests, and builds', vital: false, package: 'make' },
  { program: 'b4', for: 'comparing series with `b4 am` in the tests', vital: false, package: 'b4' },
]

/** Says what works here and what to do about the rest. */
export async function diagnose(options: DoctorOptions): Promise<readonly Diagnosis[]> {
  const node: Diagnosis = { what: 'node', state: 'ok', detail: options.nodeVersion, advice: '' }
  const [programs, builds] = await Promise.all([Promise.all(needs.map(diagnoseProgram)), diagnoseBuilds()])
  return [
    node,
    ...programs,
    ...builds,
    diagnoseDirectory('temporary directory', tmpdir()),
    diagnoseDirectory('cache directory', options.cacheDirectory),
    diagnoseTree(options.tree),
    ...options.archives.map(diagnoseArchive),
  ]
}

async function diagnoseProgram(need: Need): Promise<Diagnosis> {
  const { version } = await findTool(need.program, need.args)
  if (version !== null) return { what: need.program, state: 'ok', detail: version, advice: '' }
  return {
    what: need.program,
    state: need.vital ? 'broken' : 'missing',
    detail: `not found; needed for ${need.for}`,
    advice: `install it (Debian: apt-get install ${need.package})`,
  }
}

function diagnoseDirectory(what: string, path: string): Diagnosis {
  try {
    accessSync(path, constants.W_OK)
    return { what, state: 'ok', detail: path, advice: '' }
  } catch {
    return existsSync(path)
      ? { what, state: 'broken', detail: `${path} cannot be written`, advice: `make it writable, or name another one` }
      : { what, state: 'ok', detail: `${path} will be made`, advice: '' }
  }
}

function diagnoseTree(tree: string | null): Diagnosis {
  const what = 'kernel tree'
  if (tree === null) {
    return { what, state: 'missing', detail: 'none here', advice: 'name one with --tree, or start inside one' }
  }
  const isKernel = existsSync(`${tree}/scripts/Makefile.build`)
  const isBare = existsSync(`${tree}/objects`)
  if (isKernel || isBare) return { what, state: 'ok', detail: tree, advice: '' }
  return {
    what,
    state: 'missing',
    detail: `${tree} has no scripts/Makefile.build`,
    advice: 'name a kernel tree with --tree',
  }
}

function diagnoseArchive(path: string): Diagnosis {
  const what = 'archive'
  if (existsSync(`${path}/git`) || existsSync(`${path}/objects`)) return { what, state: 'ok', detail: path, advice: '' }
  return {
    what,
    state: 'missing',
    detail: `${path} is no public-inbox mirror`,
    advice: 'git clone --mirror a list of lore.kernel.org into DIR/git/0.git',
  }
}
