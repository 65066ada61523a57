import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** Rooms by layer: a room imports from rooms of layers above its own, and from itself. */
const layers = [
  ['text', 'processes'],
  ['mail', 'diff', 'cond'],
  ['series', 'make', 'kconfig'],
  ['kbuild'],
  ['changes'],
  ['review'],
  ['rules', 'ports'],
  ['git', 'build', 'sources', 'outlets', 'store'],
  ['app', 'web'],
  ['cli'],
]

const maxLines = 400

function filesBelow(directory: string, ending: RegExp): string[] {
  return readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.includes('/cases/'))
    .sort()
}

/** `src/mail/read.ts` is of the room `mail`, `src/ports.ts` of `ports`, `rules/x/rule.ts` of `rules`. */
function roomOf(path: string): string {
  const parts = path.split('/')
  if (parts[0] === 'rules') return 'rules'
  return (parts[1] ?? '').replace(/\.ts$/, '')
}

const layerOf = (room: string): number => layers.findIndex((rooms) => rooms.includes(room))

function importsOf(path: string): { target: string; line: number }[] {
  const text = readFileSync(join(root, path), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => ({
    target: relative(root, resolve(root, dirname(path), match[1] ?? '')),
    line: text.slice(0, match.index).split('\n').length,
  }))
}

const sources = [...filesBelow('src', /\.ts$/), ...filesBelow('rules', /\.ts$/)]

describe('the architecture', () => {
  it('finds sources to look at', () => {
    expect(sources.length).toBeGreaterThan(10)
  })

  it('has a layer for every room', () => {
    expect(sources.filter((path) => layerOf(roomOf(path)) === -1)).toEqual([])
  })

  it('imports only from layers above', () => {
    const wrong = sources.flatMap((path) =>
      importsOf(path)
        .filter(({ target }) => {
          const from = roomOf(path)
          const to = roomOf(target)
          return from !== to && layerOf(to) >= layerOf(from)
        })
        .map(({ target, line }) => `${path}:${line} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('has no import cycle', () => {
    const edges = new Map(sources.map((path) => [path, importsOf(path).map(({ target }) => target)]))
    const state = new Map<string, 'open' | 'done'>()
    const cycles: string[] = []
    const visit = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === 'done') return
      if (state.get(path) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
        return
      }
      state.set(path, 'open')
      for (const target of edges.get(path) ?? []) visit(target, [...trail, path])
      state.set(path, 'done')
    }
    for (const path of sources) visit(path, [])
    expect(cycles).toEqual([])
  })

  it('has no barrel file in src', () => {
    expect(sources.filter((path) => path.startsWith('src/') && path.endsWith('/index.ts'))).toEqual([])
  })

  it(`has no file over ${maxLines} lines`, () => {
    const all = [
      ...sources,
      ...filesBelow('test', /\.ts$/),
      ...filesBelow('bench', /\.ts$/),
      ...filesBelow('scripts', /\.(ts|mjs)$/),
    ]
    const long = all.map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
    expect(long.filter(({ lines }) => lines > maxLines)).toEqual([])
  })

  it('prints, exits and reads argv in cli/ alone', () => {
    const wrong = sources
      .filter((path) => !path.startsWith('src/cli/'))
      .filter((path) => /\bconsole\.|process\.(exit|argv|stdout)\b/.test(readFileSync(join(root, path), 'utf8')))
    expect(wrong).toEqual([])
  })
})
