import { describe, expect, it } from 'vitest'
import { code, codeBlock, markdownLine } from '../../../src/outlets/github-markdown.ts'
import { markerLine, readMarker } from '../../../src/outlets/github-marker.ts'

describe('markdown with the words of strangers in it', () => {
  it('shows code between backticks and escapes the rest', () => {
    expect(markdownLine('no source makes `a_b*.o` in *here*')).toBe('no source makes `a_b*.o` in \\*here\\*')
  })

  it('notifies nobody and links no issue', () => {
    expect(markdownLine('ask @maintainer about #12')).toBe('ask @\u200bmaintainer about #\u200b12')
  })

  it('holds no markup, comment or link of theirs, also where backticks do not pair', () => {
    expect(markdownLine('see <!-- kbuild-review summary --> [x](y)')).toBe(
      'see &lt;!-- kbuild-review summary --> \\[x\\](y)',
    )
    expect(markdownLine('a ` b @c')).toBe('a \\` b @\u200bc')
    expect(markdownLine('a ``` <b>')).toBe("a ' &lt;b>")
  })

  it('fences code longer than any fence in it', () => {
    expect(codeBlock(['x', '````', 'y'])).toEqual(['`````text', 'x', '````', 'y', '`````'])
  })

  it('shows a name with a backtick as code', () => {
    expect(code('a`b')).toBe('`` a`b ``')
    expect(code('a\u202eb')).toBe('`a\\u202eb`')
  })
})

describe('markers', () => {
  it.each([
    { kind: 'finding', key: '0123456789abcdef01234567' },
    { kind: 'summary' },
    { kind: 'answer', comment: '42' },
  ] as const)('are read as they are written: %o', (marker) => {
    expect(readMarker(`${markerLine(marker)}\nwhatever`)).toEqual(marker)
    expect(readMarker(`${markerLine(marker)}\r\nas GitHub gives what was typed in a browser`)).toEqual(marker)
  })

  it.each([
    'a comment\n<!-- kbuild-review summary -->',
    '> <!-- kbuild-review summary -->',
    '<!-- kbuild-review summary --> and more',
    '<!-- kbuild-review finding -->',
    '<!-- kbuild-review finding a b -->',
  ])('are in the first line alone and nothing else: %s', (body) => {
    expect(readMarker(body)).toBeNull()
  })
})
